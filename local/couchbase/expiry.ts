// When a document expires, from the number of seconds that stands on the wire.

const relativeSecondsMax = 30 * 24 * 60 * 60

/** Milliseconds since 1970, 0 for never. A real server counts whole seconds, and so may keep a document up to one second longer. */
export const expiresAt = (seconds: number, now: number) => {
  if (seconds === 0) return 0
  return seconds <= relativeSecondsMax ? now + seconds * 1_000 : seconds * 1_000
}
