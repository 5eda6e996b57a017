// Rotating the signing key in three steps, hours apart, so that whoever checks tokens always knows the key before it signs and after.
import { createPublicKey, type JsonWebKey } from 'node:crypto'

export type Jwk = JsonWebKey & { kid: string }
/** A key set, and since when it is so, in milliseconds since 1970. */
export type KeySet = { keys: Jwk[]; since: number }

/** What to write next, in this order, or until when to wait. */
export type Step =
  | { step: 'announce'; signing: Jwk[]; public: Jwk[] }
  | { step: 'switch'; signing: Jwk[] }
  | { step: 'retire'; public: Jwk[] }
  | { step: 'wait'; until: number; before: 'switch' | 'retire' }

// Others keep our public keys for up to an hour, our functions a copy of either set for as long when Secrets Manager is down, and a token lives for ten minutes.
export const overlapMilliseconds = 3 * 3_600_000

/** The public half, with the same `kid`. Also of one that is public already. */
export const publicHalf = (jwk: Jwk): Jwk => ({ ...createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'jwk' }), kid: jwk.kid })

/** The first key signs. A step that died half way is the next step again. */
export const nextStep = (signing: KeySet, known: KeySet, fresh: () => Jwk, now: number): Step => {
  const [current, next] = signing.keys
  if (!current) throw new TypeError('There is no signing key.')
  const isKnown = (key: Jwk) => known.keys.some(({ kid }) => kid === key.kid)
  const others = known.keys.filter(({ kid }) => kid !== current.kid && kid !== next?.kid)
  if (next && isKnown(next)) {
    const until = known.since + overlapMilliseconds
    return now >= until ? { step: 'switch', signing: [next] } : { step: 'wait', until, before: 'switch' }
  }
  if (!next && others.length > 0) {
    const until = signing.since + overlapMilliseconds
    return now >= until ? { step: 'retire', public: [publicHalf(current)] } : { step: 'wait', until, before: 'retire' }
  }
  const announced = next ?? fresh()
  return { step: 'announce', signing: [current, announced], public: [...others, current, announced].map(publicHalf) }
}
