import { PolywireClient } from './client.mjs'

const $ = id => document.getElementById(id)
const tokenUrl = new URL('token', import.meta.url)
const client = new PolywireClient({ url: location.origin, rejoin: false, fallback: false, reconnect: { retries: Infinity } })
const history = Array(120).fill(0)
const recent = new Map() // action -> its last figures, and its runs of the last minute
const Minute = 60000
let paused = false

// ---- the connection

const states = { connecting: 'Connecting', connected: 'Live', reconnecting: 'Connection lost, trying again', disconnected: 'Not connected', timeout: 'Not connected' }

function state (text) {
  $('state').dataset.state = client.state
  $('state-text').textContent = text ?? states[client.state]
}

// Whoever may load this page is given a token, and the connection shows it: a new one after each reconnect.
async function watch () {
  try {
    const response = await fetch(tokenUrl, { cache: 'no-store' })
    if (!response.ok) return state('Not allowed any more')
    const answer = await client.action('polywire:watch', { token: await response.text() })
    if (answer.error) return state(`Refused: ${answer.error}`)
    $('chart').querySelector('title').textContent = `Actions per second in the last ${ago(0, history.length * answer.interval)}`
    state()
  } catch (error) {
    state(client.state === 'connected' ? error.message : undefined)
  }
}

client.on('connected', watch)
for (const event of ['disconnected', 'reconnecting']) client.on(event, () => state())
client.on('polywire:live', now => { if (!paused) show(now) })
client.connect(() => state())

$('pause').onclick = () => {
  paused = !paused
  $('pause').setAttribute('aria-pressed', String(paused))
}

// ---- what is shown

const count = number => Number(number).toLocaleString('en')
const rate = number => number >= 100 ? count(Math.round(number)) : number.toFixed(1)
const milliseconds = number => number >= 100 ? Math.round(number) + ' ms' : number.toPrecision(2) + ' ms'
const bytes = number => number < 10240 ? count(number) + ' B' : number < 10485760 ? count(Math.round(number / 1024)) + ' KiB' : count(Math.round(number / 1048576)) + ' MiB'

function ago (then, now) {
  const seconds = Math.max(0, Math.round((now - then) / 1000))
  return seconds < 120 ? `${seconds} s` : seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}

function show (now) {
  const sum = (rows, field) => rows.reduce((total, row) => total + row[field], 0)
  const perSecond = sum(now.transports, 'perSecond')
  history.push(perSecond)
  history.shift()
  const top = Math.max(1, ...history)
  $('chart').querySelector('polyline').setAttribute('points', history.map((value, x) => `${x},${31 - value / top * 30}`).join(' '))
  $('server').textContent = now.server
  $('connections-now').textContent = count(now.connectionsTotal)
  $('actions-now').textContent = rate(perSecond)
  $('queued-now').textContent = bytes(sum(now.transports, 'queuedBytes'))
  $('dropped-now').textContent = count(now.droppedMessages)
  $('dropped-now').className = now.droppedMessages ? 'alarm' : ''
  $('slow-now').textContent = now.slowReaders ? `${count(now.slowReaders)} slow ${now.slowReaders === 1 ? 'client' : 'clients'} disconnected` : ''
  $('rooms-more').textContent = more(now.rooms, now.roomsTotal)
  $('connections-more').textContent = more(now.connections, now.connectionsTotal)

  table('transports', ['Transport', 'Connections', 'Actions/s', 'Queued', 'Messages'], now.transports,
    row => [row.type, count(row.connections), rate(row.perSecond), alarm(bytes(row.queuedBytes), row.queuedBytes > 1048576), count(row.queuedMessages)])
  // What ran a moment ago stays to be read; the server bounds how many there can be.
  for (const row of recent.values()) row.perSecond = 0
  for (const row of now.actions) {
    const before = recent.get(row.name)?.lately ?? []
    recent.set(row.name, { ...row, lately: [...before, { at: now.at, runs: row.runs, errors: row.errors }] })
  }
  for (const [name, row] of recent) {
    row.lately = row.lately.filter(({ at }) => now.at - at < Minute)
    if (!row.lately.length) recent.delete(name)
  }
  const actions = [...recent.values()].sort((a, b) => b.perSecond - a.perSecond || (a.name < b.name ? -1 : 1))
  table('actions', ['Action', 'Per second', 'Runs', 'Errors', 'Median', '99 % within', 'Longest'], actions, row => {
    const errors = sum(row.lately, 'errors')
    return [
      row.name, rate(row.perSecond), count(sum(row.lately, 'runs')), alarm(count(errors), errors),
      milliseconds(row.p50), milliseconds(row.p99), milliseconds(row.max)
    ]
  })
  table('rooms', ['Room', 'Members'], now.rooms, row => [row.name, count(row.members)])
  table('connections', ['Connection', words('Transport'), words('Address'), 'For', 'Rooms', 'Running', 'Actions', 'Queued'], now.connections,
    row => [
      { text: row.id.slice(0, 8) + (row.id === client.id ? ' (this page)' : ''), title: row.id },
      words(row.type), words(row.remoteIP), ago(row.connectedAt, now.at), count(row.rooms), count(row.pendingActions), count(row.totalActions),
      alarm(bytes(row.queuedBytes), row.queuedBytes > 1048576)
    ])
}

function more (rows, total) { return total > rows.length ? `${count(rows.length)} of ${count(total)} shown` : '' }

// Figures stand at the right, words at the left.
function words (text) { return { text, className: 'text' } }

function alarm (text, on) { return on ? { text, className: 'alarm' } : text }

function table (id, heads, rows, cells) {
  const body = rows.map(row => line('td', cells(row)))
  if (!rows.length) body.push(line('td', [{ text: 'none', className: 'none', colSpan: heads.length }]))
  const head = document.createElement('thead')
  head.append(line('th', heads))
  for (const cell of head.querySelectorAll('th')) cell.scope = 'col'
  const all = document.createElement('tbody')
  all.append(...body)
  $(id).replaceChildren(head, all)
  showWidth($(id))
}

// A table that is wider than its place says so: on a phone no scrollbar does.
function showWidth (table) {
  const place = table.parentElement
  place.classList.toggle('wide', place.scrollWidth > place.clientWidth + 1)
}

addEventListener('resize', () => document.querySelectorAll('table').forEach(showWidth))

function line (tag, cells) {
  const made = document.createElement('tr')
  made.append(...cells.map(cell => {
    const { text, ...more } = typeof cell === 'string' ? { text: cell } : cell
    return Object.assign(document.createElement(tag), { textContent: text }, more)
  }))
  return made
}
