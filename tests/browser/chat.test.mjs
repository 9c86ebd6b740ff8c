// The chat sample, as people use it.
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { Chat, Lines, Wire, accessible, launch, open, until } from './support.mjs'

let browser
let chat
const opened = []

before(async () => { [chat, browser] = await Promise.all([Chat.start(), launch()]) })
after(async () => { await browser?.close(); await chat?.stop() })
afterEach(async () => { for (const close of opened.splice(0).reverse()) await close() })

async function person (name, options, url = chat.url) {
  const page = await open(browser, url, options)
  opened.push(() => page.context().close())
  await page.waitForSelector('[data-state=connected]')
  await page.waitForSelector('#message:enabled')
  if (name) {
    await page.fill('#name', name)
    await page.press('#name', 'Enter')
    await member(page, name)
  }
  return page
}

const member = (page, name) => page.locator('#members li', { hasText: name }).first().waitFor({ state: 'attached' })
const noMember = (page, name) => page.locator('#members li', { hasText: name }).waitFor({ state: 'detached' })
const hears = (page, text) => page.locator('#log li:not(.waiting)', { hasText: text }).first().waitFor()

async function say (page, text) {
  await page.fill('#message', text)
  await page.press('#message', 'Enter')
}

function terminal (name) {
  const lines = new Lines(chat.tcp)
  opened.push(() => lines.end())
  if (name) lines.send(JSON.stringify({ action: 'name', params: { name } }))
  lines.send('roomAdd lobby')
  return lines
}

test('people meet, talk, and see each other come and go', async () => {
  const ada = await person('Ada')
  const bob = await person('Bob')
  await member(ada, 'Bob')
  await hears(ada, 'is now Bob')
  await say(ada, 'good morning')
  await hears(bob, 'good morning')
  assert.match(await bob.locator('#log li', { hasText: 'good morning' }).innerText(), /^Ada/)
  assert.equal(await ada.locator('#log li', { hasText: 'good morning' }).count(), 1, 'what waited is replaced by what was said')
  await bob.context().close()
  await hears(ada, 'Bob leaves')
  await noMember(ada, 'Bob')
  assert.deepEqual(ada.faults, [])
})

test('a page that came over HTTP/2 has its WebSocket beside it', async () => {
  const secure = await Chat.startSecure()
  opened.push(() => secure.stop())
  const ada = await person('Ada', { ignoreHTTPSErrors: true }, secure.url)
  assert.equal(await ada.evaluate(() => performance.getEntriesByType('navigation')[0].nextHopProtocol), 'h2')
  const bob = await person('Bob', { ignoreHTTPSErrors: true }, secure.url)
  await say(ada, 'good morning')
  await hears(bob, 'good morning')
  assert.deepEqual(ada.faults, [])
})

test('what is typed while the server takes its time stays where it was typed', async () => {
  // The lists of members come when the test lets them.
  let isSlow = true
  const held = []
  const page = await person(undefined, { hears: all => isSlow && all.members ? new Promise(resolve => held.push(() => resolve([all]))) : [all] })
  const lists = () => until('a list of members is held', () => held.splice(0).map(release => release()).length)
  const typed = () => page.evaluate(() => [document.activeElement.id, ...['name', 'message'].map(id => document.getElementById(id).value)])

  await page.locator('#name').focus()
  await page.keyboard.type('Ad')
  await lists()
  await page.locator('#members li').first().waitFor()
  await page.keyboard.type('a')
  assert.deepEqual(await typed(), ['name', 'Ada', ''])

  // Looking elsewhere does not undo it either.
  await page.locator('#log').focus()
  await page.locator('#members li').first().evaluate(entry => { entry.id = 'old' })
  terminal()
  await lists()
  await page.locator('#old').waitFor({ state: 'detached' })
  assert.deepEqual(await typed(), ['log', 'Ada', ''])
  isSlow = false
  for (const release of held) release()
  await page.press('#name', 'Enter')
  await member(page, 'Ada')
  assert.deepEqual(page.faults, [])
})

test('a page on which nothing was said yet says what to do', async () => {
  const page = await person(undefined, { viewport: { width: 390, height: 800 } })
  await page.click('[data-room=kitchen]')
  const hint = page.locator('#empty', { hasText: 'roomAdd kitchen' })
  await hint.waitFor()
  await say(page, 'first')
  await hint.waitFor({ state: 'hidden' })
  await accessible(page)
  assert.deepEqual(page.faults, [])
})

test('a terminal and a browser are in one room', async () => {
  const page = await person('Ada')
  const lines = terminal('Grace on a terminal')
  await member(page, 'Grace on a terminal')
  lines.send('say lobby typed by hand')
  await hears(page, 'typed by hand')
  await say(page, 'clicked')
  const heard = await lines.hears('the page\'s words', message => message.message === 'clicked')
  assert.equal(heard.room, 'lobby')
  assert.equal(heard.context, 'user')
  lines.end()
  await hears(page, 'Grace on a terminal leaves')
})

test('two tabs of one person are two connections with one name', async () => {
  const first = await person('Ada')
  const second = await open(browser, chat.url, {}, first.context())
  await second.waitForSelector('#message:enabled')
  await until('both tabs are members', async () => await first.locator('#members li', { hasText: 'Ada' }).count() === 2)
  await say(first, 'from the first')
  await hears(second, 'from the first')
  await second.close()
  await until('one tab is left', async () => await first.locator('#members li', { hasText: 'Ada' }).count() === 1)
})

test('what was said over HTTP counts on the WebSocket: it is one session', async () => {
  const page = await person()
  const { name } = await page.evaluate(async () => (await fetch('/api/name?name=Ada+over+HTTP', { method: 'POST' })).json())
  assert.equal(name, 'Ada over HTTP')
  const other = await person()
  await member(other, 'Ada over HTTP')
  assert.equal(await other.locator('#members li', { hasText: 'Ada over HTTP' }).innerText().then(text => /websocket/.test(text)), true)
})

test('rooms are entered, counted, quietened and left', async () => {
  const ada = await person('Ada')
  const bob = await person('Bob')
  await ada.click('nav [data-room=kitchen]')
  await ada.waitForSelector('nav [data-room=kitchen][aria-current]')
  await ada.waitForSelector('#leave:visible')
  await say(ada, 'PASTA')
  await hears(ada, 'pasta')
  await say(bob, 'meanwhile')
  await ada.waitForSelector('nav [data-room=lobby] .unread')
  assert.match(await ada.title(), /^\(\d+\) Chat$/)
  await ada.click('#leave')
  await ada.waitForSelector('#message:disabled')
  await ada.click('nav [data-room=lobby]')
  await hears(ada, 'meanwhile')
  assert.equal(await ada.locator('nav [data-room=lobby] .unread').count(), 0)
})

const linesOf = page => page.$$eval('#log li.mine', lines => lines.map(line => line.querySelector('p').firstChild.data))

test('a line that the room keeps to itself takes no other line\'s place', async () => {
  const ada = await person('Ada', { hears: all => all.message === 'swallowed' ? [] : [all] })
  await say(ada, 'swallowed')
  await say(ada, 'heard at once')
  await until('nothing waits', async () => await ada.locator('#log .waiting').count() === 0)
  assert.deepEqual(await linesOf(ada), ['swallowed', 'heard at once'])

  // In the kitchen words come back changed: only the time tells that the first line does not.
  const bob = await person('Bob', { clock: true, hears: all => all.message === 'gone' ? [] : [all] })
  await bob.click('nav [data-room=kitchen]')
  await bob.waitForSelector('#message:enabled')
  await say(bob, 'GONE')
  await until('it was answered', async () => await bob.locator('#log .waiting').count() === 0)
  await bob.clock.fastForward(2000)
  await say(bob, 'PASTA')
  await hears(bob, 'pasta')
  assert.deepEqual(await linesOf(bob), ['GONE', 'pasta'])
})

test('a line that the room refuses is told, also when words like it were heard', async () => {
  const error = 'Error: not twice'
  const held = []
  let answers = 0
  const page = await person('Ada', {
    hears: all => {
      // An answer to what is said has nothing but its status. The second becomes a refusal, and comes behind the copy.
      const isSecond = all.status === 'OK' && !('data' in all) && ++answers === 2
      if (isSecond) held.push({ ...all, status: error, error })
      else if (all.message === 'twice') held.unshift(all)
      else return [all]
      return held.length === 2 ? held : []
    }
  })
  await say(page, 'once')
  await hears(page, 'once')
  await say(page, 'twice')
  await page.locator('#log .failed', { hasText: 'twice' }).locator('.note', { hasText: 'not delivered: not twice' }).waitFor()
  assert.deepEqual(await linesOf(page), ['once', 'twice'])
})

test('what people say is text, whatever it looks like', async () => {
  const ada = await person('<i>Ada</i>')
  const bob = await person()
  await say(ada, '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>')
  await hears(bob, '<img src=x')
  assert.equal(await bob.locator('#log img, #log script, #log i, #members i').count(), 0)
  assert.doesNotMatch(await bob.title(), /taken/)
})

test('a restart of the server is told, waited for and got over', async () => {
  const ada = await person('Ada')
  await say(ada, 'before')
  await hears(ada, 'before')
  await chat.stop()
  await ada.waitForSelector('[data-state=reconnecting]')
  await hears(ada, 'The connection was lost.')
  assert.match(await ada.innerText('#state-text'), /^Connection lost/)
  await say(ada, 'meanwhile')
  await ada.locator('#log .waiting', { hasText: 'waiting for the connection' }).waitFor()
  await accessible(ada)
  await chat.start()
  await ada.waitForSelector('[data-state=connected]')
  await hears(ada, 'meanwhile')
  await hears(ada, 'Connected again.')
  await until('nothing waits any more', async () => await ada.locator('#log .waiting').count() === 0)
  assert.equal(await ada.locator('#log li', { hasText: 'meanwhile' }).count(), 1, 'what was kept is said once')
  await member(ada, 'Ada')
  const lines = terminal()
  lines.send('say lobby after')
  await hears(ada, 'after')
  assert.deepEqual(ada.faults, [])
})

test('a wire that goes dead without a word is noticed', async () => {
  const wire = await Wire.to(chat.port)
  opened.push(() => wire.close())
  const page = await person(undefined, {}, wire.url)
  wire.kill()
  await page.waitForSelector('[data-state=reconnecting]')
  wire.heal()
  await page.waitForSelector('[data-state=connected]')
  await say(page, 'still here')
  await hears(page, 'still here')
})

test('offline is told, and being online again ends the wait at once', async () => {
  const wire = await Wire.to(chat.port)
  opened.push(() => wire.close())
  const page = await person(undefined, { clock: true }, wire.url)
  // The page's time stands still: no wait of its own ever ends.
  await page.clock.pauseAt(Date.now() + 60000)
  await page.context().setOffline(true)
  wire.cut()
  await page.waitForSelector('[data-state=reconnecting]')
  assert.match(await page.innerText('#state-text'), /^Connection lost, next try in \d+ s$/)
  await page.context().setOffline(false)
  await page.waitForSelector('[data-state=connected]')
  await page.clock.resume()
  await say(page, 'online')
  await hears(page, 'online')
})

test('a message whose fate is unknown says so and can be sent again', async () => {
  const wire = await Wire.to(chat.port)
  opened.push(() => wire.close())
  const page = await person(undefined, {}, wire.url)
  wire.kill()
  await say(page, 'lost on the way')
  const failed = page.locator('#log .failed', { hasText: 'lost on the way' })
  await failed.locator('.note', { hasText: 'may not have been delivered' }).waitFor()
  await accessible(page)
  wire.heal()
  await page.waitForSelector('[data-state=connected]')
  await failed.getByRole('button', { name: 'Send again' }).click()
  await hears(page, 'lost on the way')
  await until('one line is left', async () => await page.locator('#log li', { hasText: 'lost on the way' }).count() === 1)
  assert.equal(await page.locator('#log .failed').count(), 0)
})

test('a room that was left stays left, until it is entered again', async () => {
  const wire = await Wire.to(chat.port)
  opened.push(() => wire.close())
  const page = await person(undefined, {}, wire.url)
  await page.click('#leave')
  await page.waitForSelector('#join:visible')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'join')
  wire.cut()
  await page.waitForSelector('[data-state=reconnecting]')
  await page.waitForSelector('[data-state=connected]')
  await page.waitForSelector('#join:visible')
  assert.equal(await page.locator('#message').isDisabled(), true)
  await page.click('#join')
  await page.waitForSelector('#message:enabled')
})

test('who reads further up is not pulled down', async () => {
  const ada = await person('Ada')
  const lines = terminal('Grace')
  for (let n = 1; n <= 60; n++) lines.send(`say lobby line ${n}`)
  await hears(ada, 'line 60')
  await ada.locator('#log').evaluate(log => { log.scrollTop = 0 })
  lines.send('say lobby the newest')
  await ada.waitForSelector('#latest:visible')
  assert.equal(await ada.locator('#log').evaluate(log => log.scrollTop), 0)
  await ada.click('#latest')
  await ada.waitForSelector('#latest', { state: 'hidden' })
  assert.ok(await ada.locator('#log').evaluate(log => log.scrollTop) > 0)
})

test('the page about the actions lists them and runs one', async () => {
  const page = await open(browser, chat.url + '/swagger')
  opened.push(() => page.context().close())
  for (const name of ['add', 'members', 'name', 'notes', 'pin', 'rooms']) await page.locator('.opblock-get', { hasText: `/api/${name}` }).waitFor()
  await page.locator('.opblock-get', { hasText: '/api/add' }).click()
  await page.getByRole('button', { name: 'Try it out' }).click()
  const [a, b] = await page.locator('.opblock.is-open .parameters input').all()
  await a.fill('2')
  await b.fill('3')
  await page.getByRole('button', { name: 'Execute' }).click()
  await page.locator('.live-responses-table .response', { hasText: '"result": 5' }).waitFor()
  assert.deepEqual(page.faults, [])
})

test('the page works without a mouse', async () => {
  const page = await person()
  await page.locator('#message').focus()
  await page.keyboard.type('typed')
  await page.keyboard.press('Enter')
  await hears(page, 'typed')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'message')
  await page.locator('nav [data-room=kitchen]').focus()
  await page.keyboard.press('Enter')
  await page.waitForSelector('nav [data-room=kitchen][aria-current]')
  await page.waitForSelector('#message:enabled')
  const order = []
  await page.locator('nav button').first().focus()
  for (let n = 0; n < 6; n++) {
    order.push(await page.evaluate(() => document.activeElement.id || document.activeElement.dataset.room || document.activeElement.textContent.trim()))
    await page.keyboard.press('Tab')
  }
  assert.deepEqual(order, ['kitchen', 'lobby', 'leave', 'log', 'message', 'Send'])
})

test('a screen reader finds its way', async () => {
  const page = await person('Ada')
  for (const [role, name] of [
    ['navigation', 'Rooms'], ['log', 'lobby'], ['textbox', 'Message'], ['button', 'Send'], ['textbox', 'Your name'], ['complementary', 'People'], ['main', 'lobby']
  ]) assert.equal(await page.getByRole(role, { name, exact: true }).count(), 1, `${role} ${name}`)
  assert.equal(await page.getByRole('status').innerText(), 'Connected')
  assert.equal(await page.getAttribute('#log', 'aria-live'), 'polite')
  assert.equal(await page.getAttribute('html', 'lang'), 'en')
})

for (const colorScheme of ['light', 'dark']) {
  for (const [size, viewport] of Object.entries({ phone: { width: 390, height: 844 }, small: { width: 320, height: 568 }, desktop: { width: 1280, height: 800 } })) {
    test(`it fits and can be read: ${size}, ${colorScheme}`, async () => {
      const page = await person(undefined, { colorScheme, viewport })
      const lines = terminal('Somebody with a name of forty characters')
      lines.send('say lobby ' + 'unbroken'.repeat(40))
      await hears(page, 'unbroken')
      await say(page, 'mine')
      await hears(page, 'mine')
      const { width, inside } = await page.evaluate(() => ({
        width: document.scrollingElement.scrollWidth,
        inside: ['#message', '#composer button', '#state', '#log'].every(selector => {
          const { left, right, top, bottom, height } = document.querySelector(selector).getBoundingClientRect()
          return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight && height > 20
        })
      }))
      assert.ok(width <= viewport.width, `${width} px wide`)
      assert.ok(inside, 'all that is needed is on the screen')
      await accessible(page)
      if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/chat-${colorScheme}-${size}.png` })
    })
  }
}
