// What goes over a real wire, once more with the WebSocket of Node's own, which Node 20 has behind a flag.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const flag = '--experimental-websocket'
const skip = globalThis.WebSocket ? 'wire.test.mjs has it already' : !process.allowedNodeEnvironmentFlags.has(flag) && 'this Node has none'

test('works with the WebSocket of Node\'s own', { skip }, () => {
  const run = (...rest) => spawnSync(process.execPath, [flag, ...rest], { encoding: 'utf8', env: { ...process.env, NODE_TEST_CONTEXT: undefined } })
  assert.equal(run('-p', 'typeof WebSocket').stdout, 'function\n')
  const { status, stdout } = run(fileURLToPath(new URL('wire.test.mjs', import.meta.url)))
  assert.equal(status, 0, stdout)
  assert.match(stdout, /^# pass [1-9]/m)
})
