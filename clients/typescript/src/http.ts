import { serverUrl, type Settings } from './options.js'
import { after } from './timer.js'
import type { Answer, Params } from './types.js'

/** Runs an action over HTTP. The answer's JSON counts whatever its status is. */
export async function actionOverHttp (settings: Settings, name: string, { httpMethod, ...params }: Params): Promise<Answer> {
  const method = String(httpMethod || 'POST').toUpperCase()
  const url = serverUrl(settings, settings.apiPath)
  url.searchParams.set('action', name)
  const request: RequestInit = { method }
  if (method === 'GET' || method === 'HEAD') {
    for (const key in params) {
      const value = params[key]
      if (value === undefined || key === 'action') continue
      url.searchParams.set(key, typeof value === 'object' ? JSON.stringify(value) : String(value))
    }
  } else {
    request.headers = { 'Content-Type': 'application/json' }
    request.body = JSON.stringify({ ...params, action: name })
  }

  const abort = new AbortController()
  const limit = settings.requestTimeout
  const timer = after(limit, () => abort.abort())
  try {
    const response = await fetch(url, { ...request, signal: abort.signal })
    const responseText = await response.text()
    try {
      return JSON.parse(responseText)
    } catch {
      return { error: { statusText: response.statusText, responseText } }
    }
  } catch (error) {
    throw new Error(abort.signal.aborted
      ? `no answer to the action "${name}" within requestTimeout (${limit} ms)`
      : `the action "${name}" could not be sent over HTTP: ${(error as Error).message}`)
  } finally {
    clearTimeout(timer)
  }
}
