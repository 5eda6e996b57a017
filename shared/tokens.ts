// Access tokens and ID tokens: made with the first signing key, which decides the algorithm, and checked by every public key.
import { createLocalJWKSet, decodeProtectedHeader, errors, importJWK, jwtVerify, SignJWT, type CryptoKey, type JWK } from 'jose'
import { isCompactJws } from './compact-jws.ts'
import { isUserId, userName, type UserId } from './user-id.ts'

/** Who signed in, on which device, and how: what a token says. Times in seconds since 1970. */
export type SignIn = { user: UserId; device: string; client: string; scope: string; authTime: number; jkt?: string | undefined }

export const accessTokenSeconds = 600

// RFC 8176: a telephone call, confirmed on another channel than the app's.
const amr = ['tel', 'mca']

/** What `algorithmOf` can answer. */
export const signingAlgorithms = ['ES256', 'RS256', 'EdDSA'] as const

/** ES256 by default; RSA gives RS256, which API Gateway's own JWT authorizer needs; OKP gives EdDSA. Throws for any other key. */
export const algorithmOf = ({ kty, crv }: JWK): (typeof signingAlgorithms)[number] => {
  if (kty === 'EC' && crv === 'P-256') return 'ES256'
  if (kty === 'RSA') return 'RS256'
  if (kty === 'OKP' && crv === 'Ed25519') return 'EdDSA'
  throw new TypeError('A signing key must be EC P-256, RSA or OKP Ed25519.')
}

const publicMembers = ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid'] as const

/** What others may see of a key set (RFC 7517), each key with its algorithm and use. */
export const publicKeySet = (keys: readonly JWK[]): { keys: JWK[] } => ({
  keys: keys.map((jwk) => ({ ...(publicOf(jwk) as JWK), alg: algorithmOf(jwk), use: 'sig' })),
})

const publicOf = (jwk: JWK) => Object.fromEntries(publicMembers.filter((name) => jwk[name] !== undefined).map((name) => [name, jwk[name]]))

const imported = new WeakMap<JWK, Promise<CryptoKey | Uint8Array>>()
const signingKey = (jwk: JWK) => {
  const key = imported.get(jwk) ?? importJWK(jwk, algorithmOf(jwk))
  imported.set(jwk, key)
  return key
}

const keySets = new WeakMap<readonly JWK[], ReturnType<typeof createLocalJWKSet>>()
const keySet = (keys: readonly JWK[]) => {
  const set = keySets.get(keys) ?? createLocalJWKSet(publicKeySet(keys))
  keySets.set(keys, set)
  return set
}

/** The claims that a checked access token is taken at. */
export type AccessToken = { user: UserId; device: string; client: string; scope: string; jkt?: string }

/** Why a token was not taken: `unknown_key` may be a key newer than our copy of the set. */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  readonly reason: 'expired' | 'unknown_key' | 'invalid'
  constructor(reason: TokenError['reason'], cause?: unknown) {
    super(`The access token is ${reason}.`, { cause })
    this.reason = reason
  }
}

// A key that is newer than our copy may be of another kind, whose algorithm is then refused before its kid is looked for.
const isOfUnknownKey = (cause: unknown, token: string, keys: readonly JWK[]) => {
  if (cause instanceof errors.JWKSNoMatchingKey) return true
  if (!(cause instanceof errors.JOSEAlgNotAllowed)) return false
  const { kid } = decodeProtectedHeader(token)
  return kid !== undefined && !keys.some((key) => key.kid === kid)
}

export type TokenConfig = { issuer: string; audience: string; now: () => number; random: (bytes: number) => Buffer }

export const tokens = ({ issuer, audience, now, random }: TokenConfig) => {
  const sign = async (jwk: JWK, typ: string, subject: UserId, aud: string, claims: Record<string, unknown>) => {
    const issuedAt = Math.floor(now() / 1000)
    return new SignJWT({ ...claims, preferred_username: userName(subject) })
      .setProtectedHeader({ alg: algorithmOf(jwk), typ, ...(jwk.kid === undefined ? {} : { kid: jwk.kid }) })
      .setIssuer(issuer)
      .setAudience(aud)
      .setSubject(subject)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + accessTokenSeconds)
      .sign(await signingKey(jwk))
  }

  return {
    /** RFC 9068, for our own API and the app's; good for 600 s. With `jkt`, bound to that key (RFC 9449 section 6.1). */
    accessToken: (jwk: JWK, { user, device, client, scope, authTime, jkt }: SignIn) => {
      const claims = { sid: device, client_id: client, scope, auth_time: authTime, amr, jti: random(16).toString('base64url') }
      return sign(jwk, 'at+jwt', user, audience, { ...claims, ...(jkt === undefined ? {} : { cnf: { jkt } }) })
    },

    /** OpenID Connect Core 1.0 section 2, for the client that asked; good for 600 s. */
    idToken: (jwk: JWK, { user, device, client, authTime }: SignIn) => sign(jwk, 'JWT', user, client, { sid: device, auth_time: authTime, amr }),

    /** Checks signature, algorithm, type, issuer, audience and times (RFC 9068 section 4), five seconds of skew allowed. Throws a TokenError. */
    checkAccessToken: async (token: string, keys: readonly JWK[]): Promise<AccessToken> => {
      if (!isCompactJws(token)) throw new TokenError('invalid')
      const { payload } = await jwtVerify(token, keySet(keys), {
        issuer,
        audience,
        typ: 'at+jwt',
        algorithms: [...new Set(keys.map(algorithmOf))],
        currentDate: new Date(now()),
        clockTolerance: 5,
        requiredClaims: ['exp', 'iat', 'jti', 'client_id', 'sid'],
      }).catch((cause: unknown) => {
        throw new TokenError(cause instanceof errors.JWTExpired ? 'expired' : isOfUnknownKey(cause, token, keys) ? 'unknown_key' : 'invalid', cause)
      })
      const { sub, sid, client_id, scope, cnf } = payload
      if (!isUserId(sub) || typeof sid !== 'string' || typeof client_id !== 'string' || typeof scope !== 'string') throw new TokenError('invalid')
      if (cnf === undefined) return { user: sub, device: sid, client: client_id, scope }
      const jkt = typeof cnf === 'object' && cnf !== null && 'jkt' in cnf ? cnf.jkt : undefined
      if (typeof jkt !== 'string') throw new TokenError('invalid')
      return { user: sub, device: sid, client: client_id, scope, jkt }
    },
  }
}
