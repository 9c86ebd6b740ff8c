// Over a real wire: a server that speaks as Polywire does, and the package "ws" where Node has no WebSocket of its own.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, afterEach, before, test } from 'node:test'
import { WebSocket, WebSocketServer } from 'ws'
import { PolywireClient } from '../dist/polywireClient.mjs'

let server
let sockets
let url
let count = 0
const clients = []

before(async () => {
  const http = createServer((_request, response) => response.end('{"over":"http"}'))
  sockets = new WebSocketServer({ noServer: true })
  http.on('upgrade', (request, socket, head) => {
    if (request.url.startsWith('/refuse')) return socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, wire => serve(wire, request.url))
  })
  server = http
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${server.address().port}`
})

afterEach(() => { for (const client of clients.splice(0)) client.disconnect() })
after(() => { for (const wire of sockets.clients) wire.terminate(); server.closeAllConnections(); server.close() })

function serve (wire, address) {
  const id = `c${++count}`
  const rooms = []
  wire.send(JSON.stringify({ welcome: 'Hello!', context: 'api' }))
  wire.on('message', data => {
    const { event, messageId, room, params } = JSON.parse(data)
    const answer = fields => wire.send(JSON.stringify({ context: 'response', messageId, ...fields }))
    if (event === 'detailsView') answer({ status: 'OK', data: { id, fingerprint: 'f', rooms, address } })
    else if (event === 'roomAdd') { rooms.push(room); answer({ status: 'OK', data: true }) }
    else if (params?.action === 'cut') wire.terminate()
    else if (event === 'action') answer({ params })
  })
}

function client (options) {
  const made = new PolywireClient({ url, ...(!globalThis.WebSocket && { webSocket: WebSocket }), reconnect: { min: 1, max: 1 }, ...options })
  clients.push(made)
  return made
}

const next = (client, event) => new Promise(resolve => client.once(event, resolve))

test('connects, acts, is cut off, comes back and rejoins', async () => {
  const it = client()
  const welcome = next(it, 'welcome')
  const { data } = await it.connect()
  assert.match(data.address, /^\/primus\?_primuscb=[0-9a-z]+$/)
  assert.equal((await welcome).welcome, 'Hello!')
  assert.deepEqual((await it.action('echo', { text: 'ü\u2028' })).params, { text: 'ü\u2028', action: 'echo' })
  await it.roomAdd('lobby')
  const back = next(it, 'connected')
  await assert.rejects(it.action('cut'), /the connection was lost/)
  await back
  assert.notEqual(it.id, data.id)
  assert.deepEqual(it.rooms, ['lobby'])
  assert.deepEqual((await it.detailsView()).data.rooms, ['lobby'])
  it.disconnect()
  assert.deepEqual(await it.action('echo'), { over: 'http' })
})

test('a refused upgrade rejects with what is known of it', async () => {
  await assert.rejects(client({ path: '/refuse', reconnect: false }).connect(), /could not be reached/)
})

test('disconnect() in the middle of an attempt throws nothing later', async () => {
  const it = client({ webSocket: WebSocket })
  const connecting = it.connect()
  it.disconnect()
  await assert.rejects(connecting, /disconnect\(\) was called/)
  await new Promise(resolve => setImmediate(resolve))
})
