// A clock whose timers all end with the server that set them.
import type { Clock } from '../clock.ts'

export const timers = (clock: Clock): Clock & { close: () => void } => {
  const set = new Set<() => void>()
  return {
    now: clock.now,
    after: (milliseconds, run) => {
      const stop = () => {
        set.delete(stop)
        stopClock()
      }
      const stopClock = clock.after(milliseconds, () => {
        set.delete(stop)
        run()
      })
      set.add(stop)
      return stop
    },
    close: () => { for (const stop of set) stop() },
  }
}
