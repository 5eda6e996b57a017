// The bearer token of a request (RFC 6750 section 2.1): who asks, checked by every public key, and once more if the keys may be new.
import type { Request } from './http.ts'
import { Refusal } from './refusal.ts'
import type { secretShapes } from './secret-shapes.ts'
import type { Secrets } from './secrets.ts'
import { TokenError, type AccessToken, type tokens } from './tokens.ts'

type Vault = Secrets<Pick<typeof secretShapes, 'public-keys'>>

/** Throws `invalid_token` with a sentence that says what to do. */
export const bearer = async ({ header, signal }: Request, vault: Vault, { checkAccessToken }: ReturnType<typeof tokens>): Promise<AccessToken> => {
  const [, token] = /^bearer +([\w.~+/=-]+)$/i.exec(header('authorization') ?? '') ?? []
  if (token === undefined) throw new Refusal('invalid_token', 'Send the access token as Authorization: Bearer.')
  const check = async () => checkAccessToken(token, (await vault.read(signal))['public-keys'].keys)
  try {
    return await check().catch(async (error: unknown) => {
      if (error instanceof TokenError && error.reason === 'unknown_key' && (await vault.reread(signal))) return check()
      throw error
    })
  } catch (cause) {
    if (!(cause instanceof TokenError)) throw cause
    throw new Refusal('invalid_token', cause.reason === 'expired' ? 'The access token has expired.' : 'The access token is not one of this issuer for this audience.', { cause })
  }
}
