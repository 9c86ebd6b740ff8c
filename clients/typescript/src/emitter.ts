import type { ClientEvents } from './types.js'

type Listener = (...values: any[]) => void
interface Entry { listener: Listener, once: boolean }

/** @internal Runs the caller's code: what it throws is reported as uncaught and stops nothing of ours. */
export function guarded (run: () => void): void {
  try { run() } catch (error) { queueMicrotask(() => { throw error }) }
}

/** Listeners by the name of an event, called in the order they were added. */
export class Emitter {
  #entries = new Map<string, Entry[]>()

  /** Adds a listener. */
  on<E extends keyof ClientEvents> (event: E, listener: ClientEvents[E]): this
  on (event: string, listener: (...values: any[]) => void): this
  on (event: string, listener: Listener): this {
    return this.#add(event, { listener, once: false })
  }

  /** Adds a listener for the next time only. */
  once<E extends keyof ClientEvents> (event: E, listener: ClientEvents[E]): this
  once (event: string, listener: (...values: any[]) => void): this
  once (event: string, listener: Listener): this {
    return this.#add(event, { listener, once: true })
  }

  /** Removes a listener, or all of the event. */
  off (event: string, listener?: (...values: any[]) => void): this {
    const left = listener ? (this.#entries.get(event) ?? []).filter(entry => entry.listener !== listener) : []
    if (left.length) this.#entries.set(event, left)
    else this.#entries.delete(event)
    return this
  }

  /** The same as `on`. */
  addListener (event: string, listener: (...values: any[]) => void): this { return this.on(event, listener) }

  /** The same as `off`. */
  removeListener (event: string, listener?: (...values: any[]) => void): this { return this.off(event, listener) }

  /** Removes the listeners of an event, or of all. */
  removeAllListeners (event?: string): this {
    if (event === undefined) this.#entries.clear()
    else this.#entries.delete(event)
    return this
  }

  /** Calls the listeners of an event; one that throws does not stop the others. Tells whether there were any. */
  emit (event: string, ...values: any[]): boolean {
    const entries = this.#entries.get(event)
    if (!entries) return false
    for (const entry of entries) {
      if (entry.once) this.#remove(event, entry)
      guarded(() => entry.listener.apply(this, values))
    }
    return true
  }

  // Lists are replaced, never changed: the one that emit walks through stays as it was.
  #add (event: string, entry: Entry): this {
    if (typeof entry.listener !== 'function') throw new TypeError(`the listener for "${event}" is no function`)
    this.#entries.set(event, [...(this.#entries.get(event) ?? []), entry])
    return this
  }

  #remove (event: string, entry: Entry): void {
    const left = (this.#entries.get(event) ?? []).filter(other => other !== entry)
    if (left.length) this.#entries.set(event, left)
    else this.#entries.delete(event)
  }
}
