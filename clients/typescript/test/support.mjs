// A network without a network: every socket the client opens is in the test's hands.
import { afterEach } from 'node:test'
import { PolywireClient } from '../dist/polywireClient.mjs'

const clients = []

// A client that is left alone would wait for its server, and the process with it.
afterEach(() => { for (const client of clients.splice(0)) client.removeAllListeners().disconnect() })

/** Lets everything run that waits for nothing but its turn. */
export const settled = () => new Promise(resolve => setImmediate(resolve))

/** How a promise stands: `pending`, its value, or its error. */
export async function stand (promise) {
  const pending = Symbol('pending')
  await settled()
  try {
    const value = await Promise.race([promise, Promise.resolve(pending)])
    return value === pending ? 'pending' : { value }
  } catch (error) {
    return { error }
  }
}

export class FakeSocket {
  sent = []
  closedWith = null
  constructor (network, url) { this.network = network; this.url = url }

  send (text) {
    if (this.closedWith) throw new Error('closed')
    const message = JSON.parse(text)
    this.sent.push(message)
    this.network.answer?.(this, message)
  }

  close (code) { this.closedWith = { code } }

  // What the server and the network do.
  open () { this.onopen?.({}) }
  say (message) { this.onmessage?.({ data: JSON.stringify(message) }) }
  raw (data) { this.onmessage?.({ data }) }
  cut (code = 1006, reason = '') { this.onclose?.({ code, reason }) }
  refuse (message) { this.onerror?.({ message }); this.onclose?.({ code: 1006, reason: '' }) }

  /** The requests of a kind, in the order they came. */
  asked (event) { return this.sent.filter(message => message.event === event) }
}

export class Network {
  sockets = []
  known = new Set()
  /** Answers as a server does; null to answer by hand. */
  answer = (socket, message) => {
    const { event, messageId, room } = message
    if (event === 'roomAdd' && this.known.has(room)) {
      (socket.rooms ??= []).push(room)
      socket.say({ context: 'response', status: 'OK', data: true, messageId })
    } else if (event === 'roomAdd') {
      socket.say({ context: 'response', status: 'Error: room does not exist', error: 'Error: room does not exist', messageId })
    } else if (event === 'roomLeave') {
      socket.rooms = (socket.rooms ?? []).filter(other => other !== room)
      socket.say({ context: 'response', status: 'OK', data: true, messageId })
    } else if (event === 'detailsView') {
      const data = { id: `c${this.sockets.indexOf(socket) + 1}`, fingerprint: 'f', rooms: [...(socket.rooms ?? [])] }
      socket.say({ context: 'response', status: 'OK', data, messageId })
    }
  }

  constructor (...rooms) {
    this.known = new Set(rooms)
    const network = this
    this.WebSocket = class extends FakeSocket {
      constructor (url) { super(network, url); network.sockets.push(this) }
    }
  }

  get last () { return this.sockets.at(-1) }

  client (options) {
    const client = new PolywireClient({ url: 'http://server.test:8080', webSocket: this.WebSocket, ...options })
    clients.push(client)
    client.seen = []
    const own = ['connected', 'disconnected', 'reconnecting', 'reconnect', 'timeout', 'error']
    for (const event of [...own, 'message', 'welcome', 'api', 'alert', 'say']) {
      client.on(event, value => client.seen.push([event, value]))
    }
    client.events = (...names) => client.seen.map(([event]) => event).filter(event => !names.length || names.includes(event))
    return client
  }

  /** A client that is connected. */
  async connected (options) {
    const client = this.client(options)
    const connecting = client.connect()
    this.last.open()
    await connecting
    return client
  }
}
