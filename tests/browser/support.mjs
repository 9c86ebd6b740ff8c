// The sample, a browser, and a wire between them that can fail.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get as getPlain } from 'node:http'
import { get } from 'node:https'
import { createRequire } from 'node:module'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const app = process.env.POLYWIRE_CHAT
const limit = 60000

/** Waits for what a function finds. */
export async function until (what, find) {
  const end = Date.now() + limit
  for (;;) {
    const found = await find()
    if (found) return found
    if (Date.now() > end) throw new Error(`${what}: not within ${limit} ms`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

async function freePort () {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  return port
}

/** The chat sample as a process of its own. */
export class Chat {
  static async start (settings = {}, scheme = 'http') {
    const chat = new Chat()
    chat.settings = settings
    chat.port = await freePort()
    chat.tcp = await freePort()
    chat.url = `${scheme}://127.0.0.1:${chat.port}`
    await chat.start()
    return chat
  }

  /** The same behind a certificate that nobody has signed. */
  static async startSecure () {
    const folder = mkdtempSync(join(tmpdir(), 'polywire-tls-'))
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    execFileSync('openssl', [
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=127.0.0.1'
    ], { stdio: 'ignore' })
    const chat = await Chat.start({ Kestrel__Certificates__Default__Path: cert, Kestrel__Certificates__Default__KeyPath: key }, 'https')
    chat.process.once('exit', () => rmSync(folder, { recursive: true }))
    return chat
  }

  answers () {
    return new Promise(resolve => {
      const done = response => { response.resume(); resolve(response.statusCode === 200) }
      const request = this.url.startsWith('https') ? get(this.url, { rejectUnauthorized: false }, done) : getPlain(this.url, done)
      request.on('error', () => resolve(false))
    })
  }

  async start () {
    this.process = spawn('dotnet', [app, '--urls', this.url], {
      env: {
        ...process.env,
        ASPNETCORE_ENVIRONMENT: 'Development',
        Polywire__Socket__Port: String(this.tcp),
        Polywire__Socket__BindIP: '127.0.0.1',
        Polywire__WebSocket__PingInterval: '00:00:02',
        ...this.settings
      },
      stdio: ['ignore', 'pipe', 'inherit']
    })
    this.process.stdout.resume()
    this.gone = once(this.process, 'exit')
    let ended = false
    this.process.once('exit', () => { ended = true })
    await until('the sample answers', () => {
      if (ended) throw new Error('the sample ended at its start')
      return this.answers()
    })
  }

  async stop () {
    this.process.kill('SIGTERM')
    await this.gone
  }
}

/** A line client, as telnet is. */
export class Lines {
  constructor (port) {
    this.seen = []
    this.rest = ''
    this.socket = connect(port, '127.0.0.1')
    this.socket.setEncoding('utf8')
    this.socket.on('data', data => {
      const lines = (this.rest + data).split('\n')
      this.rest = lines.pop()
      this.seen.push(...lines.filter(line => line.trim()).map(line => JSON.parse(line)))
    })
    this.socket.on('error', () => {})
  }

  send (line) { this.socket.write(line + '\n') }

  /** The first message that fits. */
  hears (what, fits) { return until(what, () => this.seen.find(fits)) }

  end () { this.socket.destroy() }
}

/** A port in front of another, whose wire can be cut or go dead. */
export class Wire {
  static async to (port) {
    const wire = new Wire()
    wire.pairs = new Set()
    wire.dead = false
    wire.server = createServer(near => {
      const far = connect(port, '127.0.0.1')
      const pair = [near, far]
      wire.pairs.add(pair)
      for (const [from, to] of [[near, far], [far, near]]) {
        from.on('data', data => { if (!wire.dead) to.write(data) })
        from.on('close', () => { to.destroy(); wire.pairs.delete(pair) })
        from.on('error', () => {})
      }
    }).listen(0, '127.0.0.1')
    await once(wire.server, 'listening')
    wire.url = `http://127.0.0.1:${wire.server.address().port}`
    return wire
  }

  /** Swallows every byte of what is connected and of what will be; nobody is told. */
  kill () { this.dead = true }

  /** Lets new connections through; what was swallowed is lost, so the old ones are cut. */
  heal () {
    this.dead = false
    this.cut()
  }

  cut () { for (const pair of this.pairs) for (const socket of pair) socket.destroy() }

  close () { this.heal(); this.server.close() }
}

export async function launch () {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
    timeout: limit
  })
}

/** A page in a profile of its own, on which nothing may fail unseen; `hears` makes of each message of the server's those that reach it, now or later. */
export async function open (browser, url, { clock, hears, ...options } = {}, context) {
  context ??= await browser.newContext({ viewport: { width: 1100, height: 720 }, ...options })
  if (clock) await context.clock.install()
  if (hears) {
    await context.routeWebSocket(/./, socket => {
      socket.connectToServer().onMessage(async text => {
        for (const message of await hears(JSON.parse(text))) socket.send(JSON.stringify(message))
      })
    })
  }
  context.setDefaultTimeout(limit)
  const page = await context.newPage()
  page.faults = []
  page.on('pageerror', error => page.faults.push(error.message))
  await page.goto(url)
  return page
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Holds a page against WCAG 2.2 AA, as far as a program can. */
export async function accessible (page) {
  await page.evaluate(axe)
  const { passes, violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
  assert.ok(passes.length > 20, 'there is something to check')
  assert.deepEqual(violations.map(({ id, nodes }) => [id, ...nodes.map(node => node.target.join(' '))]), [])
}
