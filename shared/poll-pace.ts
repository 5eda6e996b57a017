// How fast each app polls, judged from this sandbox's memory and never written: a courtesy, not a lock.

// Networks jitter: a poll that is early by this much is on time.
const toleranceMilliseconds = 500
const slowDownSeconds = 5
const keptMax = 10_000

/** Answers whether a poll that found its call pending came too soon (CIBA Core 1.0 section 11); the first never does. */
export const pollPace = ({ intervalSeconds, now }: { intervalSeconds: number; now: () => number }) => {
  const polls = new Map<string, { at: number; interval: number }>()

  return (key: string) => {
    const last = polls.get(key)
    const soon = last !== undefined && now() - last.at < last.interval * 1000 - toleranceMilliseconds
    const interval = (last?.interval ?? intervalSeconds) + (soon ? slowDownSeconds : 0)
    polls.delete(key) // Put back at the end, so that the first entry is the one unseen for longest.
    polls.set(key, { at: now(), interval })
    const [oldest] = polls.keys()
    if (polls.size > keptMax && oldest !== undefined) polls.delete(oldest)
    return soon
  }
}
