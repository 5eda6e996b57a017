// Asking again for as long as it takes.
import { waitSeconds } from './wait-seconds.ts'

const retrySeconds = 3

/** Rejects with what `isOver` knows for an end, or with the signal's reason. */
export const insist = async <T>(work: () => Promise<T>, { isOver, trouble, signal }: { isOver: (error: unknown) => boolean; trouble: () => void; signal: AbortSignal }): Promise<T> => {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (isOver(error)) throw error
      trouble()
      await waitSeconds(retrySeconds, signal)
    }
  }
}
