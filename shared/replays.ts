// What must come only once: remembered by this sandbox for as long as it would be taken, and never more of it than there is room for.

type Limits = { now: () => number; keptMax: number }

/** Answers whether a key came before, and remembers it until its `end` (milliseconds since 1970). When full, the oldest is forgotten. */
export const replays = ({ now, keptMax }: Limits) => {
  const ends = new Map<string, number>()

  return (key: string, end: number) => {
    if ((ends.get(key) ?? -Infinity) >= now()) return true
    ends.delete(key) // Put back at the end, so that the first entry is the oldest.
    ends.set(key, end)
    const [oldest] = ends.keys()
    if (ends.size > keptMax && oldest !== undefined) ends.delete(oldest)
    return false
  }
}
