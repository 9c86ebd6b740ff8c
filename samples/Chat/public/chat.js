import { PolywireClient } from '/public/javascript/polywireClient.mjs'

const Kept = 500 // lines that a room keeps on this page
const $ = id => document.getElementById(id)
const client = new PolywireClient({ reconnect: { retries: Infinity } })
const rooms = new Map() // name -> { lines, unread, members }
const names = new Map() // connection -> name, of those who have been seen here
let current = 'lobby'
let nextTry = 0

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
}

setInterval(showState, 500)

function problem (text) {
  $('problem').textContent = text ?? ''
  $('problem').hidden = !text
}

// ---- rooms

function room (name) {
  let found = rooms.get(name)
  if (!found) rooms.set(name, found = { lines: [], unread: 0, members: [] })
  return found
}

async function select (name) {
  current = name
  room(name).unread = 0
  $('room').textContent = name
  $('log').replaceChildren(...room(name).lines.map(line => line.element))
  $('log').scrollTop = $('log').scrollHeight
  showRooms()
  showMembers()
  problem()
  if (client.state === 'connected' && !client.rooms.includes(name)) {
    const answer = await client.roomAdd(name).catch(error => ({ error: error.message }))
    if (answer.error && current === name) problem(`You cannot enter ${name}: ${plain(answer.error)}`)
    showRooms()
  }
  await refresh(name)
  if (current === name && client.rooms.includes(name) && matchMedia('(hover: hover)').matches) $('message').focus()
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

$('leave').onclick = async () => {
  const name = current
  const answer = await client.roomLeave(name).catch(error => ({ error: error.message }))
  problem(answer.error && plain(answer.error))
  room(name).members = []
  showRooms()
  showMembers()
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

function nameOf (id) { return names.get(id) ?? `user ${String(id).slice(0, 8)}` }

function showMembers () {
  const { members } = room(current)
  $('count').textContent = members.length ? String(members.length) : ''
  $('members').replaceChildren(...members.map(({ id, name, type }) =>
    element('li', {}, element('span', {}, name), element('small', {}, id === client.id ? 'you' : type))))
  const own = members.find(({ id }) => id === client.id)
  if (own && document.activeElement !== $('name')) $('name').value = own.name
}

$('naming').onsubmit = async event => {
  event.preventDefault()
  const answer = await client.action('name', { name: $('name').value.trim() }).catch(error => ({ error: error.message }))
  problem(answer.error && plain(answer.error))
  $('name').blur()
  await refresh(current)
}

// ---- messages

function add (name, line) {
  const { lines } = room(name)
  lines.push(line)
  if (lines.length > Kept) lines.shift().element.remove()
  if (name !== current || document.hidden) {
    if (!line.mine) room(name).unread++
    showRooms()
  }
  if (name === current) {
    const log = $('log')
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80
    log.append(line.element)
    if (atEnd || line.mine) log.scrollTop = log.scrollHeight
  }
}

function lineOf (from, text, sentAt) {
  const mine = from === client.id
  const who = mine ? undefined : element('span', { className: 'who' }, nameOf(from))
  const at = new Date(sentAt)
  const clock = element('time', { dateTime: at.toISOString() }, at.toLocaleTimeString([], { timeStyle: 'short' }))
  return { from, mine, who, element: element('li', { className: mine ? 'mine' : '' }, element('p', {}, ...(who ? [who] : []), text, clock)) }
}

function news (text) { return { element: element('li', { className: 'news' }, element('p', {}, text)) } }

client.on('say', ({ room: name, from, message, sentAt }) => {
  const text = typeof message === 'string' ? message : JSON.stringify(message)
  if (from === 0) {
    add(name, news(text))
    // The one who comes in is announced first and is a member a moment later.
    setTimeout(() => refresh(name), 200)
    return
  }
  add(name, lineOf(from, text, sentAt))
  if (!names.has(from)) refresh(name)
})

$('composer').onsubmit = async event => {
  event.preventDefault()
  const text = $('message').value.trim()
  if (!text) return
  $('message').value = ''
  const name = current
  const line = lineOf(client.id, text, Date.now())
  line.element.classList.add('waiting')
  const note = element('span', { className: 'note' }, client.state === 'connected' ? 'sending' : 'waiting for the connection')
  line.element.firstChild.append(note)
  add(name, line)
  const answer = await client.say(name, text).catch(error => ({ error: error.message }))
  line.element.classList.remove('waiting')
  if (answer.error) {
    line.element.classList.add('failed')
    note.textContent = `not delivered: ${plain(answer.error)}`
  } else {
    // The room's own copy stands for it.
    line.element.remove()
    room(name).lines.splice(room(name).lines.indexOf(line), 1)
  }
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) return
  room(current).unread = 0
  showRooms()
})

// ---- the connection

client.on('reconnecting', ({ delay }) => { nextTry = Date.now() + delay; showState() })
client.on('disconnected', () => { nextTry = 0; for (const name of client.rooms) add(name, news('The connection was lost.')); showRooms() })
client.on('reconnect', () => { nextTry = 0; showState() })
client.on('error', error => { if (client.state === 'connected') problem(error.message) })
client.on('connected', async () => {
  nextTry = 0
  problem()
  const { rooms: all } = await client.action('rooms').catch(() => ({}))
  for (const name of all ?? ['lobby']) room(name)
  for (const name of client.rooms) {
    if (room(name).lines.length) add(name, news('Connected again.'))
    await refresh(name)
  }
  showRooms()
  if (!client.rooms.includes(current)) await select(current)
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
