// The package as npm would publish it.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const here = join(dirname(fileURLToPath(import.meta.url)), '..')
let work
let packed

before(() => {
  work = mkdtempSync(join(tmpdir(), 'polywire-package-'))
  const [pack] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', work], { cwd: here, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  packed = pack
  const home = join(work, 'node_modules/polywire-client')
  mkdirSync(home, { recursive: true })
  execFileSync('tar', ['-xzf', join(work, pack.filename), '-C', home, '--strip-components=1'])
  writeFileSync(join(work, 'package.json'), '{"type":"module"}')
})

after(() => rmSync(work, { recursive: true }))

const run = (...words) => execFileSync(process.execPath, words, { cwd: work, encoding: 'utf8' })

test('holds what a user needs and nothing else', () => {
  assert.deepEqual(packed.files.map(({ path }) => path).sort(), [
    'LICENSE', 'README.md', 'dist/polywireClient.d.ts', 'dist/polywireClient.js', 'dist/polywireClient.min.js', 'dist/polywireClient.mjs', 'package.json'
  ])
  const { dependencies, peerDependencies, scripts } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
  assert.deepEqual([dependencies, peerDependencies], [undefined, undefined])
  assert.deepEqual(Object.keys(scripts).filter(name => /install|prepare/.test(name)), [], 'nothing runs where it is installed')
})

test('carries the project\'s licence', () => {
  assert.equal(readFileSync(join(here, 'LICENSE'), 'utf8'), readFileSync(join(here, '../../LICENSE'), 'utf8'))
})

test('is imported by its name', () => {
  writeFileSync(join(work, 'use.mjs'), `
    import Default, { PolywireClient } from 'polywire-client'
    console.log(Default === PolywireClient, new PolywireClient({ url: 'http://localhost' }).state)`)
  assert.equal(run('use.mjs'), 'true disconnected\n')
})

test('has scripts whose names a bundler keeps', () => {
  writeFileSync(join(work, 'script.mjs'), `
    await import(process.argv[2])
    console.log(typeof PolywireClient, ActionheroClient === PolywireClient)`)
  for (const name of ['polywire-client/script', 'polywire-client/script.min']) assert.equal(run('script.mjs', name), 'function true\n')
  const bundler = join(here, 'node_modules/esbuild/bin/esbuild')
  writeFileSync(join(work, 'bundle.mjs'), 'import "polywire-client/script"\nconsole.log(typeof PolywireClient)')
  execFileSync(bundler, ['bundle.mjs', '--bundle', '--format=esm', '--outfile=bundled.mjs', '--log-level=error'], { cwd: work, stdio: 'inherit' })
  assert.equal(run('bundled.mjs'), 'function\n')
})

test('has types that Node\'s and a bundler\'s resolution find', () => {
  writeFileSync(join(work, 'use.ts'), `
    import Default, { PolywireClient, type Answer, type ClientOptions } from 'polywire-client'
    const options: ClientOptions = { url: 'http://localhost', reconnect: false }
    const answer: Answer = await new PolywireClient(options).action('add')
    const state: 'connected' | 'disconnected' | 'connecting' | 'reconnecting' | 'timeout' = new Default().state
    export { answer, state }`)
  const tsc = join(here, 'node_modules/typescript/bin/tsc')
  for (const [module, resolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']]) {
    run(tsc, 'use.ts', '--noEmit', '--strict', '--target', 'es2022', '--module', module, '--moduleResolution', resolution, '--ignoreConfig')
  }
})
