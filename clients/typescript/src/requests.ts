import { guarded } from './emitter.js'
import { after, type Timer } from './timer.js'
import type { Answer, Callback } from './types.js'

/** Told once: the answer, or why none can come. */
export type Done = (error: Error | null, answer?: Answer) => void

/** One request from the call to its end. */
export interface Request {
  readonly event: string
  readonly room?: unknown
  /** The message as JSON, without its id. */
  readonly body: string
  readonly id: unknown
  readonly done: Done
}

/** Starts something whose end goes to the callback where there is one, else to the Promise that is returned. */
export function promised<T extends Answer> (callback: unknown, start: (done: Done) => void): Promise<T> | undefined {
  if (typeof callback !== 'function') {
    return new Promise((resolve, reject) => start((error, answer) => error ? reject(error) : resolve(answer as T)))
  }
  start((error, answer) => {
    const response: any = error ? { error: error.message } : answer
    guarded(() => callback.length > 1 ? (callback as Callback)(response?.error ?? null, response) : callback(response))
  })
  return undefined
}

// How many unanswered requests that nobody waits for are remembered on one connection.
const MaxAbandoned = 1000

/** The requests that are not over: those that wait for a connection, and those that wait for their answer. */
export class Requests {
  #waiting = new Set<Request>()
  #sent = new Map<string, Request>()
  // The ids of those that ran out of time: an answer may still come, and belongs to nobody else.
  #abandoned = new Set<string>()
  #lastId = 0

  /** How many wait for a connection. */
  get waiting (): number { return this.#waiting.size }

  /** The last id given out; ids count from 1 on each connection. */
  get lastId (): number { return this.#lastId }

  /** Makes a request of a message; throws where it cannot be sent. A time limit runs from here. */
  create (message: Record<string, any>, limit: number, done: Done): Request {
    if (message === null || typeof message !== 'object') throw new TypeError('a request is an object')
    const { messageId, ...rest } = message
    let over = false
    const request: Request = {
      event: String(rest.event),
      room: rest.room,
      body: JSON.stringify(rest),
      id: messageId,
      done: (error, answer) => {
        if (over) return
        over = true
        clearTimeout(timer)
        done(error, answer)
      }
    }
    const timer: Timer = after(limit, () => {
      this.#abandon(request)
      request.done(new Error(`no answer to "${request.event}" within requestTimeout (${limit} ms)`))
    })
    return request
  }

  /** Keeps a request until there is a connection. */
  keep (request: Request): void { this.#waiting.add(request) }

  /** Takes what was kept, in the order of the calls. */
  takeWaiting (): Request[] {
    const taken = [...this.#waiting]
    this.#waiting.clear()
    return taken
  }

  /** Gives a request its id and returns the text to send; throws where the id is taken. */
  send (request: Request): string {
    let id = request.id
    if (!id) {
      do id = ++this.#lastId; while (this.#isTaken(String(id)))
    }
    const key = JSON.stringify(id)
    if (this.#isTaken(key)) throw new Error(`a request with the messageId ${key} has no answer yet`)
    this.#sent.set(key, request)
    return `{"messageId":${key}${request.body === '{}' ? '' : ','}${request.body.slice(1)}`
  }

  /** Takes the request that an answer belongs to. */
  takeSent (answer: Answer): Request | undefined {
    const key = JSON.stringify(answer.messageId)
    const request = this.#sent.get(key)
    this.#sent.delete(key)
    this.#abandoned.delete(key)
    return request
  }

  /** Takes all that have no answer, and counts from 1 again: nothing of theirs can come on another connection. */
  takeAllSent (): Request[] {
    const taken = [...this.#sent.values()]
    this.#sent.clear()
    this.#abandoned.clear()
    this.#lastId = 0
    return taken
  }

  /** Lets a request go that could not be sent. */
  forget (request: Request): void {
    this.#waiting.delete(request)
    const key = this.#keyOf(request)
    if (key !== undefined) this.#sent.delete(key)
  }

  // Lets a request go that may be answered later.
  #abandon (request: Request): void {
    const key = this.#keyOf(request)
    this.forget(request)
    if (key === undefined) return
    this.#abandoned.add(key)
    if (this.#abandoned.size > MaxAbandoned) this.#abandoned.delete(this.#abandoned.values().next().value!)
  }

  #isTaken (key: string): boolean { return this.#sent.has(key) || this.#abandoned.has(key) }

  // The id it was sent with, as JSON; none while it waits.
  #keyOf (request: Request): string | undefined {
    for (const [key, other] of this.#sent) if (other === request) return key
    return undefined
  }
}
