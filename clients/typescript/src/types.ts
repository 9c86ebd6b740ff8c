/** Where a client stands: `timeout` is `disconnected` after a last attempt that took too long. */
export type ClientState = 'disconnected' | 'connecting' | 'connected' | 'reconnecting' | 'timeout'

/** When a client tries again; every wait is `min * factor^(n-1)` milliseconds, times a random 1 to 2, at most `max`. */
export interface ReconnectOptions {
  /** Milliseconds before the first retry, at least; 500 by default. */
  min?: number
  /** Milliseconds before any retry, at most; 30000 by default. */
  max?: number
  /** What each wait grows by; 2 by default. */
  factor?: number
  /** Retries in a row before the client gives up; 10 by default. `Infinity` is allowed. */
  retries?: number
}

/** Settings of a client. A file served by a Polywire server has that server's values as its defaults. */
export interface ClientOptions {
  /** Origin of the server; the page's own by default, required where there is no page. */
  url?: string
  /** Path of the WebSocket endpoint; `/primus` by default. */
  path?: string
  /** Path of actions over HTTP; `/api` by default. */
  apiPath?: string
  /** Cookie whose value names the session, passed on in the query; `sessionID` by default, empty for none. */
  cookieKey?: string
  /** Milliseconds that one attempt to connect may take, 10000 by default; 0 for no limit. */
  timeout?: number
  /** Milliseconds that an answer may take, counted from the call; 0 by default, for no limit. */
  requestTimeout?: number
  /** Milliseconds without any message after which the wire counts as dead, 45000 by default; 0 for no limit. */
  pingTimeout?: number
  /** When to try again, the first connect included; `false` for never. */
  reconnect?: ReconnectOptions | boolean
  /** Whether rooms are joined again after a reconnect; true by default. */
  rejoin?: boolean
  /** Requests kept while not connected, 1000 by default; more are rejected. */
  queueSize?: number
  /** The WebSocket class; the global one by default. */
  webSocket?: WebSocketClass
  /** Whether actions go over HTTP while not connected (default), or wait like the other requests. */
  fallback?: boolean
}

/** What a client asks of a WebSocket class: the part of the browser's that the package `ws` has too. */
export type WebSocketClass = new (url: string) => WebSocketLike

/** What a client asks of a WebSocket. */
export interface WebSocketLike {
  onopen: ((event: any) => void) | null
  onmessage: ((event: any) => void) | null
  onclose: ((event: any) => void) | null
  onerror: ((event: any) => void) | null
  send(text: string): void
  close(code?: number): void
}

/** What the server says to a request: the action's fields, or a verb's `status` and `data`; `error` where it failed. */
export interface Answer {
  error?: any
  context?: string
  messageId?: any
  [field: string]: any
}

/** The answer to `detailsView`. */
export interface Details extends Answer {
  data: {
    id: string
    fingerprint: string
    rooms: string[]
    [field: string]: any
  }
}

/** What somebody said in a room; `from` is the speaker's connection, 0 for the server. */
export interface ChatMessage {
  message: any
  room: string
  from: string | number
  sentAt: number
  context: 'user'
  [field: string]: any
}

/** Inputs of an action. `messageId` names the request, `httpMethod` counts where it goes over HTTP. */
export type Params = Record<string, any>

/**
 * Gets `(response)`, or `(error, response)` if it declares two parameters or more. `error` is the response's own, else null.
 * Where no answer can come the response is `{error: reason}`.
 */
export type Callback = (errorOrResponse: any, response: any) => void

/** Listeners by event; an event named after any other `context` gets the message. */
export interface ClientEvents {
  connected: () => void
  /** Once for each connection lost; `code` and `reason` of the close, where there were any. */
  disconnected: (close: { code?: number, reason: string }) => void
  /** Before the wait of each retry; `attempt` counts from 1, `delay` is in milliseconds. */
  reconnecting: (next: { attempt: number, delay: number }) => void
  /** The wire is there again, rooms are not yet. */
  reconnect: () => void
  /** An attempt to connect took too long. */
  timeout: () => void
  error: (error: Error) => void
  /** Every message, before its own event. */
  message: (message: any) => void
  welcome: (message: any) => void
  api: (message: any) => void
  alert: (message: any) => void
  say: (message: ChatMessage) => void
}
