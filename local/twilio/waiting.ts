// How a player waits: for time, a key or an answer, and never past the end of its call.
import type { Clock } from '../clock.ts'
import type { Activity } from './activity.ts'

/** Both reject with the signal's reason when it aborts. */
export const waiting = ({ clock, signal, work }: { clock: Clock; signal: AbortSignal; work: Activity }) => ({
  /** Undefined when the time is over, or what was taken before. Whoever only waits for time or a person does not count as work. */
  time: <T>(milliseconds: number, listen: (take: (value: T) => void) => () => void = () => () => {}): Promise<T | undefined> => {
    signal.throwIfAborted()
    if (milliseconds <= 0) return Promise.resolve(undefined)
    return new Promise((resolve, reject) => {
      const over = () => {
        stopClock()
        stopListening()
        signal.removeEventListener('abort', stop)
        work.begin()
      }
      const stop = () => {
        over()
        reject(signal.reason as Error)
      }
      const take = (value: T | undefined) => {
        over()
        resolve(value)
      }
      const stopClock = clock.after(milliseconds, () => take(undefined))
      const stopListening = listen(take)
      signal.addEventListener('abort', stop)
      work.end()
    })
  },

  /** The promise's value. */
  unless: <T>(promise: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const stop = () => reject(signal.reason as Error)
      signal.addEventListener('abort', stop, { once: true })
      void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
    }),
})
