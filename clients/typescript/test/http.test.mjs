import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { Network, stand } from './support.mjs'

let server
let url
let respond
const requests = []

before(async () => {
  server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    requests.push({ method: request.method, url: request.url, type: request.headers['content-type'], body })
    respond(response)
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${server.address().port}`
})

after(() => { server.closeAllConnections(); server.close() })

const json = (value, status = 200) => response => { response.statusCode = status; response.end(JSON.stringify(value)) }
const took = () => requests.splice(0)

test('an action goes over HTTP while not connected', async () => {
  respond = json({ ok: true })
  const client = new Network().client({ url })
  assert.deepEqual(await client.action('echo', { a: 1, deep: { b: null } }), { ok: true })
  const [{ body, ...request }] = took()
  assert.deepEqual(request, { method: 'POST', url: '/api?action=echo', type: 'application/json' })
  assert.deepEqual(JSON.parse(body), { a: 1, deep: { b: null }, action: 'echo' })
  assert.equal(client.state, 'disconnected')
})

test('GET carries the params in the query, encoded', async () => {
  respond = json({ ok: true })
  const client = new Network().client({ url, apiPath: '/v1/api' })
  await client.action('a&b', { httpMethod: 'get', x: '1 & ü', n: 5, list: [1], nothing: undefined, none: null })
  const [request] = took()
  assert.deepEqual([request.method, request.type, request.body], ['GET', undefined, ''])
  const { pathname, searchParams } = new URL(request.url, url)
  assert.equal(pathname, '/v1/api')
  assert.deepEqual([...searchParams], [['action', 'a&b'], ['x', '1 & ü'], ['n', '5'], ['list', '[1]'], ['none', 'null']])
})

test('the body counts whatever the status is', async () => {
  respond = json({ error: 'a is a required parameter for this action' }, 422)
  const client = new Network().client({ url })
  assert.deepEqual(await client.action('needsA'), { error: 'a is a required parameter for this action' })
  let got
  await new Promise(resolve => client.action('needsA', {}, (error, response) => { got = [error, response]; resolve() }))
  assert.deepEqual(got, ['a is a required parameter for this action', { error: 'a is a required parameter for this action' }])
  took()
})

test('an answer that is no JSON is an error with its text', async () => {
  respond = response => { response.statusCode = 502; response.statusMessage = 'Bad Gateway'; response.end('<h1>') }
  const client = new Network().client({ url })
  assert.deepEqual(await client.action('echo'), { error: { statusText: 'Bad Gateway', responseText: '<h1>' } })
  took()
})

test('a server that cannot be reached rejects with a reason', async () => {
  const closed = createServer()
  await new Promise(resolve => closed.listen(0, '127.0.0.1', resolve))
  const { port } = closed.address()
  await new Promise(resolve => closed.close(resolve))
  const client = new Network().client({ url: `http://127.0.0.1:${port}` })
  await assert.rejects(client.action('echo'), /the action "echo" could not be sent over HTTP/)
  const response = await new Promise(resolve => client.action('echo', {}, resolve))
  assert.match(response.error, /could not be sent over HTTP/)
})

test('an answer that is cut off rejects', async () => {
  respond = response => { response.writeHead(200, { 'content-length': 100 }); response.write('{"half":'); setImmediate(() => response.destroy()) }
  await assert.rejects(new Network().client({ url }).action('echo'), /could not be sent over HTTP/)
  took()
})

test('the time limit counts over HTTP too', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let arrived
  const there = new Promise(resolve => { arrived = resolve })
  respond = () => arrived()
  const client = new Network().client({ url, requestTimeout: 30 })
  const asked = client.action('slow')
  await there
  t.mock.timers.tick(30)
  await assert.rejects(asked, /no answer to the action "slow" within requestTimeout \(30 ms\)/)
  took()
})

test('without fallback an action waits for the connection', async () => {
  const network = new Network()
  const client = network.client({ url, fallback: false })
  const asked = client.action('echo', { a: 1 })
  assert.equal(await stand(asked), 'pending')
  client.connect(() => {})
  network.last.open()
  assert.deepEqual(network.last.asked('action'), [{ messageId: 2, event: 'action', params: { a: 1, action: 'echo' } }])
  network.last.say({ context: 'response', messageId: 2, ok: 1 })
  assert.equal((await asked).ok, 1)
  assert.deepEqual(took(), [])
})

test('actions take the wire again as soon as there is one', async () => {
  respond = json({ over: 'http' })
  const network = new Network()
  const client = network.client({ url })
  client.connect(() => {})
  assert.deepEqual(await client.action('a'), { over: 'http' })
  network.last.open()
  client.action('b', () => {})
  assert.equal(network.last.asked('action').length, 1)
  assert.equal(took().length, 1)
})

test('params that cannot be JSON reject', async () => {
  await assert.rejects(new Network().client({ url }).action('a', { n: 1n }), /BigInt/)
})
