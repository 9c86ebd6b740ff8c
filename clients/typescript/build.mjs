// Builds the files that are committed in dist: `node build.mjs [FOLDER]`.
import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const to = process.argv[2] ?? join(here, 'dist')
const banner = '/*! Polywire client | Apache-2.0 */\n'

// A server puts its settings in place of this; untouched it is an empty object.
const settings = '{}/*polywire:options*/'

async function script (name, entry, options) {
  const { outputFiles: [{ text }] } = await build({
    absWorkingDir: here, entryPoints: [`src/${entry}.ts`], bundle: true, write: false, target: 'es2022', charset: 'utf8', ...options
  })
  const parts = text.split('POLYWIRE_OPTIONS')
  if (parts.length !== 2) throw new Error(`${name} names POLYWIRE_OPTIONS ${parts.length - 1} times instead of once`)
  writeFileSync(join(to, name), banner + parts.join(settings))
}

// One file of types: the declarations of every module, without what ties them together.
function types (name) {
  const folder = mkdtempSync(join(tmpdir(), 'polywire-types-'))
  try {
    const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
    execFileSync(process.execPath, [tsc, '-p', here, '--outDir', folder], { stdio: 'inherit' })
    const parts = ['types', 'emitter', 'options', 'session', 'PolywireClient'].map(module =>
      readFileSync(join(folder, module + '.d.ts'), 'utf8')
        .replace(/^(import .*|export \{\};)\n/gm, '')
        .replace(/^export declare (abstract )?class (Emitter|Session)/m, 'declare $1class $2')
        .trim())
    writeFileSync(join(to, name), banner + parts.join('\n\n') + '\n\nexport default PolywireClient;\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

mkdirSync(to, { recursive: true })
types('polywireClient.d.ts')
await script('polywireClient.js', 'script', { format: 'iife' })
await script('polywireClient.min.js', 'script', { format: 'iife', minify: true })
await script('polywireClient.mjs', 'module', { format: 'esm' })
