// A clock that stands still until a test moves it.
import type { Clock } from '../local/clock.ts'

export const manualClock = (start = Date.parse('2026-11-24T12:00:00Z')) => {
  let time = start
  const waiting = new Set<{ at: number; run: () => void }>()
  const clock: Clock = {
    now: () => time,
    after: (milliseconds, run) => {
      const entry = { at: time + milliseconds, run }
      waiting.add(entry)
      return () => waiting.delete(entry)
    },
  }
  const advance = (milliseconds: number) => {
    const until = time + milliseconds
    for (;;) {
      const next = [...waiting].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      waiting.delete(next)
      time = Math.max(time, next.at)
      next.run()
    }
    time = until
  }
  return { ...clock, advance }
}
