// Asking again while nothing answers, or the service says that it cannot work now.
import { isPassing } from './callgate-error.ts'
import type { Waiting } from './progress.ts'

/** Rejects when the signal aborts. */
export type Wait = (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>

const troubleSeconds = 3

/** Rejects with what will not pass, or has not passed by then. `until` and `now` in milliseconds since 1970. */
export const insist = async <T>(work: () => Promise<T>, { progress, signal }: Waiting, { now, wait, until = Infinity }: { now: () => number; wait: Wait; until?: number }): Promise<T> => {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isPassing(error) || now() >= until) throw error
      if (!signal?.aborted) progress?.({ state: 'trouble', error })
      await wait((error.retryAfterSeconds ?? troubleSeconds) * 1000, signal)
    }
  }
}
