import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Network, settled, stand } from './support.mjs'

const answer = (network, fields) => network.last.say({ context: 'response', ...fields })

test('sends what each method stands for', async () => {
  const network = new Network('a')
  const client = await network.connected()
  network.last.sent.length = 0
  const ignore = () => {}
  client.say('a', { deep: [1] }, ignore)
  client.roomView('a', ignore)
  client.roomAdd('a', ignore)
  client.roomLeave('a', ignore)
  client.detailsView(ignore)
  client.documentation(ignore)
  client.file('x/y.html', ignore)
  client.file('p.gif', { encoding: 'base64' }, ignore)
  client.send({ event: 'own', more: true }, ignore)
  client.send({}, ignore)
  client.action('echo', ignore)
  client.action('echo', { a: 1, httpMethod: 'GET' }, ignore)
  assert.deepEqual(network.last.sent, [
    { messageId: 2, event: 'say', room: 'a', message: { deep: [1] } },
    { messageId: 3, event: 'roomView', room: 'a' },
    { messageId: 4, event: 'roomAdd', room: 'a' },
    { messageId: 5, event: 'roomLeave', room: 'a' },
    { messageId: 6, event: 'detailsView' },
    { messageId: 7, event: 'documentation' },
    { messageId: 8, event: 'file', file: 'x/y.html' },
    { messageId: 9, event: 'file', file: 'p.gif', encoding: 'base64' },
    { messageId: 10, event: 'own', more: true },
    { messageId: 11 },
    { messageId: 12, event: 'action', params: { action: 'echo' } },
    { messageId: 13, event: 'action', params: { a: 1, action: 'echo' } }
  ])
  assert.equal(client.messageId, 13)
})

test('matches answers by id, in any order', async () => {
  const network = new Network()
  const client = await network.connected()
  const slow = client.action('slow')
  const fast = client.action('fast')
  answer(network, { messageId: 3, name: 'fast' })
  assert.equal((await fast).name, 'fast')
  assert.equal(await stand(slow), 'pending')
  answer(network, { messageId: 3, name: 'again' })
  answer(network, { messageId: 99, name: 'nobody' })
  answer(network, { name: 'no id' })
  answer(network, { messageId: 2, name: 'slow' })
  assert.equal((await slow).name, 'slow')
})

test('does not change the params', async () => {
  const network = new Network()
  const client = await network.connected()
  const params = Object.freeze({ a: 1, httpMethod: 'GET' })
  client.action('echo', params, () => {})
  assert.deepEqual(params, { a: 1, httpMethod: 'GET' })
})

test('keeps the caller\'s id, whatever it is', async () => {
  const network = new Network()
  const client = await network.connected()
  for (const messageId of ['mine', { a: [1] }, true, 0.5]) {
    const asked = client.action('echo', { messageId })
    assert.deepEqual(network.last.sent.at(-1).messageId, messageId)
    answer(network, { messageId, ok: true })
    assert.equal((await asked).ok, true)
  }
  const sent = client.send({ event: 'own', messageId: 'x' })
  answer(network, { messageId: 'x' })
  await sent
})

test('an id that the server would not return is not used', async () => {
  const network = new Network()
  const client = await network.connected()
  for (const messageId of [0, '', false, null]) {
    const asked = client.action('echo', { messageId })
    answer(network, { messageId: network.last.sent.at(-1).messageId, ok: true })
    assert.equal((await asked).ok, true)
  }
})

test('its own ids leave out those that are taken, and a doubled one is refused', async () => {
  const network = new Network()
  const client = await network.connected()
  const mine = client.action('a', { messageId: 2 })
  const own = client.action('b')
  assert.deepEqual(network.last.sent.slice(1).map(message => message.messageId), [2, 3])
  await assert.rejects(client.action('c', { messageId: 2 }), /messageId 2 has no answer yet/)
  answer(network, { messageId: 2, of: 'a' })
  answer(network, { messageId: 3, of: 'b' })
  assert.deepEqual([(await mine).of, (await own).of], ['a', 'b'])
})

test('a request that is refused is told once, whatever comes later', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const network = new Network()
  const client = await network.connected({ requestTimeout: 50, reconnect: false })
  const ends = []
  client.send({ event: 'a', messageId: 'x' }, answer => ends.push(answer))
  client.send({ event: 'b', messageId: 'x' }, answer => ends.push(answer))
  assert.match(ends[0].error, /messageId "x" has no answer yet/)
  answer(network, { messageId: 'x', of: 'a' })
  t.mock.timers.tick(50)
  network.last.close()
  client.send({ event: 'c' }, answer => ends.push(answer))
  network.last.cut()
  t.mock.timers.tick(50)
  assert.deepEqual(ends.slice(1).map(({ of, error }) => of ?? error), ['a', 'closed'])
})

test('the number 1 and the text 1 are two ids', async () => {
  const network = new Network()
  const client = await network.connected()
  const number = client.action('a', { messageId: 7 })
  const text = client.action('b', { messageId: '7' })
  answer(network, { messageId: '7', of: 'text' })
  answer(network, { messageId: 7, of: 'number' })
  assert.deepEqual([(await number).of, (await text).of], ['number', 'text'])
})

test('a promise resolves with an answer that has an error', async () => {
  const network = new Network()
  const client = await network.connected()
  const asked = client.action('needsA')
  answer(network, { messageId: 2, error: 'a is a required parameter for this action' })
  assert.equal((await asked).error, 'a is a required parameter for this action')
})

test('callbacks get (response), or (error, response) where they declare two', async () => {
  const network = new Network()
  const client = await network.connected()
  const got = []
  assert.equal(client.action('a', {}, function () { got.push([...arguments]) }), undefined)
  client.action('b', {}, (response) => { got.push([response]) })
  client.action('c', {}, (error, response) => { got.push([error, response]) })
  client.action('d', (error, response) => { got.push([error, response]) })
  for (let messageId = 2; messageId < 6; messageId++) answer(network, { messageId, ...(messageId === 5 && { error: { code: 1 } }) })
  const response = messageId => ({ context: 'response', messageId })
  assert.deepEqual(got, [[response(2)], [response(3)], [null, response(4)], [{ code: 1 }, { ...response(5), error: { code: 1 } }]])
})

test('callbacks are told when no answer can come', async () => {
  const network = new Network()
  const client = await network.connected({ reconnect: false })
  const got = []
  client.action('a', response => { got.push(response) })
  client.action('b', (error, response) => { got.push(error, response) })
  network.last.cut()
  const error = 'the connection was lost'
  assert.deepEqual(got, [{ error }, error, { error }])
})

test('a callback that throws stops nothing', async t => {
  const network = new Network()
  const client = await network.connected()
  const uncaught = []
  const listeners = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', error => uncaught.push(error.message))
  t.after(() => { process.removeAllListeners('uncaughtException'); for (const listener of listeners) process.on('uncaughtException', listener) })
  client.action('a', () => { throw new Error('mine') })
  const other = client.action('b')
  answer(network, { messageId: 2 })
  answer(network, { messageId: 3, ok: true })
  assert.equal((await other).ok, true)
  await settled()
  assert.deepEqual(uncaught, ['mine'])
})

test('keeps the rooms in step with the answers', async () => {
  const network = new Network('a', '5')
  const client = await network.connected()
  await client.roomAdd('a')
  await client.roomAdd('a')
  assert.deepEqual(client.rooms, ['a'])
  assert.match((await client.roomAdd('nope')).error, /does not exist/)
  assert.deepEqual(client.rooms, ['a'])
  let then
  client.roomAdd(5, () => { then = client.rooms })
  network.last.say({ context: 'response', status: 'OK', data: true, messageId: 5 })
  assert.deepEqual(then ?? client.rooms, client.rooms)
  await client.roomLeave('a')
  assert.ok(!client.rooms.includes('a'))
  const view = client.detailsView()
  assert.deepEqual((await view).data.rooms, client.rooms)
})

test('requests wait for the connection, in order', async () => {
  const network = new Network('a')
  const client = network.client()
  const early = client.roomAdd('a')
  const named = client.send({ event: 'own', messageId: 'x' })
  client.connect(() => {})
  const later = client.say('a', 'hi')
  network.last.open()
  assert.deepEqual(network.last.sent, [
    { messageId: 1, event: 'detailsView' },
    { messageId: 2, event: 'roomAdd', room: 'a' },
    { messageId: 'x', event: 'own' },
    { messageId: 3, event: 'say', room: 'a', message: 'hi' }
  ])
  assert.equal((await early).status, 'OK')
  answer(network, { messageId: 'x' })
  answer(network, { messageId: 3 })
  await Promise.all([named, later])
})

test('what a `connected` listener asks comes after what waited', async () => {
  const network = new Network()
  const client = network.client()
  client.send({ event: 'first' }, () => {})
  client.on('connected', () => client.send({ event: 'second' }, () => {}))
  client.connect(() => { client.send({ event: 'third' }, () => {}) })
  network.last.open()
  assert.deepEqual(network.last.sent.map(message => message.event), ['detailsView', 'first', 'second', 'third'])
})

test('a request is kept as it was when it was made', async () => {
  const network = new Network()
  const client = network.client()
  const message = { event: 'own', deep: { a: 1 } }
  client.send(message, () => {})
  message.deep.a = 2
  client.connect(() => {})
  network.last.open()
  assert.deepEqual(network.last.sent[1], { messageId: 2, event: 'own', deep: { a: 1 } })
})

test('more requests than queueSize are refused', async () => {
  const network = new Network()
  const client = network.client({ queueSize: 2 })
  const kept = [client.send({ event: 'a' }), client.send({ event: 'b' })]
  await assert.rejects(client.send({ event: 'c' }), /queueSize \(2\) requests are waiting already/)
  client.connect(() => {})
  network.last.open()
  assert.deepEqual(network.last.sent.map(message => message.event), ['detailsView', 'a', 'b'])
  answer(network, { messageId: 2 })
  answer(network, { messageId: 3 })
  await Promise.all(kept)
})

test('a request that cannot be sent is refused, not lost', async () => {
  const network = new Network()
  const client = await network.connected()
  const circle = {}
  circle.circle = circle
  await assert.rejects(client.send(circle), /circular/i)
  await assert.rejects(client.send(null), /a request is an object/)
  await assert.rejects(client.action('a', { n: 1n }), /BigInt/)
  client.disconnect()
  await assert.rejects(client.send(circle), /circular/i)
})

test('an answer may have a time limit', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const network = new Network()
  const client = await network.connected({ requestTimeout: 100 })
  const late = client.action('slow')
  const soon = client.action('fast')
  t.mock.timers.tick(99)
  answer(network, { messageId: 3 })
  t.mock.timers.tick(1)
  await assert.rejects(late, /no answer to "action" within requestTimeout \(100 ms\)/)
  await soon
  answer(network, { messageId: 2 })
  assert.equal(client.state, 'connected')
})

test('an id whose time ran out is taken until its answer comes or the connection ends', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const network = new Network()
  const client = await network.connected({ requestTimeout: 100, reconnect: { min: 1, max: 1 } })
  const ask = of => client.action(of, { messageId: 'mine' })
  const first = ask('first')
  t.mock.timers.tick(100)
  await assert.rejects(first, /within requestTimeout/)
  await assert.rejects(ask('early'), /messageId "mine" has no answer yet/)
  answer(network, { messageId: 'mine', of: 'first' })
  const second = ask('second')
  answer(network, { messageId: 'mine', of: 'second' })
  assert.equal((await second).of, 'second')

  const third = ask('third')
  t.mock.timers.tick(100)
  await assert.rejects(third, /within requestTimeout/)
  network.last.cut()
  t.mock.timers.tick(10)
  network.last.open()
  const fourth = ask('fourth')
  answer(network, { messageId: 'mine', of: 'fourth' })
  assert.equal((await fourth).of, 'fourth')
})

test('its own ids leave out those whose time ran out', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const network = new Network()
  const client = await network.connected({ requestTimeout: 100 })
  const late = client.action('a', { messageId: 2 })
  t.mock.timers.tick(100)
  await assert.rejects(late, /within requestTimeout/)
  const next = client.action('b')
  assert.equal(network.last.sent.at(-1).messageId, 3)
  answer(network, { messageId: 2, of: 'a' })
  answer(network, { messageId: 3, of: 'b' })
  assert.equal((await next).of, 'b')
})

test('of the ids whose time ran out the last thousand are remembered', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const network = new Network()
  const client = await network.connected({ requestTimeout: 100 })
  for (let n = 0; n <= 1000; n++) client.send({ event: 'lost', messageId: `x${n}` }, () => {})
  t.mock.timers.tick(100)
  const again = messageId => client.send({ event: 'again', messageId })
  await assert.rejects(again('x1'), /messageId "x1" has no answer yet/)
  const oldest = again('x0')
  answer(network, { messageId: 'x0' })
  await oldest
})
