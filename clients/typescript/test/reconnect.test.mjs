import assert from 'node:assert/strict'
import { beforeEach, mock, test } from 'node:test'
import { backoffs } from './backoffs.mjs'
import { Network, stand } from './support.mjs'

beforeEach(t => {
  mock.timers.reset()
  mock.timers.enable({ apis: ['setTimeout'] })
})

test('comes back in the order that is promised', async () => {
  const network = new Network('lobby')
  const client = await network.connected({ reconnect: { min: 100, max: 100 } })
  await client.roomAdd('lobby')
  client.seen.length = 0
  const states = []
  for (const event of ['disconnected', 'reconnecting', 'reconnect', 'connected']) client.on(event, () => states.push(client.state))
  const sent = client.say('lobby', 'lost')
  sent.catch(() => client.seen.push(['rejected']))
  network.last.cut(1001, 'going')
  await assert.rejects(sent, /the connection was lost: going/)
  assert.deepEqual(client.seen.slice(0, 3), [
    ['disconnected', { code: 1001, reason: 'going' }], ['reconnecting', { attempt: 1, delay: 100 }], ['rejected']
  ])

  const kept = client.say('lobby', 'kept')
  mock.timers.tick(100)
  network.last.open()
  assert.deepEqual(network.last.sent.map(message => message.event), ['roomAdd', 'detailsView', 'say'])
  assert.deepEqual(client.events('reconnect', 'connected'), ['reconnect', 'connected'])
  assert.deepEqual(states, ['reconnecting', 'reconnecting', 'reconnecting', 'connected'])
  assert.deepEqual([client.id, client.rooms, client.state], ['c2', ['lobby'], 'connected'])
  network.last.say({ context: 'response', status: 'OK', messageId: network.last.asked('say')[0].messageId })
  assert.equal((await kept).status, 'OK')
})

test('never sends a request again', async () => {
  const network = new Network()
  const client = await network.connected({ reconnect: { min: 100, max: 100 } })
  const lost = client.action('buy')
  network.last.cut()
  await assert.rejects(lost, /the connection was lost/)
  mock.timers.tick(100)
  network.last.open()
  assert.deepEqual(network.last.sent.map(message => message.event), ['detailsView'])
})

test('says which room it could not join again', async () => {
  const network = new Network('lobby', 'kitchen')
  const client = await network.connected({ reconnect: { min: 100, max: 100 } })
  await client.roomAdd('lobby')
  await client.roomAdd('kitchen')
  network.known.delete('lobby')
  network.last.cut()
  mock.timers.tick(100)
  network.last.open()
  assert.deepEqual(client.rooms, ['kitchen'])
  const errors = client.seen.filter(([event]) => event === 'error').map(([, error]) => error.message)
  assert.deepEqual(errors, ['the room "lobby" could not be joined again'])
})

test('stays out of its rooms without `rejoin`', async () => {
  const network = new Network('lobby')
  const client = await network.connected({ rejoin: false, reconnect: { min: 100, max: 100 } })
  await client.roomAdd('lobby')
  network.last.cut()
  mock.timers.tick(100)
  network.last.open()
  assert.deepEqual([client.state, client.rooms], ['connected', []])
  assert.deepEqual(client.events('error'), [])
})

test('waits longer each time, never less than min nor more than max, and never all the same', async () => {
  for (const { options, random, expected } of backoffs) {
    const random_ = mock.method(Math, 'random', () => random)
    const network = new Network()
    const client = await network.connected({ reconnect: options })
    network.last.cut()
    for (let n = 0; n < expected.length; n++) {
      assert.deepEqual(client.seen.at(-1), ['reconnecting', { attempt: n + 1, delay: expected[n] }])
      mock.timers.tick(expected[n])
      network.last.refuse()
    }
    random_.mock.restore()
    client.disconnect()
  }
})

test('a success starts the count again', async () => {
  const network = new Network()
  const client = await network.connected({ reconnect: { min: 100, max: 100, retries: 1 } })
  for (let n = 0; n < 3; n++) {
    network.last.cut()
    assert.deepEqual(client.seen.at(-1), ['reconnecting', { attempt: 1, delay: 100 }])
    mock.timers.tick(100)
    network.last.open()
    assert.equal(client.state, 'connected')
  }
})

test('gives up at last and rejects what waits', async () => {
  const network = new Network()
  const client = await network.connected({ reconnect: { min: 100, max: 100, retries: 1 } })
  network.last.cut()
  const waiting = client.detailsView()
  mock.timers.tick(100)
  network.last.refuse('nobody there')
  assert.equal(client.state, 'disconnected')
  await assert.rejects(waiting, /nobody there/)
  assert.deepEqual(client.events('disconnected', 'error'), ['disconnected', 'error'])
  mock.timers.tick(100000)
  assert.equal(network.sockets.length, 2)
})

test('stays away when the server says so', async () => {
  const network = new Network()
  const client = await network.connected()
  const sent = client.send({ event: 'quit' })
  network.last.say('primus::server::close')
  network.last.cut(1000)
  assert.equal(client.state, 'disconnected')
  await assert.rejects(sent, /the server ended the connection/)
  mock.timers.tick(100000)
  assert.equal(network.sockets.length, 1)
  assert.deepEqual(client.events('disconnected', 'reconnecting', 'error'), ['disconnected'])
})

test('stays away when the server says so before the details', async () => {
  const network = new Network()
  network.answer = null
  const client = network.client()
  const connecting = client.connect()
  network.last.open()
  network.last.say('primus::server::close')
  await assert.rejects(connecting, /the server ended the connection/)
  mock.timers.tick(100000)
  assert.deepEqual([client.state, network.sockets.length], ['disconnected', 1])
})

for (const [how, end] of Object.entries({
  'a loss without `reconnect`': network => network.last.cut(),
  'the server\'s word': network => network.last.say('primus::server::close'),
  'its last attempt': (network, client) => {
    client.connect(() => {})
    network.last.refuse('nobody there')
  }
})) {
  test(`after ${how} requests are refused until connect() is called`, async () => {
    const network = new Network()
    const client = await network.connected({ reconnect: false, fallback: false })
    end(network, client)
    assert.equal(client.state, 'disconnected')
    for (const refused of [client.say('lobby', 'hello'), client.detailsView(), client.action('echo')]) {
      await assert.rejects(refused, /^Error: not connected: ./)
    }
    const connecting = client.connect()
    const waiting = client.detailsView()
    network.last.open()
    await connecting
    assert.equal((await waiting).data.id, client.id)
  })
}

test('after disconnect() requests wait as before the first connect()', async () => {
  const network = new Network()
  const client = await network.connected()
  client.disconnect()
  const waiting = client.detailsView()
  assert.equal(await stand(waiting), 'pending')
  client.connect(() => {})
  network.last.open()
  assert.equal((await waiting).data.id, 'c2')
})

test('does not come back without `reconnect`', async () => {
  const network = new Network()
  const client = await network.connected({ reconnect: false })
  network.last.cut()
  mock.timers.tick(100000)
  assert.deepEqual([client.state, network.sockets.length], ['disconnected', 1])
  assert.deepEqual(client.events('disconnected'), ['disconnected'])
})

test('a silent wire is dead, and any message is a life sign', async () => {
  const network = new Network()
  const client = await network.connected({ pingTimeout: 1000, reconnect: { min: 100, max: 100 } })
  for (const message of [{ context: 'alert' }, 'primus::ping::5', { context: 'user', message: 'x', room: 'r' }]) {
    mock.timers.tick(999)
    network.last.say(message)
  }
  mock.timers.tick(999)
  assert.equal(client.state, 'connected')
  mock.timers.tick(1)
  assert.equal(client.state, 'reconnecting')
  assert.match(client.seen.find(([event]) => event === 'disconnected')[1].reason, /no message within pingTimeout \(1000 ms\)/)
  assert.deepEqual(network.last.closedWith, { code: 1000 })
})

test('silence is no matter where pingTimeout is 0', async () => {
  const network = new Network()
  const client = await network.connected({ pingTimeout: 0 })
  mock.timers.tick(10 ** 9)
  assert.equal(client.state, 'connected')
})

test('`online` makes a waiting client try at once', async t => {
  const listeners = new Set()
  globalThis.addEventListener = (event, listener) => { assert.equal(event, 'online'); listeners.add(listener) }
  globalThis.removeEventListener = (_event, listener) => { listeners.delete(listener) }
  t.after(() => { delete globalThis.addEventListener; delete globalThis.removeEventListener })
  const online = () => { for (const listener of listeners) listener() }

  const network = new Network()
  const client = await network.connected()
  online()
  assert.equal(network.sockets.length, 1, 'not while connected')
  network.last.cut()
  online()
  assert.equal(network.sockets.length, 2)
  online()
  assert.equal(network.sockets.length, 2, 'not while an attempt is under way')
  network.last.open()
  assert.equal(client.state, 'connected')
  mock.timers.tick(44999)
  assert.equal(network.sockets.length, 2, 'the wait that was cut short does not come after all')
  client.disconnect()
  assert.equal(listeners.size, 0)
})

test('connect() cuts the wait short', async () => {
  const network = new Network()
  const client = await network.connected()
  network.last.cut()
  const again = client.connect()
  network.last.open()
  assert.equal((await again).data.id, 'c2')
  mock.timers.tick(40000)
  assert.equal(network.sockets.length, 2)
})

test('disconnect() ends the waiting', async () => {
  const network = new Network()
  const client = await network.connected()
  network.last.cut()
  const waiting = client.detailsView()
  client.disconnect()
  assert.equal(client.state, 'disconnected')
  await assert.rejects(waiting, /disconnect\(\) was called/)
  mock.timers.tick(10 ** 6)
  assert.equal(network.sockets.length, 1)
  assert.deepEqual(client.events('disconnected'), ['disconnected'], 'once for each loss')
})

test('a listener may disconnect or connect in the middle', async () => {
  for (const event of ['disconnected', 'reconnecting']) {
    const network = new Network()
    const client = await network.connected()
    client.on(event, () => client.disconnect())
    network.last.cut()
    mock.timers.tick(10 ** 6)
    assert.deepEqual([client.state, network.sockets.length], ['disconnected', 1], event)
  }
  for (const event of ['disconnected', 'reconnecting']) {
    const network = new Network()
    const client = await network.connected({ pingTimeout: 0 })
    client.once(event, () => client.connect(() => {}))
    network.last.cut()
    network.last.open()
    mock.timers.tick(10 ** 6)
    assert.deepEqual([client.state, network.sockets.length], ['connected', 2], event)
  }
  const network = new Network()
  const client = await network.connected()
  client.on('reconnect', () => client.disconnect())
  network.last.cut()
  mock.timers.tick(1000)
  network.last.open()
  assert.deepEqual([client.state, network.last.sent], ['disconnected', []])
})

test('a request made in between is told once', async () => {
  const network = new Network()
  const client = await network.connected({ requestTimeout: 50, reconnect: { min: 100, max: 100 } })
  let calls = 0
  client.send({ event: 'a' }, () => { calls++ })
  network.last.cut()
  mock.timers.tick(60)
  assert.equal(calls, 1)
  const late = client.detailsView()
  mock.timers.tick(50)
  await assert.rejects(late, /within requestTimeout \(50 ms\)/)
  network.last.open()
  assert.equal(network.last.asked('detailsView').length, 1, 'what has timed out is not sent')
  assert.equal(await stand(client.send({ event: 'slow' })), 'pending')
})
