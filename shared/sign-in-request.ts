// The app's handle on its call, the auth_req_id, and what is derived with it: nothing of it can be guessed or found from what is stored.
import { hashed, keyed } from './digest.ts'
import { Refusal } from './refusal.ts'

export type SignInRequest = {
  /** The line's handle: an HMAC of the phone number. Not yet the line, whose name is never shown. */
  handle: string
  secret: string
}

/** CIBA Core 1.0 section 7.3 wants characters of `A-Za-z0-9.-_` and 160 bits at least: the secret alone has 256. */
export const authReqId = ({ handle, secret }: SignInRequest) => `${handle}.${secret}`

const pattern = /^([\w-]{43})\.([\w-]{43})$/

/** Throws `invalid_grant` for what was never an auth_req_id. */
export const parseAuthReqId = (text: string): SignInRequest => {
  const [, handle, secret] = pattern.exec(text) ?? []
  if (handle === undefined || secret === undefined) throw new Refusal('invalid_grant', 'This auth_req_id is not known.')
  return { handle, secret }
}

export const handleOf = (phoneNumber: string, pepper: string) => keyed(pepper, phoneNumber)
export const lineOf = (handle: string, lineKey: string) => keyed(lineKey, handle)
export const secretHashOf = (secret: string) => hashed(secret)
export const deviceIdOf = (secret: string, tokenKey: string) => keyed(tokenKey, 'device', secret).slice(0, 22)

export type Origin = { line: string; client: string; jkt: string | undefined; /** Randomness, or the app's Idempotency-Key. */ seed: string }

/** The secret of an auth_req_id and the digits that the app shows. The same origin gives the same, so that a repeat can be answered alike. */
export const derive = (tokenKey: string, { line, client, jkt = '', seed }: Origin, matchDigits: number) => ({
  secret: keyed(tokenKey, 'auth_req_id', line, client, jkt, seed),
  matchCode: matchCode(keyed(tokenKey, 'match_code', line, client, jkt, seed), matchDigits),
})

// The first digit is never zero, because a leading zero asks for the prompt again. 48 bits leave no bias that one could use.
const matchCode = (digest: string, digits: number) => {
  const least = 10 ** (digits - 1)
  return String(least + (Buffer.from(digest, 'base64url').readUIntBE(0, 6) % (9 * least)))
}
