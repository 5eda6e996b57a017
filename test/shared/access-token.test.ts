// An access token as it comes back: taken as we made it, in its time, and in no other form.
import { createSecretKey } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { importJWK, SignJWT } from 'jose'
import { signingKey } from '../../local/keys.ts'
import { accessTokenCheck, TokenError } from '../../shared/access-token.ts'
import type { Jwk } from '../../shared/key-set.ts'
import { tokens } from '../../shared/tokens.ts'

const issuer = 'https://auth.example'
const audience = 'https://api.example'
const start = Date.parse('2026-11-24T12:00:00Z')
const { accessToken, idToken } = tokens({ issuer, audience, now: () => start, random: (bytes) => Buffer.alloc(bytes, 7) })
const signIn = { user: 'u::0001', device: 'device-1', client: 'app', scope: 'openid', authTime: start / 1000 } as const
const pair = signingKey('EC')
const made = accessToken(pair.private, signIn)
const taken = { user: 'u::0001', device: 'device-1', client: 'app', scope: 'openid' }
const check = (token: string, keys: Jwk[] = [pair.public], now = start) => accessTokenCheck({ issuer, audience, now: () => now })(token, keys)
const refusal = (...asked: Parameters<typeof check>) => {
  try {
    check(...asked)
    return 'taken'
  } catch (error) {
    if (error instanceof TokenError) return error.reason
    throw error
  }
}

test.each(['EC', 'RSA', 'OKP'] as const)('one signed with a key of type %s is taken', (kind) => {
  const { private: jwk, public: open } = signingKey(kind)
  expect(check(accessToken(jwk, signIn), [open])).toEqual(taken)
})

test('one bound to a key is read with it', () => expect(check(accessToken(pair.private, { ...signIn, jkt: 'thumbprint' }))).toEqual({ ...taken, jkt: 'thumbprint' }))

test.each([[605_000 - 1, 'taken'], [605_000, 'expired']])('one of %i ms is %s', (age, outcome) => expect(refusal(made, [pair.public], start + age)).toBe(outcome))

test('one of the key before the newest is taken while that key is shown, and unknown after', () => {
  const newer = signingKey('EC')
  expect(refusal(made, [newer.public, pair.public])).toBe('taken')
  expect(refusal(made, [newer.public])).toBe('unknown_key')
})

test('one of a key of another kind is unknown while our copy of the set lacks that key', () => {
  const newer = signingKey('RSA')
  const token = accessToken(newer.private, signIn)
  expect(() => check(token)).toThrow(expect.objectContaining({ name: 'TokenError', reason: 'unknown_key', message: 'The access token is unknown_key.', cause: expect.any(Error) as unknown }))
  expect(refusal(token, [pair.public, newer.public])).toBe('taken')
})

test('one by another algorithm is invalid, not unknown, when its key is there or not named', async () => {
  const newer = signingKey('RSA')
  const shared = createSecretKey(Buffer.from('a secret that both sides know, as in no key set of ours'))
  const signed = (kid: string | undefined) => new SignJWT({ iss: issuer }).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...(kid === undefined ? {} : { kid }) }).sign(shared)
  for (const kid of [pair.public.kid, newer.public.kid, undefined]) expect(refusal(await signed(kid), [pair.public, newer.public])).toBe('invalid')
})

test('a key of ours that is none is no fault of the token', () => {
  const broken = { ...pair.public, x: 'AAAA' }
  expect(() => check(made, [broken])).toThrow()
  expect(() => check(made, [broken])).not.toThrow(TokenError)
})

describe('never taken is', () => {
  const claims = { sid: 'd', client_id: 'app', scope: 'openid', jti: 'j' }
  const forged = async (change: Record<string, unknown>, { alg = 'ES256', typ = 'at+jwt', key }: { alg?: string; typ?: string; key?: Parameters<SignJWT['sign']>[0] } = {}) =>
    new SignJWT({ ...claims, iss: issuer, aud: audience, sub: 'u::0001', iat: start / 1000, exp: start / 1000 + 600, ...change })
      .setProtectedHeader({ alg, typ, kid: pair.private.kid })
      .sign(key ?? (await importJWK(pair.private, 'ES256')))

  test('what is right but for one thing: this one would be', async () => expect(check(await forged({}))).toEqual({ ...taken, device: 'd' }))

  test.each<[string, () => Promise<string> | string]>([
    ['an ID token', () => idToken(pair.private, signIn)],
    ['a token of another type', () => forged({}, { typ: 'JWT' })],
    ['a token of another issuer', () => forged({ iss: 'https://else.example' })],
    ['a token of another audience', () => forged({ aud: 'https://else.example' })],
    ['a token of several audiences', () => forged({ aud: [audience, 'https://else.example'] })],
    ['a token without an end', () => forged({ exp: undefined })],
    ['an end that is no number', () => forged({ exp: String(start) })],
    ['a token without a beginning', () => forged({ iat: undefined })],
    ['a token without an id', () => forged({ jti: undefined })],
    ['a token without a device', () => forged({ sid: undefined })],
    ['a device that is no text', () => forged({ sid: 1 })],
    ['a client that is no text', () => forged({ client_id: ['app'] })],
    ['a scope that is no text', () => forged({ scope: 1 })],
    ['a confirmation without a key', () => forged({ cnf: {} })],
    ['a confirmation that is null', () => forged({ cnf: null })],
    ['a confirmation that is a text', () => forged({ cnf: 'jkt' })],
    ['a confirmation by a number', () => forged({ cnf: { jkt: 1 } })],
    ['a subject that no counter gave', () => forged({ sub: 'u::0000' })],
    ['a token of the future', () => forged({ nbf: start / 1000 + 6 })],
    ['a future that is no number', () => forged({ nbf: 'now' })],
    ['a foreign key under a known kid', async () => forged({}, { key: await importJWK(signingKey('EC').private, 'ES256') })],
    ['a public key taken for a shared secret', () => forged({}, { alg: 'HS256', key: createSecretKey(Buffer.from(JSON.stringify(pair.public))) })],
    ['an unsigned token', () => `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${made.split('.')[1]}.`],
    ['a cut signature', () => made.slice(0, -4)],
    ['no token at all', () => 'x'],
  ])('%s', async (_name, token) => expect(refusal(await token())).toBe('invalid'))

  test('one of a clock that goes before ours by more than five seconds, and not by less', async () => {
    expect(refusal(await forged({ nbf: start / 1000 + 5 }))).toBe('taken')
    expect(refusal(await forged({ nbf: start / 1000 + 5.5 }))).toBe('invalid')
  })
})
