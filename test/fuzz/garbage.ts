// Structured garbage: bytes, Unicode, deep JSON, repeated parameters, huge headers, and values that are almost right.
import fc from 'fast-check'

const odd = [
  '', ' ', '\0', '\r\nx: y', '%00', '%zz', '%', '&', '=', '+', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'undefined', 'null', 'NaN', '-0', '1e309', '0x10', 'true', '[]', '{}',
  '"', "'", '`', '$(id)', '<Say>', '../../_user/', 'u::0001', 'signin::u::0001', '*', '9'.repeat(400), '😀', '\ud800', '\ufeff', '\u202e', 'ﬁ', 'İ', '+1202555', '+999999999999999', '٠١٢', 'a,b', 'a;b',
  'openid', 'app', 'refresh_token', 'urn:openid:params:grant-type:ciba', 'Bearer', 'x'.repeat(9_000),
]
export const value = fc.oneof(fc.constantFrom(...odd), fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 40 }), fc.base64String({ maxLength: 100 }))

const names = [
  'client_id', 'scope', 'login_hint', 'grant_type', 'auth_req_id', 'refresh_token', 'token', 'token_type_hint', 'binding_message', 'user_code', 'ui_locales', 'dpop_jkt', 'login_hint_token',
  'ttl', 'session_id', 'device', 'all', 'line', 'call', 'attempt', 'Digits', 'CallStatus', 'CallSid', '__proto__', 'constructor', 'client_id[]', '',
]
const pair = fc.tuple(fc.oneof(fc.constantFrom(...names), value), value)
const encoded = (pairs: [string, string][]) => pairs.map((part) => part.map((text) => encodeURIComponent(text.toWellFormed())).join('=')).join('&')
const raw = (pairs: [string, string][]) => pairs.map((part) => part.join('=')).join('&')

/** A form or a query, with names that mean something, again and again too, encoded or not. */
export const form = fc.tuple(fc.array(pair, { maxLength: 8 }), fc.boolean()).map(([pairs, isEncoded]) => (isEncoded ? encoded(pairs) : raw(pairs)))

const deep = fc.tuple(fc.constantFrom('[', '{"a":', '[[{"ttl":'), fc.nat(2_000)).map(([open, depth]) => open.repeat(depth))
export const body: fc.Arbitrary<string | Uint8Array> = fc.oneof(form, fc.uint8Array({ maxLength: 200 }), fc.json({ maxDepth: 6 }), deep, value, fc.nat(9_000).map((length) => 'a=b&'.repeat(length / 4)))

const types = ['application/x-www-form-urlencoded', 'application/json', 'APPLICATION/JSON;charset=utf-16', 'application/x-www-form-urlencoded;charset=latin1', 'text/plain', 'multipart/form-data; boundary=x', ';;;', '']
const headerNames = ['authorization', 'dpop', 'idempotency-key', 'prefer', 'x-twilio-signature', 'cookie', 'content-length', 'host', 'x-forwarded-for', '__proto__']
const prefixed = fc.tuple(fc.constantFrom('', 'Bearer ', 'DPoP ', 'Basic ', 'bearer  ', 'wait=', 'eyJhbGciOiJub25lIn0.e30.'), value).map((parts) => parts.join(''))

/** As an event has them: names in lower case, values of any kind. */
export const headers = fc.tuple(fc.constantFrom(...types), fc.dictionary(fc.constantFrom(...headerNames), fc.oneof(prefixed, value), { maxKeys: 5 }))
  .map(([type, others]): Record<string, string> => ({ ...others, 'content-type': type }))

const character = fc.oneof(fc.constantFrom(...Array.from('AZaz09-_.=+/ ~%,:\0é😀')), fc.string({ minLength: 1, maxLength: 1 }))

/** Almost this text, and never it. */
export const almost = (text: string) => {
  const at = fc.nat(Math.max(0, text.length - 1))
  return fc.oneof(
    fc.tuple(at, character).map(([index, put]) => text.slice(0, index) + put + text.slice(index + 1)),
    fc.tuple(at, character).map(([index, put]) => text.slice(0, index) + put + text.slice(index)),
    fc.tuple(at, fc.nat(5)).map(([index, length]) => text.slice(0, index) + text.slice(index + 1 + length)),
    at.map((index) => text.slice(0, index)),
    at.map((index) => text.slice(index + 1)),
    fc.tuple(at, at).map(([left, right]) => text.slice(0, left) + text.slice(right)),
    fc.constantFrom(text.toUpperCase(), text.toLowerCase(), text + text, `${text}=`, `${text}.`, ` ${text}`, `${text} `, text.split('.').toReversed().join('.'), text.replaceAll('-', '+').replaceAll('_', '/'), `"${text}"`),
    character.map((put) => text.slice(0, -1) + put),
  ).filter((made) => made !== text)
}
