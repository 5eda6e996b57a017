// Time as the stand-ins see it, so that a test can move it.

/** `now` in milliseconds since 1970; `after` runs once when that many milliseconds have passed, and answers how to call it off. */
export type Clock = {
  now: () => number
  after: (milliseconds: number, run: () => void) => () => void
}

export const realClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}
