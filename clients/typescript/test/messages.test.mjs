import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Network, settled } from './support.mjs'

test('every message fires `message`, then its own event', async () => {
  const network = new Network()
  const client = await network.connected()
  client.on('custom', value => client.seen.push(['custom', value]))
  for (const [message, ...events] of [
    [{ context: 'api', welcome: 'Hello!' }, 'message', 'welcome'],
    [{ context: 'api', status: 'x' }, 'message', 'api'],
    [{ context: 'user', message: 'hi', room: 'r', from: 0 }, 'message', 'say'],
    [{ context: 'alert' }, 'message', 'alert'],
    [{ context: 'custom' }, 'message', 'custom', 'api'],
    [{ any: 'thing' }, 'message', 'api'],
    [{ context: 5 }, 'message', 'api'],
    [{ context: 'response', messageId: 'nobody' }, 'message'],
    [{ context: 'connected' }, 'message', 'api'],
    [{ context: 'message' }, 'message', 'api'],
    [{ context: '__proto__' }, 'message', 'api'],
    [null, 'message', 'api'],
    [[1], 'message', 'api'],
    ['primus::other::x', 'message', 'api']
  ]) {
    client.seen.length = 0
    network.last.say(message)
    assert.deepEqual(client.seen, events.map(event => [event, message]), JSON.stringify(message))
  }
  assert.equal(client.welcomeMessage, 'Hello!')
})

test('answers the heartbeat and hides control messages', async () => {
  const network = new Network()
  const client = await network.connected()
  client.seen.length = 0
  network.last.sent.length = 0
  network.last.say('primus::ping::1795237391716')
  network.last.say('primus::id::abc')
  network.last.say('primus::pong::5')
  assert.deepEqual(network.last.sent, ['primus::pong::1795237391716'])
  assert.deepEqual(client.seen, [])
})

test('the welcome may come before the details', async () => {
  const network = new Network()
  const client = network.client()
  client.connect(() => {})
  network.last.onopen = (open => event => { network.last.say({ context: 'api', welcome: 'w' }); open(event) })(network.last.onopen)
  network.last.open()
  assert.deepEqual([client.welcomeMessage, client.state], ['w', 'connected'])
})

test('what is no JSON is an error, not the end', async () => {
  const network = new Network()
  const client = await network.connected()
  client.seen.length = 0
  network.last.raw('{"half":')
  network.last.raw(new ArrayBuffer(3))
  network.last.say({ context: 'alert' })
  assert.deepEqual(client.events(), ['error', 'error', 'message', 'alert'])
  assert.equal(client.state, 'connected')
})

test('`error` without a listener is not thrown', async () => {
  const network = new Network()
  const client = await network.connected()
  client.removeAllListeners()
  network.last.raw('{')
  assert.equal(client.state, 'connected')
})

test('listeners: once, off, all, and one that throws', async t => {
  const uncaught = []
  const before = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', error => uncaught.push(error.message))
  t.after(() => { process.removeAllListeners('uncaughtException'); for (const listener of before) process.on('uncaughtException', listener) })
  const client = new Network().client()
  const seen = []
  const one = value => seen.push(['one', value])
  const two = value => seen.push(['two', value])
  assert.equal(client.on('x', one).once('x', two).on('x', () => { throw new Error('mine') }).addListener('x', one), client)
  assert.equal(client.emit('x', 1), true)
  assert.equal(client.emit('x', 2), true)
  assert.deepEqual(seen, [['one', 1], ['two', 1], ['one', 1], ['one', 2], ['one', 2]])
  client.off('x', one)
  client.removeListener('x', () => {})
  client.removeAllListeners('x')
  assert.equal(client.emit('x', 3), false)
  client.on('y', one).on('z', one).removeAllListeners()
  assert.equal(client.emit('y') || client.emit('z') || client.emit('__proto__'), false)
  assert.throws(() => client.on('x', null), /the listener for "x" is no function/)
  await settled()
  assert.deepEqual(uncaught, ['mine', 'mine'])
})

test('a listener that is removed or added meanwhile counts from the next time', () => {
  const client = new Network().client()
  const seen = []
  client.on('x', () => { seen.push('a'); client.off('x'); client.on('x', () => seen.push('c')) })
  client.on('x', () => seen.push('b'))
  client.emit('x')
  client.emit('x')
  assert.deepEqual(seen, ['a', 'b', 'c'])
})
