// What the guide shows, run as it stands; and pages written for ActionHero.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { Chat, launch, open, until } from './support.mjs'

const read = path => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const blocks = (path, language) => [...read(path).matchAll(new RegExp('^```' + language + '\\n(.*?)^```', 'gms'))].map(([, code]) => code)

let browser
let chat
const opened = []

// The pages to show lie in a public folder of the sample's.
const folder = mkdtempSync(join(tmpdir(), 'polywire-guide-'))
const folders = { Polywire__PublicDirectories__0: join(dirname(process.env.POLYWIRE_CHAT), 'public'), Polywire__PublicDirectories__1: folder }

before(async () => { [chat, browser] = await Promise.all([Chat.start(folders), launch()]) })
after(async () => { await browser?.close(); await chat?.stop(); rmSync(folder, { recursive: true }) })
afterEach(async () => { for (const close of opened.splice(0).reverse()) await close() })

/** Serves a text as a page of the sample, and keeps what it prints. */
async function show (html) {
  const context = await browser.newContext()
  opened.push(() => context.close())
  const printed = []
  context.on('console', message => { if (message.type() === 'log') printed.push(message.text()) })
  const name = `shown${opened.length}-${Date.now()}.html`
  writeFileSync(join(folder, name), html)
  return { page: await open(browser, `${chat.url}/${name}`, {}, context), printed }
}

// A page finds the npm packages at the server: the client is the same file.
const packages = `<script type="importmap">{"imports": {
  "polywire-client": "/public/javascript/polywireClient.mjs",
  "ws": "data:text/javascript,export const WebSocket = globalThis.WebSocket"
}}</script>`

/** Runs code and compares what it prints, in any order, with what stands behind the arrows in it. */
async function run (code) {
  const expected = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, text]) => text)
  const { page, printed } = await show(`<!doctype html>${packages}<script type="module">${code.replaceAll('http://localhost:8080', chat.url)}\nwindow.done = true</script>`)
  await until(`"${code}" is through`, async () => page.faults.length > 0 || await page.evaluate(() => window.done))
  assert.deepEqual(page.faults, [])
  await until(`"${code}" prints what it says, not ${printed}`, () => printed.length >= expected.length)
  assert.deepEqual(printed.toSorted(), expected.toSorted())
}

test('the page of the guide runs', async () => {
  const [html] = blocks('docs/guide/browser-client.md', 'html')
  const { page, printed } = await show(html)
  await page.locator('#log li', { hasText: 'lobby: hello' }).waitFor()
  await until('the sum is printed', () => printed.length > 0)
  assert.match(printed[0], /result: 5/)
  assert.deepEqual(page.faults, [])
})

const [inNode, ...others] = blocks('docs/guide/browser-client.md', 'js')

test('the package\'s example of the guide runs', () => run(inNode))

for (const [n, code] of others.entries()) {
  test(`example ${n + 1} of the guide runs`, () => run(`
    import { PolywireClient } from 'polywire-client'
    const client = new PolywireClient()
    await client.connect()
    ${code}`))
}

for (const [file, name] of [['actionheroClient.js', 'ActionheroClient'], ['ActionheroWebsocketClient.min.js', 'ActionheroWebsocketClient']]) {
  test(`a page that loads ${file} works as it stands`, async () => {
    const { page, printed } = await show(`<!doctype html>
      <ul id="log"></ul>
      <script src="/public/javascript/${file}"></script>
      <script>
        var client = new ${name}()
        function print (text) { var line = document.createElement('li'); line.textContent = text; document.getElementById('log').appendChild(line) }
        client.on('connected', function () { print('connected') })
        client.on('welcome', function (message) { print(message.welcome) })
        client.on('say', function (message) { if (message.from === client.id) print(message.room + ' ' + message.message) })
        client.action('add', { a: 1, b: 1 }, function (data) { print('before: ' + data.result) })
        client.connect(function (error, details) {
          if (error) print(error)
          print(details.data.id === client.id)
          client.action('add', { a: 2, b: 3 }, function (data) { print('sum: ' + data.result) })
          client.action('add', function (data) { print(data.error) })
          client.roomAdd('lobby', function (data) {
            client.say('lobby', 'hello', function () {
              client.roomView('lobby', function (data) {
                print('members: ' + data.data.membersCount)
                client.roomLeave('lobby', function () { print('left: ' + client.rooms.length) })
              })
            })
          })
          client.file('icon.svg', function (data) { print(data.mime) })
        })
      </script>`)
    const lines = () => page.locator('#log li').allTextContents()
    const expected = ['connected', 'Hello! Welcome to the actionhero api', 'lobby hello', 'before: 2', 'true', 'sum: 5', 'a is a required parameter for this action', 'members: 1', 'left: 0', 'image/svg+xml']
    await until('all is answered', async () => (await lines()).length >= expected.length)
    assert.deepEqual((await lines()).toSorted(), expected.toSorted())
    assert.deepEqual([page.faults, printed], [[], []])
  })
}
