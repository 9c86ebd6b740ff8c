import { Emitter } from './emitter.js'
import { backoff, settle, socketUrl, type Settings } from './options.js'
import { after, type Timer } from './timer.js'
import { Requests, type Done, type Request } from './requests.js'
import type { Answer, ClientOptions, ClientState, Details, WebSocketLike } from './types.js'

// Events of our own: a message whose context has such a name does not pretend to be one.
const OwnEvents = new Set(['connected', 'disconnected', 'reconnecting', 'reconnect', 'timeout', 'error', 'message'])

/** The connection itself: its state, its attempts, its rooms, and what was asked on it. */
export abstract class Session extends Emitter {
  /** The settings in force; a change counts from the next connect or request. */
  readonly options: Settings

  /** The connection's id; null before the first. */
  id: string | null = null

  /** The session, the same over HTTP; null before the first connect. */
  fingerprint: string | null = null

  /** The rooms this client is in, or will be in again. */
  rooms: string[] = []

  /** The first `detailsView` answer of the current connection, or of the last. */
  details: Details | null = null

  /** What the server said first. */
  welcomeMessage: string | null = null

  #state: ClientState = 'disconnected'
  #requests = new Requests()
  #connecting: Done[] = []
  #socket: WebSocketLike | null = null
  #attempt = 0
  // Counts the wishes of the caller, so that what belongs to an earlier one notices.
  #run = 0
  #wasConnected = false
  // Why there is no connection and will be none, until the next connect().
  #givenUp: Error | null = null
  #attemptTimer: Timer
  #retryTimer: Timer
  #silenceTimer: Timer
  #online = (): void => { if (this.#retryTimer !== undefined) this.#open() }

  constructor (options?: ClientOptions) {
    super()
    this.options = settle(options)
  }

  get state (): ClientState { return this.#state }

  /** The id of the last request of this connection that was not named by the caller. */
  get messageId (): number { return this.#requests.lastId }

  /** Closes the connection and does not come back; what has no answer is rejected. */
  disconnect (): void {
    const told = this.#state === 'connected' || this.#state === 'connecting'
    const error = new Error('disconnect() was called')
    this.#run++
    const sent = this.#detach()
    this.#end('disconnected', error, () => {
      // Unlike one that failed, a client that was told to stop is as it was at first.
      this.#givenUp = null
      if (told) this.emit('disconnected', { reason: '' })
      this.#fail(sent, error)
    })
  }

  /** @internal */
  protected start (done: Done): void {
    const was = this.#state
    this.#givenUp = null
    this.#connecting.push(done)
    if (this.#socket && was !== 'connected') return // the attempt under way is for this caller too
    const run = ++this.#run
    this.#attempt = 0
    if (was === 'connected') {
      const lost = this.#detach()
      this.#state = 'connecting'
      this.emit('disconnected', { reason: 'connect() was called' })
      this.#fail(lost, new Error('the connection was given up: connect() was called again'))
      if (run !== this.#run) return
    }
    if (was !== 'reconnecting') {
      this.#wasConnected = false
      this.#state = 'connecting'
    }
    globalThis.addEventListener?.('online', this.#online)
    this.#open()
  }

  // One attempt, from here to `connected` or to `#failed`.
  #open (): void {
    this.#clear()
    let socket: WebSocketLike
    try {
      const WebSocketClass = this.options.webSocket ?? globalThis.WebSocket
      if (!WebSocketClass) throw new TypeError('there is no WebSocket here: hand one in with the option "webSocket"')
      socket = new WebSocketClass(socketUrl(this.options))
    } catch (error) {
      // Trying again would fail the same way.
      return this.#end('disconnected', error as Error, () => this.emit('error', error))
    }

    let reason = ''
    let isOpen = false
    this.#socket = socket
    socket.onopen = () => {
      isOpen = true
      if (socket === this.#socket) this.#greet(socket)
    }
    socket.onmessage = event => { if (socket === this.#socket) this.#receive(event.data) }
    socket.onerror = event => {
      reason = event?.message ?? ''
      // That of Node 20 says no more about an attempt that failed.
      if (!isOpen && socket === this.#socket) this.#closed(undefined, reason)
    }
    socket.onclose = event => { if (socket === this.#socket) this.#closed(event?.code, event?.reason || reason) }
    const limit = this.options.timeout
    this.#attemptTimer = after(limit, () => this.#failed(new Error(`the server did not answer within timeout (${limit} ms)`), true))
  }

  #greet (socket: WebSocketLike): void {
    this.#heard()
    if (this.#wasConnected) this.emit('reconnect')
    if (socket !== this.#socket) return
    const rooms = this.options.rejoin ? [...this.rooms] : []
    for (const room of rooms) this.#transmit({ event: 'roomAdd', room }, () => {})
    this.#transmit({ event: 'detailsView' }, (error, answer) => {
      if (socket !== this.#socket) return
      if (error ?? answer!.error) this.#failed(new Error(`the server gave no details: ${error?.message ?? answer!.error}`))
      else this.#connected(answer as Details, rooms)
    })
  }

  #connected (details: Details, rooms: string[]): void {
    clearTimeout(this.#attemptTimer)
    this.#attempt = 0
    this.#wasConnected = true
    this.#state = 'connected'
    this.details = details
    this.id = details.data?.id ?? null
    this.fingerprint = details.data?.fingerprint ?? null
    const run = this.#run
    const callers = this.#connecting.splice(0)
    this.emit('connected')
    for (const done of callers) done(null, details)
    for (const room of rooms) {
      if (run !== this.#run) return
      if (!details.data?.rooms?.includes(room)) this.emit('error', new Error(`the room "${room}" could not be joined again`))
    }
    this.#flush()
  }

  #receive (data: unknown): void {
    this.#heard()
    let message: any
    try {
      message = JSON.parse(data as string)
    } catch {
      this.emit('error', new Error('the server sent a message that is not JSON'))
      return
    }
    if (typeof message === 'string' && this.#control(message)) return
    this.emit('message', message)
    const context = message?.context
    if (context === 'response') this.#answered(message)
    else if (context === 'user') this.emit('say', message)
    else if (context === 'alert') this.emit('alert', message)
    else if (context === 'api' && message.welcome !== undefined) {
      this.welcomeMessage = message.welcome
      this.emit('welcome', message)
    } else {
      if (typeof context === 'string' && context !== 'api' && !OwnEvents.has(context)) this.emit(context, message)
      this.emit('api', message)
    }
  }

  #control (text: string): boolean {
    const [, word, rest] = /^primus::(ping|pong|id|server)::(.*)$/s.exec(text) ?? []
    if (word === 'ping') this.#socket?.send(JSON.stringify('primus::pong::' + rest))
    else if (word === 'server' && rest === 'close') this.#dismissed()
    return word !== undefined
  }

  #answered (answer: Answer): void {
    const request = this.#requests.takeSent(answer)
    if (!request) return
    if (!answer.error) {
      const { event, room } = request
      const name = String(room)
      if (event === 'detailsView' && Array.isArray(answer.data?.rooms)) this.rooms = [...answer.data.rooms]
      if (event === 'roomAdd' && !this.rooms.includes(name)) this.rooms = [...this.rooms, name]
      if (event === 'roomLeave') this.rooms = this.rooms.filter(other => other !== name)
    }
    request.done(null, answer)
  }

  /** @internal */
  protected ask (message: Record<string, any>, done: Done): void {
    if (this.#state === 'connected' && !this.#requests.waiting) return this.#transmit(message, done)
    if (this.#givenUp) return done(new Error(`not connected: ${this.#givenUp.message}`))
    const limit = this.options.queueSize
    if (this.#requests.waiting >= limit) return done(new Error(`not connected, and queueSize (${limit}) requests are waiting already`))
    try {
      this.#requests.keep(this.#requests.create(message, this.options.requestTimeout, done))
    } catch (error) {
      done(error as Error)
    }
  }

  #transmit (message: Record<string, any>, done: Done): void {
    try {
      this.#send(this.#requests.create(message, this.options.requestTimeout, done))
    } catch (error) {
      done(error as Error)
    }
  }

  #send (request: Request): void {
    try {
      this.#socket!.send(this.#requests.send(request))
    } catch (error) {
      this.#requests.forget(request)
      request.done(error as Error)
    }
  }

  // What a listener asks for meanwhile joins the end of the queue: the order of the calls stays.
  #flush (): void {
    while (this.#state === 'connected' && this.#requests.waiting) {
      for (const request of this.#requests.takeWaiting()) this.#send(request)
    }
  }

  #closed (code: number | undefined, reason: string): void {
    if (this.#state === 'connected') this.#lost(code, reason)
    else this.#failed(new Error(`the server could not be reached${reason && ': ' + reason}`))
  }

  // The wire of a connection is gone.
  #lost (code: number | undefined, reason: string, final = false): void {
    const run = this.#run
    const sent = this.#detach()
    const error = new Error(`the connection was lost${reason && ': ' + reason}`)
    const tell = (): void => {
      this.emit('disconnected', { code, reason })
      this.#fail(sent, error)
    }
    if (final || backoff(this.options.reconnect, 1) === null) return this.#end('disconnected', error, tell)
    this.#state = 'reconnecting'
    tell()
    if (run === this.#run) this.#retry(error)
  }

  // The server wants this client to stay away.
  #dismissed (): void {
    const reason = 'the server ended the connection'
    if (this.#state === 'connected') return this.#lost(undefined, reason, true)
    const error = new Error(reason)
    this.#fail(this.#detach(), error)
    this.#end('disconnected', error, () => this.emit('error', error))
  }

  // An attempt did not lead to a connection.
  #failed (error: Error, timedOut = false): void {
    const run = this.#run
    this.#fail(this.#detach(), error)
    if (timedOut) this.emit('timeout')
    this.emit('error', error)
    if (run === this.#run) this.#retry(error, timedOut)
  }

  #retry (error: Error, timedOut = false): void {
    const attempt = ++this.#attempt
    const delay = backoff(this.options.reconnect, attempt)
    if (delay === null) return this.#end(timedOut ? 'timeout' : 'disconnected', error)
    this.#retryTimer = after(delay, () => this.#open())
    this.emit('reconnecting', { attempt, delay })
  }

  // No further attempt is made: whoever waits for a connection is told why.
  #end (state: ClientState, error: Error, tell?: () => void): void {
    this.#state = state
    this.#givenUp = error
    globalThis.removeEventListener?.('online', this.#online)
    const callers = this.#connecting.splice(0)
    const waiting = this.#requests.takeWaiting()
    tell?.()
    for (const done of callers) done(error)
    this.#fail(waiting, error)
  }

  #fail (requests: Array<{ done: Done }>, error: Error): void {
    for (const request of requests) request.done(error)
  }

  #heard (): void {
    clearTimeout(this.#silenceTimer)
    const limit = this.options.pingTimeout
    this.#silenceTimer = after(limit, () => this.#closed(undefined, `no message within pingTimeout (${limit} ms)`))
  }

  #clear (): void {
    for (const timer of [this.#attemptTimer, this.#retryTimer, this.#silenceTimer]) clearTimeout(timer)
    this.#attemptTimer = this.#retryTimer = this.#silenceTimer = undefined
  }

  // Lets the socket go; returns what was sent on it and has no answer.
  #detach (): Array<{ done: Done }> {
    const socket = this.#socket
    this.#clear()
    this.#socket = null
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null
      // Stays: the package "ws" throws an error that nobody listens to.
      socket.onerror = () => {}
      try { socket.close(1000) } catch { /* It is closed already. */ }
    }
    return this.#requests.takeAllSent()
  }
}
