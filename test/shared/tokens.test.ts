import { createSecretKey } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, importJWK, jwtVerify, SignJWT, type JWK } from 'jose'
import { signingKey } from '../../local/keys.ts'
import { algorithmOf, publicKeySet, TokenError, tokens } from '../../shared/tokens.ts'

const issuer = 'https://auth.example'
const audience = 'https://api.example'
const start = Date.parse('2026-11-24T12:00:00Z')
const at = (milliseconds: number) => tokens({ issuer, audience, now: () => milliseconds, random: (bytes) => Buffer.alloc(bytes, 7) })
const signIn = { user: 'u::0001', device: 'device-1', client: 'app', scope: 'openid', authTime: start / 1000 } as const
const pair = signingKey('EC')
const made = await at(start).accessToken(pair.private, signIn)
const check = (token: string, keys: JWK[] = [pair.public], now = start) => at(now).checkAccessToken(token, keys)

describe.each([['EC', 'ES256'], ['RSA', 'RS256'], ['OKP', 'EdDSA']] as const)('a key of type %s', (kind, algorithm) => {
  const { private: jwk, public: open } = signingKey(kind)

  test(`signs with ${algorithm}, and any JOSE library verifies it by the public set`, async () => {
    const token = await at(start).accessToken(jwk, signIn)
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(publicKeySet([open])), { currentDate: new Date(start) })
    expect(protectedHeader).toEqual({ alg: algorithm, typ: 'at+jwt', kid: jwk.kid })
    expect(payload).toEqual({
      iss: issuer, aud: audience, sub: 'u::0001', preferred_username: 'u-0001', sid: 'device-1', client_id: 'app', scope: 'openid', auth_time: start / 1000,
      amr: ['tel', 'mca'], iat: start / 1000, exp: start / 1000 + 600, jti: expect.any(String) as unknown,
    })
    expect(await check(token, [open])).toEqual({ user: 'u::0001', device: 'device-1', client: 'app', scope: 'openid' })
  })

  test('shows its public half alone', () => expect(publicKeySet([jwk]).keys).toStrictEqual([{ ...open, alg: algorithm, use: 'sig' }]))
})

test('a token bound to a key says so, and is read with it', async () => {
  const bound = await at(start).accessToken(pair.private, { ...signIn, jkt: 'thumbprint' })
  expect(decodeJwt(bound)['cnf']).toEqual({ jkt: 'thumbprint' })
  expect(await check(bound)).toEqual({ user: 'u::0001', device: 'device-1', client: 'app', scope: 'openid', jkt: 'thumbprint' })
  expect(decodeJwt(made)).not.toHaveProperty('cnf')
})

test('an ID token is for the client, and says who, how and when', async () => {
  const { payload } = await jwtVerify(await at(start).idToken(pair.private, signIn), createLocalJWKSet(publicKeySet([pair.public])), { currentDate: new Date(start) })
  expect(decodeProtectedHeader(await at(start).idToken(pair.private, signIn))).toEqual({ alg: 'ES256', typ: 'JWT', kid: pair.private.kid })
  expect(payload).toEqual({ iss: issuer, aud: 'app', sub: 'u::0001', preferred_username: 'u-0001', sid: 'device-1', auth_time: start / 1000, amr: ['tel', 'mca'], iat: start / 1000, exp: start / 1000 + 600 })
})

test.each([[605_000 - 1000, 'taken'], [605_000, 'expired']])('an access token after %i ms is %s', async (age, outcome) => {
  const result = await check(made, [pair.public], start + age).then(() => 'taken', (error: TokenError) => error.reason)
  expect(result).toBe(outcome)
})

test('a token of the key before the newest is taken while that key is shown, and unknown after', async () => {
  const newer = signingKey('EC')
  await expect(check(made, [newer.public, pair.public])).resolves.toMatchObject({ user: 'u::0001' })
  await expect(check(made, [newer.public])).rejects.toMatchObject({ reason: 'unknown_key' })
})

test('a token of a key of another kind is unknown while our copy of the set lacks that key', async () => {
  const newer = signingKey('RSA')
  const token = await at(start).accessToken(newer.private, signIn)
  await expect(check(token)).rejects.toMatchObject({ name: 'TokenError', reason: 'unknown_key', message: 'The access token is unknown_key.', cause: expect.any(Error) as unknown })
  await expect(check(token, [pair.public, newer.public])).resolves.toMatchObject({ user: 'u::0001' })
})

test('a token by another algorithm is invalid, not unknown, when its key is there or not named', async () => {
  const newer = signingKey('RSA')
  const shared = createSecretKey(Buffer.from('a secret that both sides know, as in no key set of ours'))
  const signed = (kid: string | undefined) => new SignJWT({ iss: issuer }).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...(kid === undefined ? {} : { kid }) }).sign(shared)
  for (const kid of [pair.public.kid, newer.public.kid, undefined]) {
    await expect(check(await signed(kid), [pair.public, newer.public])).rejects.toMatchObject({ reason: 'invalid' })
  }
})

describe('never taken is', () => {
  const claims = { sid: 'd', client_id: 'app', scope: 'openid', jti: 'j' }
  const forged = async (change: Record<string, unknown>, { alg = 'ES256', typ = 'at+jwt', key }: { alg?: string; typ?: string; key?: Parameters<SignJWT['sign']>[0] } = {}) =>
    new SignJWT({ ...claims, iss: issuer, aud: audience, sub: 'u::0001', iat: start / 1000, exp: start / 1000 + 600, ...change })
      .setProtectedHeader({ alg, typ, kid: pair.private.kid })
      .sign(key ?? (await importJWK(pair.private, 'ES256')))

  test.each<[string, () => Promise<string>]>([
    ['an ID token', () => at(start).idToken(pair.private, signIn)],
    ['a token of another type', () => forged({}, { typ: 'JWT' })],
    ['a token of another issuer', () => forged({ iss: 'https://else.example' })],
    ['a token of another audience', () => forged({ aud: 'https://else.example' })],
    ['a token without an end', () => forged({ exp: undefined })],
    ['a token without a device', () => forged({ sid: undefined })],
    ['a device that is no text', () => forged({ sid: 1 })],
    ['a client that is no text', () => forged({ client_id: ['app'] })],
    ['a scope that is no text', () => forged({ scope: 1 })],
    ['a confirmation without a key', () => forged({ cnf: {} })],
    ['a confirmation that is null', () => forged({ cnf: null })],
    ['a confirmation that is a text', () => forged({ cnf: 'jkt' })],
    ['a confirmation by a number', () => forged({ cnf: { jkt: 1 } })],
    ['a subject that no counter gave', () => forged({ sub: 'u::0000' })],
    ['a token of the future', () => forged({ nbf: start / 1000 + 60 })],
    ['a foreign key under a known kid', async () => forged({}, { key: await importJWK(signingKey('EC').private, 'ES256') })],
    ['a public key taken for a shared secret', () => forged({}, { alg: 'HS256', key: createSecretKey(Buffer.from(JSON.stringify(pair.public))) })],
    ['an unsigned token', async () => `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${made.split('.')[1]}.`],
    ['a cut signature', async () => made.slice(0, -4)],
    ['no token at all', async () => 'x'],
  ])('%s', async (_name, token) => {
    await expect(check(await token())).rejects.toEqual(expect.objectContaining({ name: 'TokenError', reason: 'invalid' }))
    await expect(check(await token())).rejects.toBeInstanceOf(TokenError)
  })
})

test('a key of another kind does not sign', () => {
  for (const key of [{ kty: 'EC', crv: 'P-384' }, { kty: 'oct' }, { kty: 'OKP', crv: 'X25519' }, { kty: 'EC', crv: 'Ed25519' }, { kty: 'OKP', crv: 'P-256' }] as JWK[]) {
    expect(() => algorithmOf(key)).toThrow('A signing key must be EC P-256, RSA or OKP Ed25519.')
  }
})
