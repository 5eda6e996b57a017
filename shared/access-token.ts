// An access token as it comes back to us: its signature first, then what it says.
import { opened, SignatureError } from './signature.ts'
import type { Jwk } from './key-set.ts'
import { accessTokenType } from './tokens.ts'
import { isUserId, type UserId } from './user-id.ts'

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

export type AccessTokenConfig = { issuer: string; audience: string; /** Milliseconds since 1970. */ now: () => number }

const skewSeconds = 5

/** Checks signature, algorithm, type, issuer, audience and times (RFC 9068 section 4), five seconds of skew allowed. Throws a TokenError. */
export const accessTokenCheck = ({ issuer, audience, now }: AccessTokenConfig) => (token: string, keys: readonly Jwk[]): AccessToken => {
  const { iss, aud, exp, iat, nbf, jti, sub, sid, client_id, scope, cnf } = claimsOf(token, keys)
  const at = Math.floor(now() / 1000)
  if (iss !== issuer || aud !== audience || !isTime(exp) || !isTime(iat) || typeof jti !== 'string') throw new TokenError('invalid')
  if (nbf !== undefined && !(isTime(nbf) && nbf <= at + skewSeconds)) throw new TokenError('invalid')
  if (exp <= at - skewSeconds) throw new TokenError('expired')
  if (!isUserId(sub) || typeof sid !== 'string' || typeof client_id !== 'string' || typeof scope !== 'string') throw new TokenError('invalid')
  if (cnf === undefined) return { user: sub, device: sid, client: client_id, scope }
  const jkt = typeof cnf === 'object' && cnf !== null && 'jkt' in cnf ? cnf.jkt : undefined
  if (typeof jkt !== 'string') throw new TokenError('invalid')
  return { user: sub, device: sid, client: client_id, scope, jkt }
}

const claimsOf = (token: string, keys: readonly Jwk[]) => {
  try {
    return opened(token, accessTokenType, keys)
  } catch (cause) {
    if (cause instanceof SignatureError) throw new TokenError(cause.reason, cause)
    throw cause
  }
}

const isTime = (value: unknown): value is number => Number.isFinite(value)
