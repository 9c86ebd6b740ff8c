// The live view, as a developer uses it.
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { Chat, Lines, accessible, launch, open, until } from './support.mjs'

let browser
let chat
const opened = []

before(async () => { [chat, browser] = await Promise.all([Chat.start({ Polywire__LiveView__Interval: '00:00:00.2' }), launch()]) })
after(async () => { await browser?.close(); await chat?.stop() })
afterEach(async () => { for (const close of opened.splice(0).reverse()) await close() })

async function view (options) {
  const page = await open(browser, chat.url + '/polywire/live', options)
  opened.push(() => page.context().close())
  await shows(page, '#connections', '(this page)')
  return page
}

const shows = (page, table, text) => page.locator(`${table} td`, { hasText: text }).first().waitFor()

test('shows who is connected, over what, and which rooms they are in', async () => {
  const page = await view()
  const lines = new Lines(chat.tcp)
  opened.push(() => lines.end())
  lines.send('roomAdd kitchen')
  await shows(page, '#transports', 'socket')
  await until('the room has a member', async () => (await page.locator('#rooms tr').allTextContents()).includes('kitchen1'))
  assert.equal(await page.innerText('#state-text'), 'Live')
  assert.equal(await page.innerText('#connections-now'), '2')
  lines.end()
  await until('the line client is gone', async () => await page.innerText('#connections-now') === '1')
  assert.deepEqual(page.faults, [])
})

test('shows what runs, how fast, and what fails', async () => {
  const page = await view()
  for (let n = 0; n < 20; n++) await fetch(`${chat.url}/api/add?a=1&b=2`)
  await shows(page, '#actions', 'add')
  await shows(page, '#transports', 'web')
  const row = page.locator('#actions tr', { hasText: 'add' })
  assert.match(await row.innerText(), / ms/)
  const failing = setInterval(() => fetch(`${chat.url}/api/add?a=x`).catch(() => {}), 100)
  opened.push(() => clearInterval(failing))
  await page.locator('#actions .alarm').first().waitFor()
  await until('the runs of the minute are counted', async () => Number((await row.locator('td').nth(2).innerText())) > 20)
})

test('an empty table is one line, and one that is wider than a phone says so', async () => {
  const page = await view({ viewport: { width: 390, height: 800 } })
  await until('an empty table is one line', () => page.evaluate(() => {
    const cell = document.querySelector('td.none')
    return cell && cell.colSpan === cell.closest('table').tHead.rows[0].cells.length
  }))
  await page.locator('#connections').locator('xpath=..').and(page.locator('.wide')).waitFor()
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.locator('.wide').first().waitFor({ state: 'detached' })
})

test('comes back after a restart', async () => {
  const page = await view()
  await chat.stop()
  await page.waitForSelector('[data-state=reconnecting]')
  assert.match(await page.innerText('#state-text'), /^Connection lost/)
  await page.evaluate(() => { document.querySelector('#connections').replaceChildren() })
  await chat.start()
  await page.waitForSelector('[data-state=connected]')
  await shows(page, '#connections', '(this page)')
})

test('can be paused', async () => {
  const page = await view()
  await page.click('#pause')
  assert.equal(await page.getAttribute('#pause', 'aria-pressed'), 'true')
  await page.evaluate(() => { document.querySelector('#connections').replaceChildren() })

  // What another page is shown twice has come to this one.
  const other = await view()
  for (let times = 0; times < 2; times++) {
    await other.evaluate(() => { document.querySelector('#connections').replaceChildren() })
    await shows(other, '#connections', '(this page)')
  }
  assert.equal(await page.locator('#connections tr').count(), 0)
  await page.click('#pause')
  await shows(page, '#connections', '(this page)')
})

test('what the application says where pages come and go does not reach it', async () => {
  const page = await view()
  const other = await view()
  await until('both are shown', async () => await page.innerText('#connections-now') === '2')
  await other.context().close()
  await until('the other is gone', async () => await page.innerText('#connections-now') === '1')
  assert.deepEqual(page.faults, [])
})

test('another page cannot look', async () => {
  const page = await open(browser, chat.url)
  opened.push(() => page.context().close())
  const refused = await page.evaluate(async () => {
    const { PolywireClient } = await import('/public/javascript/polywireClient.mjs')
    const client = new PolywireClient()
    await client.connect()
    const answer = await client.action('polywire:watch', { token: 'made up' })
    client.disconnect()
    return answer.error
  })
  assert.equal(refused, 'the token is not good')
})

for (const colorScheme of ['light', 'dark']) {
  for (const [size, viewport] of Object.entries({ phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } })) {
    test(`it fits and can be read: ${size}, ${colorScheme}`, async () => {
      const page = await view({ colorScheme, viewport })
      await fetch(`${chat.url}/api/add?a=1&b=2`)
      await shows(page, '#actions', 'add')
      assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth) <= viewport.width)
      await accessible(page)
      if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/live-${colorScheme}-${size}.png`, fullPage: true })
    })
  }
}
