// How much a random test does: what suits every day, times FACTOR for a long run; and SEED, to see a failed run again.

const { FACTOR: factor = '1', SEED: seed } = process.env

/** For fast-check: so many runs, times the factor. */
export const runs = (everyDay: number) => ({ numRuns: Math.ceil(everyDay * Number(factor)), ...(seed === undefined ? {} : { seed: Number(seed) }) })

/** The time that a test may take, for so many seconds of every day. */
export const timeFor = (everyDaySeconds: number) => Math.ceil(everyDaySeconds * 1_000 * Math.max(1, Number(factor)))
