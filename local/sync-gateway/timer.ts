// Timers of any length: Node's own fire at once above 2^31 ms.
import type { Clock } from '../clock.ts'

const timerMsMax = 2 ** 31 - 1

/** `run` at a time in milliseconds since 1970, or never. Answers how to call it off. */
export const scheduleExpiry = (clock: Clock, at: number | undefined, run: () => void): (() => void) => {
  if (at === undefined) return () => {}
  const remaining = Math.max(0, at - clock.now())
  let stop = () => {}
  if (remaining > timerMsMax) {
    const cancel = clock.after(timerMsMax, () => { stop = scheduleExpiry(clock, at, run) })
    stop = cancel
  } else stop = clock.after(remaining, run)
  return () => stop()
}
