// The expiry of a document, as `_exp` and `expiry()` give it. Source: ReflectExpiry in base/util.go.
import { parseTime } from './go-time.ts'
import type { Json } from './json.ts'
import { isNumber, literal, wholeNumber } from './json.ts'

const deltaMax = 2_592_000
const uint32Max = 0xffff_ffff

/** Undefined where it says nothing; otherwise milliseconds since 1970, 0 for never. Throws an Error that says what is wrong. */
export const expiryOf = (value: Json | undefined, now: number): number | undefined => {
  if (value === undefined || value === null) return undefined
  const seconds = ranged(secondsOf(value))
  if (seconds === 0) return 0
  return seconds <= deltaMax ? now + seconds * 1000 : seconds * 1000
}

/** As `expiryOf` for a sync function: fractions are cut, and what cannot be an expiry does nothing. */
export const askedExpiry = (values: Json[], now: number) => {
  let asked: number | undefined
  for (const value of values) {
    try {
      asked = expiryOf(typeof value === 'number' ? Math.trunc(value) : value, now) ?? asked
    } catch {
      continue
    }
  }
  return asked
}

const secondsOf = (value: Json) => {
  if (isNumber(value)) {
    const whole = wholeNumber(value)
    if (whole === undefined) throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(literal(value))}: invalid syntax`)
    return Number(whole)
  }
  if (typeof value !== 'string') throw new Error('Unrecognized expiry format')
  if (/^[+-]?\d+$/.test(value) && Math.abs(Number(value)) < 2 ** 31) return Number(value)
  try {
    return Math.floor(parseTime(value) / 1000)
  } catch (cause) {
    throw new Error(`Unable to parse expiry ${value} as either numeric or date expiry: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

const ranged = (seconds: number) => {
  if (seconds < 0 || seconds > uint32Max) throw new Error(`Expiry value is not within valid range: ${seconds}`)
  return seconds
}

/** As `show_exp` shows it. */
export const shownTime = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`
