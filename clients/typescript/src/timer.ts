export type Timer = ReturnType<typeof setTimeout> | undefined

/** Runs something later. None, negative and endless times are never; timers count to 2^31 - 1 milliseconds at most. */
export function after (milliseconds: number, run: () => void): Timer {
  return milliseconds > 0 && milliseconds < Infinity ? setTimeout(run, Math.min(milliseconds, 2 ** 31 - 1)) : undefined
}
