// Nonces for DPoP proofs (RFC 9449 section 8), kept nowhere: each says when it was made, with a MAC that nobody else can make.
import { equal, firstKey, keyed } from './digest.ts'

const nonceMilliseconds = 60_000
// The clocks of two sandboxes differ a little.
const skewMilliseconds = 5_000
const pattern = /^(\d{13})\.([\w-]{43})$/

/** By the first key; `now` in milliseconds since 1970. Throws a TypeError if there is no key. */
export const makeNonce = (tokenKeys: readonly string[], now: number) => {
  const made = String(Math.floor(now))
  return `${made}.${mac(firstKey(tokenKeys), made)}`
}

/** Until when a nonce is good, in milliseconds since 1970; undefined if it is not, or if none of the keys made it. */
export const nonceEnd = (nonce: string, tokenKeys: readonly string[], now: number): number | undefined => {
  const [, made, given] = pattern.exec(nonce) ?? []
  if (made === undefined || given === undefined) return undefined
  const end = Number(made) + nonceMilliseconds
  const current = end >= now && Number(made) <= now + skewMilliseconds
  return current && tokenKeys.some((key) => equal(given, mac(key, made))) ? end : undefined
}

const mac = (key: string, made: string) => keyed(key, 'dpop_nonce', made)
