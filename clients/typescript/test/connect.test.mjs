import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Network, settled, stand } from './support.mjs'

test('connects, asks for details and keeps them', async () => {
  const network = new Network()
  const client = network.client()
  assert.equal(client.state, 'disconnected')
  const connecting = client.connect()
  assert.equal(client.state, 'connecting')
  network.last.open()
  const details = await connecting
  assert.equal(client.state, 'connected')
  assert.deepEqual(network.last.sent, [{ messageId: 1, event: 'detailsView' }])
  assert.deepEqual([client.id, client.fingerprint, client.rooms, client.details], ['c1', 'f', [], details])
  assert.deepEqual(client.events('connected', 'disconnected', 'reconnect', 'error'), ['connected'])
})

test('gives a callback (error, details), however many parameters it declares', async () => {
  const network = new Network()
  const client = network.client()
  let got
  assert.equal(client.connect((...values) => { got = values }), undefined)
  network.last.open()
  assert.equal(got[0], null)
  assert.equal(got[1].data.id, 'c1')

  const other = new Network().client({ reconnect: false })
  other.connect((...values) => { got = values })
  other.disconnect()
  assert.deepEqual(got, ['disconnect() was called', { error: 'disconnect() was called' }])
})

test('asks for the Primus dialect at the configured place', async () => {
  const network = new Network()
  network.client({ url: 'https://host.test/?tenant=a%20b', path: '/live' }).connect(() => {})
  const url = new URL(network.last.url)
  assert.equal(url.origin + url.pathname, 'wss://host.test/live')
  assert.match(url.search, /^\?tenant=a%20b&_primuscb=[0-9a-z]+$/)
  network.client({ url: 'ws://other.test:81' }).connect(() => {})
  assert.match(network.last.url, /^ws:\/\/other\.test:81\/primus\?_primuscb=/)
})

test('passes the cookie on, encoded', t => {
  const network = new Network()
  globalThis.document = { cookie: 'a=1; sessionID=x&y=%20; sessionIDs=no' }
  t.after(() => { delete globalThis.document })
  network.client().connect(() => {})
  assert.match(network.last.url, /\?sessionID=x%26y%3D%2520&_primuscb=/)
  network.client({ cookieKey: 'none' }).connect(() => {})
  assert.match(network.last.url, /\?_primuscb=/)
  network.client({ cookieKey: '' }).connect(() => {})
  assert.match(network.last.url, /\?_primuscb=/)
})

test('tries the first connect again', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  t.mock.method(Math, 'random', () => 0.5)
  const network = new Network()
  const client = network.client()
  const connecting = client.connect()
  network.last.refuse('connect ECONNREFUSED')
  assert.equal(await stand(connecting), 'pending')
  assert.equal(client.state, 'connecting')
  assert.deepEqual(client.seen.at(-1), ['reconnecting', { attempt: 1, delay: 750 }])
  t.mock.timers.tick(749)
  assert.equal(network.sockets.length, 1)
  t.mock.timers.tick(1)
  assert.equal(network.sockets.length, 2)
  network.last.refuse()
  assert.deepEqual(client.seen.at(-1), ['reconnecting', { attempt: 2, delay: 1500 }])
  t.mock.timers.tick(1500)
  network.last.open()
  await connecting
  assert.equal(client.state, 'connected')
  assert.deepEqual(client.events('disconnected', 'reconnect', 'error'), ['error', 'error'])
})

test('gives up after the last retry, and says why', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const network = new Network()
  const client = network.client({ reconnect: { retries: 2, min: 10 } })
  const connecting = client.connect()
  const waiting = client.detailsView()
  for (let n = 1; n <= 3; n++) {
    assert.equal(network.sockets.length, n)
    network.last.refuse('connect ECONNREFUSED')
    t.mock.timers.tick(100)
  }
  assert.equal(network.sockets.length, 3)
  assert.equal(client.state, 'disconnected')
  await assert.rejects(connecting, /could not be reached: connect ECONNREFUSED/)
  await assert.rejects(waiting, /could not be reached/)
})

test('does not try again without `reconnect`', async () => {
  const network = new Network()
  const client = network.client({ reconnect: false })
  const connecting = client.connect()
  network.last.refuse()
  await assert.rejects(connecting)
  assert.deepEqual(client.events(), ['error'])
  assert.equal(network.sockets.length, 1)
})

test('an attempt has a time limit, and the state tells of the last one', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const network = new Network()
  const client = network.client({ timeout: 200, reconnect: { retries: 1, min: 10, max: 10 } })
  const connecting = client.connect()
  t.mock.timers.tick(200)
  assert.equal(client.state, 'connecting')
  assert.deepEqual(client.events(), ['timeout', 'error', 'reconnecting'])
  assert.deepEqual(network.sockets[0].closedWith, { code: 1000 })
  t.mock.timers.tick(10)
  t.mock.timers.tick(200)
  assert.equal(client.state, 'timeout')
  await assert.rejects(connecting, /did not answer within timeout \(200 ms\)/)
})

test('the time limit covers the details too', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const network = new Network()
  network.answer = null
  const client = network.client({ timeout: 200, reconnect: false })
  const connecting = client.connect()
  network.last.open()
  t.mock.timers.tick(200)
  await assert.rejects(connecting, /within timeout/)
  assert.equal(client.state, 'timeout')
})

test('what a given-up attempt still says is not heard', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const network = new Network()
  const client = network.client({ timeout: 200, reconnect: { min: 10, max: 10 } })
  const connecting = client.connect()
  t.mock.timers.tick(200)
  t.mock.timers.tick(10)
  network.sockets[0].open()
  network.sockets[0].say({ context: 'alert' })
  network.sockets[0].cut()
  assert.equal(await stand(connecting), 'pending')
  assert.deepEqual(client.events('alert', 'connected'), [])
  network.last.open()
  await connecting
  assert.equal(client.id, 'c2')
})

test('details that fail are no connection', async () => {
  const network = new Network()
  network.answer = (socket, { messageId }) => socket.say({ context: 'response', messageId, error: 'Error: no' })
  const client = network.client({ reconnect: false })
  const connecting = client.connect()
  network.last.open()
  await assert.rejects(connecting, /the server gave no details: Error: no/)
  assert.equal(client.state, 'disconnected')
})

test('says at once what cannot work', async () => {
  const network = new Network()
  for (const [options, reason] of [[{ url: undefined }, /set the option "url"/], [{ url: 'http://' }, /"url" is no address: http:\/\//]]) {
    const { PolywireClient } = await import('../dist/polywireClient.mjs')
    const client = new PolywireClient({ webSocket: network.WebSocket, ...options })
    await assert.rejects(client.connect(), reason)
    assert.equal(client.state, 'disconnected')
  }
  if (!globalThis.WebSocket) await assert.rejects(network.client({ webSocket: undefined }).connect(), /option "webSocket"/)
})

test('two calls while connecting share one attempt', async () => {
  const network = new Network()
  const client = network.client()
  const both = Promise.all([client.connect(), client.connect()])
  assert.equal(network.sockets.length, 1)
  network.last.open()
  const [first, second] = await both
  assert.equal(first, second)
})

test('called while connected it starts afresh, and rejoins', async () => {
  const network = new Network('lobby')
  const client = await network.connected()
  await client.roomAdd('lobby')
  const lost = client.send({ event: 'slow' })
  const again = client.connect()
  assert.equal(client.state, 'connecting')
  assert.deepEqual(network.sockets[0].closedWith, { code: 1000 })
  await assert.rejects(lost, /connect\(\) was called again/)
  network.last.open()
  assert.equal((await again).data.id, 'c2')
  assert.deepEqual(client.rooms, ['lobby'])
  assert.deepEqual(client.events('connected', 'disconnected', 'reconnect'), ['connected', 'disconnected', 'connected'])
})

test('joins rooms that were set before', async () => {
  const network = new Network('lobby')
  const client = network.client()
  client.rooms = ['lobby', 'gone']
  client.connect(() => {})
  network.last.open()
  assert.deepEqual(client.rooms, ['lobby'])
  assert.match(client.seen.find(([event]) => event === 'error')[1].message, /"gone" could not be joined again/)
})

test('disconnect() is over at once and rejects what waits', async () => {
  const network = new Network()
  const client = await network.connected()
  const sent = client.send({ event: 'slow' })
  client.disconnect()
  assert.equal(client.state, 'disconnected')
  assert.deepEqual(client.events('connected', 'disconnected'), ['connected', 'disconnected'])
  assert.deepEqual(network.last.closedWith, { code: 1000 })
  await assert.rejects(sent, /disconnect\(\) was called/)
  network.last.cut()
  client.disconnect()
  await settled()
  assert.deepEqual(client.events('disconnected', 'reconnecting'), ['disconnected'])
  assert.equal(network.sockets.length, 1)
})

test('disconnect() while connecting ends the attempt', async () => {
  const network = new Network()
  const client = network.client()
  const connecting = client.connect()
  client.disconnect()
  await assert.rejects(connecting, /disconnect\(\) was called/)
  assert.equal(client.state, 'disconnected')
  network.last.open()
  assert.equal(client.state, 'disconnected')
  assert.deepEqual(network.last.sent, [])
})

test('connect() after disconnect() works', async () => {
  const network = new Network('lobby')
  const client = await network.connected()
  await client.roomAdd('lobby')
  client.disconnect()
  const again = client.connect()
  network.last.open()
  await again
  assert.deepEqual([client.id, client.rooms], ['c2', ['lobby']])
})

test('an attempt that fails with an error alone has failed', async () => {
  const network = new Network()
  const client = network.client({ reconnect: false })
  const connecting = client.connect()
  network.last.onerror({ message: 'refused' })
  await assert.rejects(connecting, /could not be reached: refused/)
  network.last.cut()
  assert.deepEqual(client.events('error', 'disconnected'), ['error'])
})
