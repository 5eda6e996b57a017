// The keys that sign our tokens, as JWKs (RFC 7517), and what others may see of them.
import type { JsonWebKey } from 'node:crypto'

export type Jwk = JsonWebKey & { kid?: string }

/** What `algorithmOf` can answer. */
export const signingAlgorithms = ['ES256', 'RS256', 'EdDSA'] as const
export type SigningAlgorithm = (typeof signingAlgorithms)[number]

/** ES256 by default; RSA gives RS256, which API Gateway's own JWT authorizer needs; OKP gives EdDSA. Throws for any other key. */
export const algorithmOf = ({ kty, crv }: Jwk): SigningAlgorithm => {
  if (kty === 'EC' && crv === 'P-256') return 'ES256'
  if (kty === 'RSA') return 'RS256'
  if (kty === 'OKP' && crv === 'Ed25519') return 'EdDSA'
  throw new TypeError('A signing key must be EC P-256, RSA or OKP Ed25519.')
}

const publicMembers = ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid'] as const

/** A public key with its algorithm and use. */
export type PublicJwk = Pick<Jwk, (typeof publicMembers)[number]> & { kty: string; alg: SigningAlgorithm; use: 'sig' }

/** What others may see of a key set (RFC 7517), each key with its algorithm and use. */
export const publicKeySet = (keys: readonly Jwk[]): { keys: PublicJwk[] } => ({
  keys: keys.map((jwk) => ({ ...(publicOf(jwk) as Pick<PublicJwk, 'kty'>), alg: algorithmOf(jwk), use: 'sig' })),
})

// RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1.
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** Whether it shows more than a public half. */
export const isPrivate = (jwk: object) => privateMembers.some((member) => Object.hasOwn(jwk, member))

/** Its public half. */
export const publicOf = (jwk: Jwk): Jwk => Object.fromEntries(publicMembers.filter((name) => jwk[name] !== undefined).map((name) => [name, jwk[name]]))
