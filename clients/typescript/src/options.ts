import type { ClientOptions, ReconnectOptions } from './types.js'

/** The options of a client, each with its value. */
export type Settings = Required<Omit<ClientOptions, 'url' | 'webSocket'>> & Pick<ClientOptions, 'url' | 'webSocket'>

// Replaced by the build with an empty object that the server knows to fill in.
declare const POLYWIRE_OPTIONS: ClientOptions

const Backoff = { min: 500, max: 30000, factor: 2, retries: 10 }

/** @internal Puts together the defaults, what the server filled in, and what the caller wants. */
export function settle (options: ClientOptions | undefined): Settings {
  const settings: any = {
    url: globalThis.location?.origin,
    path: '/primus',
    apiPath: '/api',
    cookieKey: 'sessionID',
    timeout: 10000,
    requestTimeout: 0,
    pingTimeout: 45000,
    reconnect: Backoff,
    rejoin: true,
    queueSize: 1000,
    fallback: true
  }
  for (const source of [POLYWIRE_OPTIONS, options] as any[]) {
    for (const key in source) {
      const value = source[key]
      if (value !== undefined) settings[key] = key === 'reconnect' ? merge(settings[key], value) : value
    }
  }
  return settings
}

// What one source leaves out the one before it has said.
function merge (before: ReconnectOptions | false, now: ReconnectOptions | boolean): ReconnectOptions | false {
  return now === true ? before || Backoff : now && { ...Backoff, ...before, ...now }
}

/** @internal The milliseconds to wait before a retry, or null where there is none. */
export function backoff (reconnect: ReconnectOptions | boolean, attempt: number): number | null {
  if (!reconnect) return null
  const { min, max, factor, retries } = { ...Backoff, ...(reconnect as ReconnectOptions) }
  if (attempt > retries) return null
  // Half of the limit before the jitter: also those who wait the longest do not all come at once.
  const wait = Math.min(max / 2, min * factor ** (attempt - 1)) * (1 + Math.random())
  return Math.round(Math.min(Math.max(1, min, wait), 2 ** 31 - 1))
}

/** @internal The address of the endpoint. `_primuscb` asks for heartbeats that a page can see. */
export function socketUrl (settings: Settings): string {
  const url = serverUrl(settings, settings.path)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const session = cookie(settings.cookieKey)
  const named = session && `${encodeURIComponent(settings.cookieKey)}=${encodeURIComponent(session)}`
  url.search = [url.search.slice(1), named, `_primuscb=${Date.now().toString(36)}`].filter(part => part).join('&')
  return url.href
}

/** @internal The address of a path at the server; the query of the configured address stays. */
export function serverUrl ({ url }: Settings, path: string): URL {
  if (!url) throw new TypeError('there is no page to take the server\'s address from: set the option "url"')
  let server: URL
  try {
    server = new URL(url.replace(/^ws/i, 'http'), globalThis.location?.href)
  } catch {
    throw new TypeError(`the option "url" is no address: ${url}`)
  }
  server.pathname = path
  server.hash = ''
  return server
}

function cookie (key: string): string | undefined {
  const text = key && globalThis.document?.cookie
  const entry = text && text.split(';').map(part => part.trim()).find(part => part.startsWith(key + '='))
  return entry ? entry.slice(key.length + 1) : undefined
}
