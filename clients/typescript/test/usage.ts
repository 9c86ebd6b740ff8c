// Never run: that it compiles shows that the types hold what the guide promises.
import Default, { PolywireClient, type Answer, type ChatMessage, type ClientState, type Details } from '../dist/polywireClient.js'

const client: PolywireClient = new Default({ url: 'http://localhost:8080', reconnect: { retries: Infinity }, queueSize: 5 })
client.on('say', message => { const said: ChatMessage = message; return said.room })
client.once('reconnecting', ({ attempt, delay }) => attempt + delay)
client.on('prices', (tick: { price: number }) => tick.price).off('prices')

const state: ClientState = client.state
// @ts-expect-error the state is read only
client.state = state
// @ts-expect-error there is no such option
new PolywireClient({ retries: 3 })

const details: Details = await client.connect()
const { sum } = await client.action<{ sum: number }>('add', { a: 1, b: 2 })
const doubled: number = sum * 2
client.action('add', { a: 1 }, (error, response) => [error, response, doubled])
client.say('lobby', 'hi', response => response.status)
const file: Answer = await client.file('logo.png', { encoding: 'base64' })
client.connect((error, again) => [error, again.data.id, details.data.id, file.content])
