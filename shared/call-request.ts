// What an app asks for at POST /call, read and checked in full before anybody is bothered with it.
import { knownClient } from './client.ts'
import type { Form } from './form.ts'
import { parsePhone, type PhoneNumber } from './phone-number.ts'
import { Refusal } from './refusal.ts'
import { spokenLanguage, type Language } from './spoken-language.ts'

export type CallRequest = {
  client: string
  phone: { number: PhoneNumber; country: string; lastDigits: string }
  locale: Language
  bindingMessage: string | undefined
  /** The thumbprint of the key that alone is to redeem the call (RFC 9449 section 10). */
  jkt: string | undefined
  userCode: string | undefined
  idempotencyKey: string | undefined
}

// Made when it is needed: V8 reads what is between slashes as it compiles, and these categories take it 0.8 ms of every cold start.
const isSpeakable = (message: string) => new RegExp('^[\\p{L}\\p{M}\\p{N}\\p{P}\\p{Zs}]{1,100}$', 'u').test(message)
// 22 characters of base64url have 128 bits, and a key that could be guessed would give away somebody's auth_req_id.
const idempotencyKeyPattern = /^[\x21-\x7e]{22,255}$/

/** CIBA Core 1.0 section 7.1. Throws the Refusal of the first thing that is wrong. */
export const readCallRequest = (form: Form, idempotencyKey: string | undefined, { CLIENTS, COUNTRIES }: { CLIENTS: string[]; COUNTRIES: string[] }): CallRequest => {
  const client = knownClient(form, CLIENTS)
  if (!form.required('scope').split(' ').includes('openid')) throw new Refusal('invalid_scope', 'The scope must contain openid.')
  for (const hint of ['login_hint_token', 'id_token_hint']) {
    if (form.optional(hint) !== undefined) throw new Refusal('invalid_request', 'Say whom to call by login_hint alone: a phone number.')
  }
  const bindingMessage = form.optional('binding_message')
  if (bindingMessage !== undefined && !isSpeakable(bindingMessage)) {
    throw new Refusal('invalid_binding_message', 'The binding_message may have 100 letters, digits, spaces and punctuation marks at most.')
  }
  const requestedExpiry = form.optional('requested_expiry')
  if (requestedExpiry !== undefined && !/^[1-9]\d*$/.test(requestedExpiry)) throw new Refusal('invalid_request', 'The requested_expiry must be a whole number of seconds above 0.')
  const jkt = form.optional('dpop_jkt')
  if (jkt !== undefined && !/^[\w-]{43}$/.test(jkt)) throw new Refusal('invalid_request', 'The dpop_jkt must be a SHA-256 thumbprint of 43 characters.')
  if (idempotencyKey !== undefined && !idempotencyKeyPattern.test(idempotencyKey)) {
    throw new Refusal('invalid_request', 'The Idempotency-Key must have 22 to 255 visible ASCII characters, chosen at random.')
  }
  const phone = readPhone(form.required('login_hint'), COUNTRIES)
  return { client, phone, locale: spokenLanguage(form.optional('ui_locales')), bindingMessage, jkt, userCode: form.optional('user_code'), idempotencyKey }
}

const readPhone = (hint: string, countries: string[]) => {
  const phone = parsePhone(hint)
  if (!phone) {
    throw new Refusal('invalid_request', 'The login_hint must be a phone number in international form, such as +12025550123 (in a form, the plus sign is written %2B).', { reason: 'number' })
  }
  const { number, country, lastDigits, kind } = phone
  if (kind !== 'ordinary') throw new Refusal('access_denied', "This number is not a person's own telephone, and is not called.")
  if (!country || !countries.includes(country)) throw new Refusal('access_denied', 'Phone numbers of this country are not called.')
  return { number, country, lastDigits }
}
