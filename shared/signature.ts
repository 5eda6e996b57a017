// Texts that we sign and read again, in the compact serialisation of JWS (RFC 7515). By hand, because jose signs and verifies by WebCrypto, which costs a
// cold start 6 ms; what others sign with keys of their own is left to jose.
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { isCompactJws } from './compact-jws.ts'
import { algorithmOf, publicOf, type Jwk, type SigningAlgorithm } from './key-set.ts'

/** Why a text was not taken: `unknown_key` if it names a key that is not there, and may be newer than our copy of the set. */
export class SignatureError extends Error {
  override readonly name = 'SignatureError'
  readonly reason: 'unknown_key' | 'invalid'
  constructor(reason: SignatureError['reason']) {
    super(`The signature is ${reason}.`)
    this.reason = reason
  }
}

// RFC 7518 section 3.1; EdDSA hashes by itself (RFC 8037 section 3.1).
const digests: Record<SigningAlgorithm, string | null> = { ES256: 'sha256', RS256: 'sha256', EdDSA: null }
// RFC 7518 section 3.4: r and s side by side, not in DER.
const dsaEncoding = 'ieee-p1363'
// RFC 7518 section 3.3.
const rsaBitsMin = 2_048

/** Once for each key. */
const importing = (make: (jwk: Jwk) => KeyObject) => {
  const made = new WeakMap<Jwk, KeyObject>()
  return (jwk: Jwk) => {
    const known = made.get(jwk)
    if (known) return known
    const key = make(jwk)
    if ((key.asymmetricKeyDetails?.modulusLength ?? rsaBitsMin) < rsaBitsMin) throw new TypeError(`An RSA key that signs must have ${rsaBitsMin} bits at least.`)
    made.set(jwk, key)
    return key
  }
}
const publicKey = importing((jwk) => createPublicKey({ key: publicOf(jwk), format: 'jwk' }))
const privateKey = importing((jwk) => createPrivateKey({ key: jwk, format: 'jwk' }))

/** Signs with a private key, which decides the algorithm. Throws a TypeError for a key of another kind, and what Node says of one that is malformed. Whether its halves belong together is for `npm run secrets` to see. */
export const signed = (jwk: Jwk, typ: string, payload: object): string => {
  const alg = algorithmOf(jwk)
  const text = `${encoded({ alg, typ, ...(jwk.kid === undefined ? {} : { kid: jwk.kid }) })}.${encoded(payload)}`
  return `${text}.${sign(digests[alg], Buffer.from(text), { key: privateKey(jwk), dsaEncoding }).toString('base64url')}`
}

/**
 * What `signed` signed: its payload, if its key is one of these by its `kid`, its algorithm that of the key, and its type this one. Nothing of the payload is
 * read before. Throws a SignatureError; for a key of ours that is no key, as `signed` does.
 */
export const opened = (text: string, typ: string, keys: readonly Jwk[]): Readonly<Record<string, unknown>> => {
  if (!isCompactJws(text)) throw new SignatureError('invalid')
  const [head = '', body = '', signature = ''] = text.split('.')
  const header = decoded(head)
  // An extension that must be understood (RFC 7515 section 4.1.11) is not: we use none.
  if (!header || typeof header['kid'] !== 'string' || 'crit' in header) throw new SignatureError('invalid')
  const jwk = keys.find(({ kid }) => kid === header['kid'])
  if (!jwk) throw new SignatureError('unknown_key')
  const alg = algorithmOf(jwk)
  if (header['alg'] !== alg || header['typ'] !== typ) throw new SignatureError('invalid')
  if (!verify(digests[alg], Buffer.from(`${head}.${body}`), { key: publicKey(jwk), dsaEncoding }, Buffer.from(signature, 'base64url'))) throw new SignatureError('invalid')
  const payload = decoded(body)
  if (!payload) throw new SignatureError('invalid')
  return payload
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JSON object; undefined for anything else. */
const decoded = (part: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
