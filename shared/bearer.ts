// Who asks, by an access token (RFC 6750 section 2.1), with a proof of its key where it is bound to one (RFC 9449 section 7).
import { TokenError, type AccessToken, type accessTokenCheck } from './access-token.ts'
import type { Request } from './http.ts'
import type { proofOf } from './proof.ts'
import { Refusal } from './refusal.ts'
import type { secretShapes } from './secret-shapes.ts'
import type { Secrets } from './secrets.ts'

export type BearerConfig = {
  vault: Secrets<Pick<typeof secretShapes, 'public-keys'>>
  /** Read for bound tokens alone. */
  nonceVault: Secrets<Pick<typeof secretShapes, 'token-key'>>
  check: ReturnType<typeof accessTokenCheck>
  proof: ReturnType<typeof proofOf>
}

/** Throws `invalid_token`, `invalid_dpop_proof` or `use_dpop_nonce`, with a sentence that says what to do. `url` is this route's public one. */
export const bearer = ({ vault, nonceVault, check, proof }: BearerConfig) => {
  const checked = async (token: string, signal: AbortSignal): Promise<AccessToken> => {
    const attempt = async () => check(token, (await vault.read(signal))['public-keys'].keys)
    try {
      return await attempt().catch(async (error: unknown) => {
        if (error instanceof TokenError && error.reason === 'unknown_key' && (await vault.reread(signal))) return attempt()
        throw error
      })
    } catch (cause) {
      if (!(cause instanceof TokenError)) throw cause
      throw new Refusal('invalid_token', cause.reason === 'expired' ? 'The access token has expired.' : 'The access token is not one of this issuer for this audience.', { cause })
    }
  }

  return async (request: Request, method: string, url: string): Promise<AccessToken> => {
    const [, name = '', text] = /^([A-Za-z]+) +([\w.~+/=-]+)$/.exec(request.header('authorization') ?? '') ?? []
    const scheme = name.toLowerCase()
    if ((scheme !== 'bearer' && scheme !== 'dpop') || text === undefined) throw new Refusal('invalid_token', 'Send the access token as Authorization: Bearer, or DPoP if it is bound to a key.')
    const isBound = scheme === 'dpop'
    const [token, nonceSecrets] = await Promise.all([checked(text, request.signal), isBound ? nonceVault.read(request.signal) : undefined])
    if ((token.jkt !== undefined) !== isBound) {
      throw new Refusal('invalid_token', token.jkt === undefined ? 'This access token is not bound to a key: send it as Bearer.' : 'This access token is bound to a key: send it as DPoP, with a proof.')
    }
    if (!nonceSecrets) return token
    const thumbprint = await proof(request, { method, url, accessToken: text, nonce: 'demanded', tokenKeys: nonceSecrets['token-key'].keys })
    if (thumbprint !== token.jkt) throw new Refusal('invalid_dpop_proof', 'The access token is bound to another key.')
    return token
  }
}
