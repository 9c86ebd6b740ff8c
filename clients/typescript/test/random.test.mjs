// Random calls over a random network: whatever happens, each request ends once, with its own answer or a reason, and is sent once at most.
import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { Network } from './support.mjs'

const runs = Number(process.env.RUNS ?? 300)
const first = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))

/** Numbers from 0 to below n, the same for the same seed (mulberry32). */
function dice (seed) {
  return n => {
    seed = (seed + 0x6D2B79F5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor(((t ^ (t >>> 14)) >>> 0) / 2 ** 32 * n)
  }
}

function play (seed) {
  const roll = dice(seed)
  mock.timers.reset()
  mock.timers.enable({ apis: ['setTimeout'] })
  mock.method(Math, 'random', () => roll(1000) / 1000)

  const network = new Network('lobby', 'kitchen')
  const byNetwork = network.answer
  // Verbs are answered at once; requests of this test wait for the dice.
  network.answer = (socket, message) => { if (!message.marker) byNetwork(socket, message) }
  const client = network.client({
    fallback: false,
    queueSize: 5,
    timeout: 50,
    pingTimeout: 200,
    requestTimeout: [0, 80][roll(2)],
    rejoin: roll(4) > 0,
    reconnect: roll(5) > 0 && { min: 10, max: 40, retries: roll(4) }
  })
  const requests = []
  const connects = []
  const states = []
  client.on('connected', () => states.push('connected'))
  client.on('disconnected', () => states.push('disconnected'))

  const ask = () => {
    const request = { marker: `m${requests.length}`, ends: [] }
    requests.push(request)
    client.send({ event: 'own', marker: request.marker, ...(roll(5) === 0 && { messageId: `id${roll(3)}` }) }, answer => request.ends.push(answer))
  }
  const live = () => network.last && !network.last.closedWith && network.last.onmessage ? network.last : null
  const mine = socket => socket.sent.filter(message => message.marker)
  const steps = [
    ask, ask, ask, ask,
    () => { const connect = []; connects.push(connect); client.connect((...ends) => connect.push(ends)) },
    () => client.disconnect(),
    () => client.roomAdd(['lobby', 'kitchen', 'attic'][roll(3)], () => {}),
    () => client.roomLeave(['lobby', 'kitchen'][roll(2)], () => {}),
    () => live()?.open(),
    () => live()?.open(),
    () => live()?.cut(1006, 'cut'),
    () => live()?.refuse('refused'),
    () => live()?.say('primus::ping::1'),
    () => roll(4) === 0 && live()?.say('primus::server::close'),
    () => live()?.say({ context: 'response', messageId: 'nobody', marker: 'nobody' }),
    () => mock.timers.tick(roll(100)),
    () => mock.timers.tick(roll(100)),
    ...Array(6).fill(() => {
      // Also on wires that are given up, and for the second time.
      const socket = roll(6) === 0 ? network.sockets[roll(network.sockets.length)] : live()
      const asked = socket && mine(socket)
      if (!asked?.length) return
      const { messageId, marker } = asked[roll(asked.length)]
      // An id of the caller's own may be in use again: then the earlier request's answer would be taken for the later one's.
      if (typeof messageId === 'string' && (answered.has(marker) || asked.findLast(other => other.messageId === messageId).marker !== marker)) return
      answered.add(marker)
      socket.say({ context: 'response', messageId, marker })
    })
  ]
  const opened = new Set()
  const answered = new Set()
  for (let n = 0; n < 150; n++) {
    const socket = live()
    const step = steps[roll(steps.length)]
    // A wire opens once.
    if (step === steps[8] || step === steps[9]) {
      if (!socket || opened.has(socket)) continue
      opened.add(socket)
    } else if (socket && !opened.has(socket) && /say/.test(String(step))) continue
    step()
    if (client.state === 'connected') assert.ok(opened.has(live()), 'connected without a wire')
    for (const { marker, ends } of requests) assert.ok(ends.length <= 1, `${marker} ended twice`)
  }
  client.disconnect()
  mock.timers.tick(100000)
  assert.equal(client.state, 'disconnected')

  for (const { marker, ends: [end] } of requests) {
    assert.ok(end, `${marker} never ended`)
    assert.equal(end.error ? typeof end.error : end.marker, end.error ? 'string' : marker, `${marker} ended with ${JSON.stringify(end)}`)
  }
  for (const ends of connects) assert.equal(ends.length, 1, 'connect() ended once')
  const sent = network.sockets.flatMap(mine).map(({ marker }) => marker)
  assert.equal(new Set(sent).size, sent.length, 'sent twice')
  states.forEach((state, n) => assert.ok(n === 0 || state !== 'connected' || states[n - 1] === 'disconnected', `${states}`))
  mock.restoreAll()
  return { requests: requests.length, sent: sent.length, answered: requests.filter(({ ends }) => !ends[0].error).length, sockets: network.sockets.length }
}

test(`${runs} random stories, from seed ${first}`, () => {
  const total = { requests: 0, sent: 0, answered: 0, sockets: 0 }
  for (let n = 0; n < runs; n++) {
    try {
      const story = play(first + n)
      for (const key in total) total[key] += story[key]
    } catch (error) {
      error.message = `SEED=${first + n} RUNS=1: ${error.message}`
      throw error
    }
  }
  // The stories are worth something: most of all kinds of ends happen.
  for (const key in total) assert.ok(total[key] > runs, `${key}: ${total[key]}`)
  assert.ok(total.answered < total.requests)
})
