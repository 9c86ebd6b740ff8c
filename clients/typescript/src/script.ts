import { PolywireClient } from './PolywireClient.js'

const page: any = globalThis
page.PolywireClient = PolywireClient
// The names that pages written for ActionHero use.
for (const name of ['ActionheroClient', 'ActionheroWebsocketClient']) page[name] ??= PolywireClient
