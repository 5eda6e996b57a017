// A limit: so many calls in so long, counted in windows that begin on the clock.

export type Limit = { callsMax: number; windowSeconds: number }

const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const
// The counter forgets after 30 days at most.
const windowSecondsMax = 28 * unitSeconds.d
const written = /^(\d{1,7})\/(\d{1,5})([smhd])$/

/**
 * Reads limits such as `5/10m,10/1d`: 5 in ten minutes and 10 in a day, the shortest window first. A count of 0 lets nobody through; only the
 * word `off` means that there is no limit. Undefined if it is malformed, or names a window twice or one longer than 28 days.
 */
export const parseLimits = (text: string): Limit[] | undefined => {
  if (text === 'off') return []
  const limits = text.split(',').map((item) => parse(item.trim()))
  if (!limits.every((limit) => limit !== undefined)) return undefined
  const windows = new Set(limits.map(({ windowSeconds }) => windowSeconds))
  return windows.size === limits.length ? limits.sort((left, right) => left.windowSeconds - right.windowSeconds) : undefined
}

/**
 * The window of this moment (milliseconds since 1970), and the whole seconds until the next one. Windows are counted from 1970, so all sandboxes
 * agree on them, a day begins at midnight UTC, and the rest is known without asking: around the end of a window twice the limit may pass.
 */
export const windowAt = ({ windowSeconds }: Limit, now: number) => {
  const starts = Math.floor(now / 1_000 / windowSeconds) * windowSeconds
  return { starts: new Date(starts * 1_000).toISOString(), restSeconds: Math.ceil(starts + windowSeconds - now / 1_000) }
}

const parse = (item: string): Limit | undefined => {
  const [, calls, count, unit] = written.exec(item) ?? []
  const windowSeconds = Number(count) * (unitSeconds[unit as keyof typeof unitSeconds] ?? NaN)
  return windowSeconds >= 1 && windowSeconds <= windowSecondsMax ? { callsMax: Number(calls), windowSeconds } : undefined
}
