// The tokens of this device, and how the next ones are got.
import type { Requests } from './request.ts'

/** `expiresAt` of the access token, in milliseconds since 1970. `type` is `DPoP` where they are bound to the key of this device, else `Bearer`. */
export type Tokens = { accessToken: string; type: string; refreshToken: string; expiresAt: number }

// A token that ends on its way is of no use.
const marginMilliseconds = 30_000

export const tokensOf = (json: Record<string, unknown>, now: number): Tokens => ({
  accessToken: json['access_token'] as string,
  type: json['token_type'] as string,
  refreshToken: json['refresh_token'] as string,
  expiresAt: now + (json['expires_in'] as number) * 1000,
})

export const isGood = ({ expiresAt }: Tokens, now: number) => now < expiresAt - marginMilliseconds

/** A lost answer costs nothing: the same refresh token gets the same successor. */
export const refreshed = async ({ refreshToken, type }: Tokens, clientId: string, { ask }: Requests, now: () => number) =>
  tokensOf(await ask('/token', { form: { client_id: clientId, grant_type: 'refresh_token', refresh_token: refreshToken }, proven: type === 'DPoP' }), now())
