// Counts what runs, so that one can wait until only time or a person can go on.

export type Activity = { begin: () => void; end: () => void; settled: () => Promise<void> }

export const activity = (): Activity => {
  let running = 0
  const waiting: (() => void)[] = []
  return {
    begin: () => { running += 1 },
    end: () => {
      running -= 1
      if (running === 0) for (const go of waiting.splice(0)) go()
    },
    settled: () => (running === 0 ? Promise.resolve() : new Promise((resolve) => { waiting.push(resolve) })),
  }
}
