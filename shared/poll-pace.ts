// How fast each app polls, judged from this sandbox's memory and never written: a courtesy, not a lock.

// Networks jitter: a poll that is early by this much is on time.
const toleranceMilliseconds = 500
const slowDownSeconds = 5
const keptMax = 10_000

/**
 * Answers whether a poll that found its call pending came too soon (CIBA Core 1.0 section 11); the first never does. It is judged by when it
 * arrived (milliseconds since 1970), because what we take to answer is not the app's. The poll after one that `waited` may come at once.
 */
export const pollPace = ({ intervalSeconds }: { intervalSeconds: number }) => {
  const polls = new Map<string, { at: number; interval: number }>()

  const note = (key: string, at: number, interval: number) => {
    polls.delete(key) // Put back at the end, so that the first entry is the one unseen for longest.
    polls.set(key, { at, interval })
    const [oldest] = polls.keys()
    if (polls.size > keptMax && oldest !== undefined) polls.delete(oldest)
  }

  return {
    tooSoon: (key: string, arrivedAt: number) => {
      const last = polls.get(key)
      const soon = last !== undefined && arrivedAt - last.at < last.interval * 1000 - toleranceMilliseconds
      note(key, arrivedAt, (last?.interval ?? intervalSeconds) + (soon ? slowDownSeconds : 0))
      return soon
    },
    waited: (key: string) => note(key, -Infinity, polls.get(key)?.interval ?? intervalSeconds),
  }
}

export type PollPace = ReturnType<typeof pollPace>
