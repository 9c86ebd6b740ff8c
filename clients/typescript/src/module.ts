export { PolywireClient, PolywireClient as default } from './PolywireClient.js'
