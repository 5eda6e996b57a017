// Access tokens and ID tokens, made with the first signing key.
import type { Jwk } from './key-set.ts'
import { signed } from './signature.ts'
import { userName, type UserId } from './user-id.ts'

/** Who signed in, on which device, and how: what a token says. Times in seconds since 1970. */
export type SignIn = { user: UserId; device: string; client: string; scope: string; authTime: number; jkt?: string | undefined }

export const accessTokenSeconds = 600
export const accessTokenType = 'at+jwt'

// RFC 8176: a telephone call, confirmed on another channel than the app's.
const amr = ['tel', 'mca']

export type TokenConfig = { issuer: string; audience: string; now: () => number; random: (bytes: number) => Buffer }

/** Both throw as `signed` does. */
export const tokens = ({ issuer, audience, now, random }: TokenConfig) => {
  const token = (jwk: Jwk, typ: string, sub: UserId, aud: string, claims: Record<string, unknown>) => {
    const iat = Math.floor(now() / 1000)
    return signed(jwk, typ, { ...claims, preferred_username: userName(sub), iss: issuer, aud, sub, iat, exp: iat + accessTokenSeconds })
  }

  return {
    /** RFC 9068, for our own API and the app's; good for 600 s. With `jkt`, bound to that key (RFC 9449 section 6.1). */
    accessToken: (jwk: Jwk, { user, device, client, scope, authTime, jkt }: SignIn) => {
      const claims = { sid: device, client_id: client, scope, auth_time: authTime, amr, jti: random(16).toString('base64url') }
      return token(jwk, accessTokenType, user, audience, { ...claims, ...(jkt === undefined ? {} : { cnf: { jkt } }) })
    },

    /** OpenID Connect Core 1.0 section 2, for the client that asked; good for 600 s. */
    idToken: (jwk: Jwk, { user, device, client, authTime }: SignIn) => token(jwk, 'JWT', user, client, { sid: device, auth_time: authTime, amr }),
  }
}
