import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import vm from 'node:vm'
import { gzipSync } from 'node:zlib'
import * as module from '../dist/polywireClient.mjs'

const here = join(dirname(fileURLToPath(import.meta.url)), '..')
const files = ['polywireClient.d.ts', 'polywireClient.js', 'polywireClient.min.js', 'polywireClient.mjs']
const read = name => readFileSync(join(here, 'dist', name), 'utf8')

test('the committed files equal a fresh build', t => {
  const fresh = mkdtempSync(join(tmpdir(), 'polywire-client-'))
  t.after(() => rmSync(fresh, { recursive: true }))
  execFileSync(process.execPath, [join(here, 'build.mjs'), fresh], { stdio: 'inherit' })
  assert.deepEqual(readdirSync(join(here, 'dist')).sort(), files)
  for (const name of files) assert.equal(read(name), readFileSync(join(fresh, name), 'utf8'), `${name} is stale: run "npm run build"`)
})

test('the types are what a caller needs', () => {
  const tsc = join(here, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [tsc, '-p', join(here, 'test')], { stdio: 'inherit' })
})

test('it is small, and as small as the documents say', () => {
  const size = gzipSync(read('polywireClient.min.js'), { level: 9 }).length
  assert.ok(size < 6 * 1024)
  assert.ok(read('polywireClient.js').length < 40000)
  for (const document of ['clients/typescript/README.md', 'docs/guide/browser-client.md']) {
    const [, said] = readFileSync(join(here, '../..', document), 'utf8').match(/(\d\.\d) KB\s+compressed/)
    assert.equal(said, (size / 1000).toFixed(1), `${document} says ${said} KB, it is ${size} bytes`)
  }
})

test('each file has one place for the server\'s settings, and works without them', () => {
  for (const name of files.filter(name => !name.endsWith('.d.ts'))) assert.equal(read(name).split('{}/*polywire:options*/').length, 2, name)
})

for (const name of ['polywireClient.js', 'polywireClient.min.js']) {
  const load = (page, text = read(name)) => { vm.runInContext(text, vm.createContext(page)); return page }

  test(`${name} defines its name, and ActionHero's where they are free`, () => {
    const page = load({})
    assert.equal(typeof page.PolywireClient, 'function')
    assert.equal(page.ActionheroClient, page.PolywireClient)
    assert.equal(page.ActionheroWebsocketClient, page.PolywireClient)
    assert.deepEqual(Object.keys(page).sort(), ['ActionheroClient', 'ActionheroWebsocketClient', 'PolywireClient'])
    const taken = () => {}
    assert.equal(load({ ActionheroClient: taken }).ActionheroClient, taken)
  })

  test(`${name} takes the settings that a server puts in`, () => {
    const text = read(name).replace('{}/*polywire:options*/', '{"path":"/live","pingTimeout":7,"url":"http://other.test"}')
    const { PolywireClient } = load({ location: { origin: 'http://page.test' } }, text)
    const { options } = new PolywireClient({ pingTimeout: 8, apiPath: undefined })
    assert.deepEqual([options.path, options.pingTimeout, options.url, options.apiPath], ['/live', 8, 'http://other.test', '/api'])
    assert.equal(new (load({ location: { origin: 'http://page.test' } }).PolywireClient)().options.url, 'http://page.test')
  })
}

test('a page may change one part of how the server wants to be reconnected to', () => {
  const page = reconnect => {
    const globals = { location: { origin: 'http://page.test' } }
    const text = read('polywireClient.js').replace('{}/*polywire:options*/', JSON.stringify({ reconnect }))
    vm.runInContext(text, vm.createContext(globals))
    return options => JSON.parse(JSON.stringify(new globals.PolywireClient(options).options.reconnect))
  }
  const defaults = { min: 500, max: 30000, factor: 2, retries: 10 }
  assert.deepEqual(page({ min: 7 })({ reconnect: { retries: 3 } }), { ...defaults, min: 7, retries: 3 })
  assert.deepEqual(page({ min: 7 })({ reconnect: true }), { ...defaults, min: 7 })
  assert.deepEqual(page(false)({ reconnect: true }), defaults)
  assert.deepEqual(page(false)({ reconnect: { max: 9 } }), { ...defaults, max: 9 })
  assert.equal(page({ min: 7 })({ reconnect: false }), false)
  assert.equal(page(false)({}), false)
})

test('the module exports the class by name and as default, nothing else', () => {
  assert.deepEqual(Object.keys(module).sort(), ['PolywireClient', 'default'])
  assert.equal(module.default, module.PolywireClient)
})
