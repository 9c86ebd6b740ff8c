import { PolywireClient } from '/public/javascript/polywireClient.mjs'

const Kept = 500 // lines that a room keeps on this page
const Patience = 2000 // ms after its answer in which a line's copy comes from the room, if the room does not keep it to itself
const $ = id => document.getElementById(id)
const client = new PolywireClient({ reconnect: { retries: Infinity } })
const rooms = new Map() // name -> { lines, unread, members, unheard: own lines whose copy from the room is still to come }
const names = new Map() // connection -> name, of those who have been seen here
let current = 'lobby'
let nextTry = 0
let isNew = true
let isNaming = false

// ---- where we stand

const states = {
  disconnected: 'Not connected',
  timeout: 'Not connected',
  connecting: 'Connecting',
  connected: 'Connected',
  reconnecting: 'Connection lost'
}

function showState () {
  const { state } = client
  const seconds = Math.ceil((nextTry - Date.now()) / 1000)
  const waits = state === 'reconnecting' || state === 'connecting'
  const text = waits && seconds > 0 ? `${states[state]}, next try in ${seconds} s` : states[state]
  $('state').dataset.state = state
  // Not with every second: a screen reader would read each of them.
  $('state').setAttribute('aria-live', waits && seconds > 0 ? 'off' : 'polite')
  if ($('state-text').textContent !== text) $('state-text').textContent = text
  $('retry').hidden = state === 'connected' || (waits && seconds <= 0)
  const inRoom = client.rooms.includes(current)
  for (const field of $('composer').elements) field.disabled = !inRoom
  $('leave').hidden = !inRoom || state !== 'connected'
  $('join').hidden = inRoom || state !== 'connected'
}

setInterval(showState, 500)

function problem (text) {
  $('problem').textContent = text ?? ''
  $('problem').hidden = !text
}

// ---- rooms

function room (name) {
  let found = rooms.get(name)
  if (!found) rooms.set(name, found = { lines: [], unread: 0, members: [], unheard: [] })
  return found
}

async function select (name) {
  current = name
  room(name).unread = 0
  $('room').textContent = name
  // What was read already is not news to a screen reader.
  $('log').setAttribute('aria-live', 'off')
  $('lines').replaceChildren(...room(name).lines.map(line => line.element))
  showEmpty()
  toEnd()
  setTimeout(() => $('log').setAttribute('aria-live', 'polite'))
  showRooms()
  showMembers()
  problem()
  if (client.state === 'connected' && !client.rooms.includes(name)) {
    const answer = await client.roomAdd(name).catch(error => ({ error: error.message }))
    if (answer.error && current === name) problem(`You cannot enter ${name}: ${plain(answer.error)}`)
    showRooms()
  }
  await refresh(name)
  if (current === name && client.rooms.includes(name) && matchMedia('(hover: hover)').matches) {
    focusFrom(active => active.id === 'join' || active.dataset.room === name, $('message'))
  }
}

// The server has taken its time: whoever has gone on to another field meanwhile, and may be typing there, stays in it.
function focusFrom (isStart, target) {
  const active = document.activeElement
  if (!active || active === document.body || isStart(active)) target.focus()
}

function showRooms () {
  const focused = document.activeElement?.closest('nav') ? document.activeElement.dataset.room : undefined
  $('rooms').replaceChildren(...[...rooms].sort(([a], [b]) => a < b ? -1 : 1).map(([name, { unread }]) => {
    const button = element('button', { type: 'button', className: client.rooms.includes(name) ? '' : 'outside' }, name)
    button.dataset.room = name
    if (name === current) button.setAttribute('aria-current', 'true')
    if (unread) button.append(element('span', { className: 'unread' }, String(unread), element('span', { className: 'unseen' }, ' unread')))
    button.onclick = () => select(name)
    return element('li', {}, button)
  }))
  if (focused) $('rooms').querySelector(`[data-room="${CSS.escape(focused)}"]`)?.focus()
  const unread = [...rooms.values()].reduce((sum, { unread }) => sum + unread, 0)
  document.title = unread ? `(${unread}) Chat` : 'Chat'
  showState()
}

$('join').onclick = () => select(current)

$('leave').onclick = async () => {
  const name = current
  const answer = await client.roomLeave(name).catch(error => ({ error: error.message }))
  problem(answer.error && plain(answer.error))
  room(name).members = []
  showRooms()
  showMembers()
  focusFrom(active => active.id === 'leave', $('join'))
}

// ---- people

async function refresh (name) {
  if (client.state !== 'connected' || !client.rooms.includes(name)) return
  const answer = await client.action('members', { room: name }).catch(error => ({ error: error.message }))
  if (answer.error) return
  room(name).members = answer.members
  for (const { id, name } of answer.members) names.set(id, name)
  while (names.size > 1000) names.delete(names.keys().next().value)
  for (const line of room(name).lines) line.who?.replaceChildren(nameOf(line.from))
  showMembers()
}

// The room tells of somebody a moment before the list of its members changes.
function refreshSoon (name) {
  const waiting = room(name)
  waiting.soon ??= setTimeout(() => { waiting.soon = undefined; refresh(name) }, 250)
  clearTimeout(waiting.later)
  waiting.later = setTimeout(() => refresh(name), 2000)
}

function nameOf (id) { return names.get(id) ?? `guest ${String(id).slice(0, 4)}` }

function showMembers () {
  const { members } = room(current)
  $('count').textContent = members.length ? String(members.length) : ''
  $('members').replaceChildren(...members.map(({ id, name, type }) =>
    element('li', {}, element('span', {}, name), element('small', {}, id === client.id ? 'you' : type))))
  const own = members.find(({ id }) => id === client.id)
  if (own && !isNaming && document.activeElement !== $('name')) {
    $('name').value = own.named ? own.name : ''
    $('name').placeholder = own.name
  }
}

// What has been typed stays until it has been sent, also where the list of the members comes in between.
$('name').oninput = () => { isNaming = true }

$('naming').onsubmit = async event => {
  event.preventDefault()
  const name = $('name').value.trim()
  const answer = await client.action('name', { name }).catch(error => ({ error: error.message }))
  problem(answer.error && plain(answer.error))
  if (!answer.error) {
    kept.name = name
    isNaming = $('name').value.trim() !== name
  }
  await refresh(current)
}

// A server that was restarted has forgotten names; a page that may keep nothing lives without.
const kept = {
  get name () { try { return localStorage.getItem('chat:name') } catch { return null } },
  set name (name) { try { localStorage.setItem('chat:name', name) } catch { } }
}

// ---- messages

function add (name, line) {
  const { lines } = room(name)
  lines.push(line)
  if (lines.length > Kept) lines.shift().element.remove()
  if (name === current) {
    const atEnd = isAtEnd()
    $('lines').append(line.element)
    showEmpty()
    if (atEnd || line.mine) toEnd()
    else $('latest').hidden = false
  }
  if (line.from && !line.mine && (name !== current || document.hidden)) {
    room(name).unread++
    showRooms()
  }
}

function remove (name, line) {
  const { lines } = room(name)
  line.element.remove()
  if (lines.includes(line)) lines.splice(lines.indexOf(line), 1)
  showEmpty()
}

// What to do, until somebody has said something; who came and went does not count.
function showEmpty () {
  $('empty').hidden = room(current).lines.some(line => line.from)
  $('host').textContent = location.hostname
  for (const place of ['empty-room', 'empty-say']) $(place).textContent = current
}

function isAtEnd () {
  const { scrollHeight, scrollTop, clientHeight } = $('log')
  return scrollHeight - scrollTop - clientHeight < 80
}

function toEnd () {
  $('log').scrollTop = $('log').scrollHeight
  $('latest').hidden = true
}

$('log').onscroll = () => { if (isAtEnd()) $('latest').hidden = true }
$('latest').onclick = () => { toEnd(); $('log').focus() }

function lineOf (from, text, sentAt, mine) {
  const who = mine ? undefined : element('span', { className: 'who' }, nameOf(from))
  const line = { from, mine, who, words: document.createTextNode(''), clock: element('time', {}) }
  write(line, text, sentAt)
  line.element = element('li', { className: mine ? 'mine' : '' }, element('p', {}, ...(who ? [who] : []), line.words, line.clock))
  return line
}

function write ({ words, clock }, text, sentAt) {
  const at = new Date(sentAt)
  if (words.data !== text) words.data = text
  clock.dateTime = at.toISOString()
  clock.textContent = at.toLocaleTimeString([], { timeStyle: 'short' })
}

function news (text) { return { element: element('li', { className: 'news' }, element('p', {}, text)) } }

client.on('say', ({ room: name, from, message, sentAt }) => {
  const text = typeof message === 'string' ? message : JSON.stringify(message)
  if (from === 0) {
    add(name, news(text))
    refreshSoon(name)
    return
  }
  const own = from === client.id ? takeUnheard(room(name), text) : undefined
  if (own) {
    // The line stands already; what the room made of its words and the server's time count.
    write(own, text, sentAt)
    arrived(own)
    return
  }
  add(name, lineOf(from, text, sentAt, from === client.id))
  if (!names.has(from)) refreshSoon(name)
})

// The line that has come back: the one with these words, and then none of those before it will; else the room has changed the words of the oldest.
function takeUnheard (room, text) {
  const same = room.unheard.findIndex(line => line.words.data === text)
  return room.unheard.splice(0, Math.max(same, 0) + 1).pop()
}

function forgetUnheard (room, line) {
  const at = room.unheard.indexOf(line)
  if (at >= 0) room.unheard.splice(at, 1)
  return at >= 0
}

async function say (name, text) {
  const line = lineOf(client.id, text, Date.now(), true)
  line.element.classList.add('waiting')
  line.note = element('span', { className: 'note' }, client.state === 'connected' ? '' : 'waiting for the connection')
  line.element.firstChild.append(line.note)
  room(name).unheard.push(line)
  add(name, line)
  const answer = await client.say(name, text).catch(error => ({ error: error.message }))
  if (!answer.error) {
    arrived(line)
    // A room may keep a line to itself; the next one is not to be taken for it.
    setTimeout(() => forgetUnheard(room(name), line), Patience)
    return
  }
  // Whoever hears their own words back knows more than a lost answer does, but not more than a refusal.
  if (!forgetUnheard(room(name), line) && !answer.context) return
  write(line, text, Date.now())
  line.element.firstChild.append(line.note)
  line.element.classList.remove('waiting')
  line.element.classList.add('failed')
  // An answer has its words with "Error: " in front; without one nobody knows whether the message went through.
  line.note.textContent = answer.context ? `not delivered: ${plain(answer.error)}` : `may not have been delivered: ${plain(answer.error)}`
  const again = element('button', { type: 'button' }, 'Send again')
  again.onclick = () => { remove(name, line); say(name, text); $('message').focus() }
  line.element.append(again)
  if (name === current && isAtEnd()) toEnd()
}

function arrived ({ element, note }) {
  element.classList.remove('waiting')
  note.remove()
}

$('composer').onsubmit = event => {
  event.preventDefault()
  const text = $('message').value.trim()
  if (!text) return
  $('message').value = ''
  say(current, text)
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) return
  room(current).unread = 0
  showRooms()
})

// ---- the connection

client.on('reconnecting', ({ delay }) => { nextTry = Date.now() + delay; showState() })
client.on('disconnected', () => {
  nextTry = 0
  for (const name of client.rooms) add(name, news('The connection was lost.'))
  // The copies of what was answered went the way of the connection.
  for (const each of rooms.values()) each.unheard = each.unheard.filter(line => line.element.classList.contains('waiting'))
  showRooms()
})
client.on('reconnect', () => { nextTry = 0; showState() })
client.on('error', error => { if (client.state === 'connected') problem(error.message) })
client.on('connected', async () => {
  nextTry = 0
  problem()
  for (const name of client.rooms) if (room(name).lines.length) add(name, news('Connected again.'))
  if (kept.name) await client.action('name', { name: kept.name }).catch(() => {})
  const { rooms: all } = await client.action('rooms').catch(() => ({}))
  for (const name of all ?? ['lobby']) room(name)
  for (const name of client.rooms) await refresh(name)
  showRooms()
  if (isNew) await select(current)
  isNew = false
})
$('retry').onclick = () => { nextTry = 0; client.connect(() => {}); showState() }
if (matchMedia('(max-width: 48rem)').matches) $('people').open = false

select(current)
client.connect(() => {})

// ---- odds and ends

function element (tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

function plain (error) { return String(error.message ?? error).replace(/^Error: /, '') }
