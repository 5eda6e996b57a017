// Time that runs out on the screen.
import { duration } from './duration.ts'

/** Writes what is left of the time until `until` (milliseconds since 1970) every second, and says when it is over. Answers how to stop it. */
export const countdown = (until: number, { write, over = () => {} }: { write: (left: string) => void; over?: () => void }) => {
  const tick = () => {
    const left = until - Date.now()
    write(duration(left))
    if (left > 0) return
    stop()
    over()
  }
  const timer = setInterval(tick, 1000)
  const stop = () => clearInterval(timer)
  tick()
  return stop
}
