// The clients that are in the field, as they are on npm, against the conformance app.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'

const require = createRequire(import.meta.url)
const app = process.env.POLYWIRE_APP
let server
let port

const freePort = () => new Promise((resolve, reject) => {
  const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
    const { port } = probe.address()
    probe.close(() => resolve(port))
  })
})

before(async () => {
  port = await freePort()
  const web = await freePort()
  server = spawn('dotnet', [app], { env: { ...process.env, PORT: String(web), TCP_PORT: String(port) }, stdio: ['ignore', 'ignore', 'inherit'] })
  await accepting(port)
})

after(() => { server?.kill('SIGTERM') })

async function accepting (port) {
  const { connect } = await import('node:net')
  for (let i = 0; i < 200; i++) {
    const ok = await new Promise((resolve) => {
      const probe = connect({ port, host: '127.0.0.1' }, () => { probe.destroy(); resolve(true) }).once('error', () => resolve(false))
    })
    if (ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the app does not accept on port ${port}`)
}

async function session (Client) {
  const client = new Client()
  const said = new Promise((resolve) => client.on('say', resolve))
  const ended = new Promise((resolve) => client.on('end', resolve))
  client.on('timeout', (what) => assert.fail(`timeout: ${JSON.stringify(what)}`))
  await client.connect({ host: '127.0.0.1', port, timeout: 5000 })
  assert.ok(client.id)

  const random = await client.action('randomNumber')
  assert.equal(random.error, null)
  assert.equal(typeof random.data.randomNumber, 'number')

  await client.paramAdd('key', 'v1')
  assert.equal((await client.paramView('key')).data.data, 'v1')
  await client.paramsDelete()

  const cached = await client.actionWithParams('cacheTest', { key: 'k', value: 'v' })
  assert.equal(cached.error, null)
  assert.equal(cached.data.cacheTestResults.saveResp, true)
  const missing = await client.actionWithParams('cacheTest', { key: 'k' })
  assert.equal(missing.error.message, 'value is a required parameter for this action')

  assert.equal((await client.roomAdd('defaultRoom')).data.status, 'OK')
  assert.equal((await client.say('defaultRoom', 'hello there')).data.status, 'OK')
  assert.equal((await said).message, 'hello there')
  assert.equal((await client.roomView('defaultRoom')).data.data.membersCount, 1)
  assert.equal((await client.roomLeave('defaultRoom')).data.status, 'OK')

  await client.disconnect().catch(() => {})
  await ended
}

test('actionhero-client 6 runs a whole session', () => session(require('actionhero-client')))
test('actionhero-node-client 8 runs a whole session', () => {
  const module = require('actionhero-node-client')
  return session(module.default ?? module)
})
