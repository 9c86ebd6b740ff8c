import { actionOverHttp } from './http.js'
import { promised } from './requests.js'
import { Session } from './session.js'
import type { Answer, Callback, Details, Params } from './types.js'

/**
 * A connection to a Polywire or ActionHero server that comes back when it is lost.
 *
 * Methods take a callback, or return a Promise where there is none. A Promise resolves with the response also where that has an
 * `error`; it rejects only if no answer can come, and a request is never sent twice.
 */
export class PolywireClient extends Session {
  /** Connects, and tries again as `reconnect` says; ends with the first success or the final failure. While connected it starts afresh. */
  connect (): Promise<Details>
  connect (callback: (error: string | null, details: Details) => void): void
  connect (callback?: (error: string | null, details: Details) => void): Promise<Details> | void {
    // Always (error, details), however many parameters are declared.
    const both = callback && ((error: any, details: any) => callback(error, details))
    return promised<Details>(both, done => this.start(done)) as Promise<Details>
  }

  /** Runs an action; over HTTP while not connected. */
  action<T extends Answer = Answer> (name: string, params?: Params): Promise<T>
  action (name: string, callback: Callback): void
  action (name: string, params: Params | null | undefined, callback: Callback): void
  action (name: string, params?: Params | Callback | null, callback?: Callback): Promise<any> | void {
    if (typeof params === 'function') return this.action(name, null, params as Callback)
    const inputs: Params = { ...params, action: name }
    return promised(callback, done => {
      if (this.state !== 'connected' && this.options.fallback) {
        actionOverHttp(this.options, name, inputs).then(answer => done(null, answer), done)
      } else {
        delete inputs.httpMethod
        this.ask({ event: 'action', params: inputs, messageId: inputs.messageId }, done)
      }
    })
  }

  /** Says something in a room that this client is in. */
  say (room: string, message: any): Promise<Answer>
  say (room: string, message: any, callback: Callback): void
  say (room: string, message: any, callback?: Callback): any { return this.#verb({ event: 'say', room, message }, callback) }

  /** Shows who is in a room that this client is in. */
  roomView (room: string): Promise<Answer>
  roomView (room: string, callback: Callback): void
  roomView (room: string, callback?: Callback): any { return this.#verb({ event: 'roomView', room }, callback) }

  /** Joins a room. */
  roomAdd (room: string): Promise<Answer>
  roomAdd (room: string, callback: Callback): void
  roomAdd (room: string, callback?: Callback): any { return this.#verb({ event: 'roomAdd', room }, callback) }

  /** Leaves a room. */
  roomLeave (room: string): Promise<Answer>
  roomLeave (room: string, callback: Callback): void
  roomLeave (room: string, callback?: Callback): any { return this.#verb({ event: 'roomLeave', room }, callback) }

  /** Shows this connection: id, rooms, counters. */
  detailsView (): Promise<Details>
  detailsView (callback: Callback): void
  detailsView (callback?: Callback): any { return this.#verb({ event: 'detailsView' }, callback) }

  /** Shows every action of the server. */
  documentation (): Promise<Answer>
  documentation (callback: Callback): void
  documentation (callback?: Callback): any { return this.#verb({ event: 'documentation' }, callback) }

  /** Gets a public file as text, or as base64 with `{encoding: 'base64'}`. */
  file (path: string, options?: { encoding?: string }): Promise<Answer>
  file (path: string, callback: Callback): void
  file (path: string, options: { encoding?: string } | null | undefined, callback: Callback): void
  file (path: string, options?: any, callback?: Callback): any {
    if (typeof options === 'function') return this.file(path, null, options)
    return this.#verb({ event: 'file', file: path, encoding: options?.encoding }, callback)
  }

  /** Sends any request object; its `messageId` is kept. */
  send (message: Record<string, any>): Promise<Answer>
  send (message: Record<string, any>, callback: Callback): void
  send (message: Record<string, any>, callback?: Callback): any { return this.#verb(message, callback) }

  #verb (message: Record<string, any>, callback: unknown): Promise<Answer> | undefined {
    return promised(callback, done => this.ask(message, done))
  }
}
