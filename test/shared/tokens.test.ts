// The tokens that we make, read by jose as another API would.
import { describe, expect, test } from '@jest/globals'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { signingKey } from '../../local/keys.ts'
import { publicKeySet } from '../../shared/key-set.ts'
import { tokens } from '../../shared/tokens.ts'

const issuer = 'https://auth.example'
const audience = 'https://api.example'
const start = Date.parse('2026-11-24T12:00:00Z')
const made = tokens({ issuer, audience, now: () => start + 999, random: (bytes) => Buffer.alloc(bytes, 7) })
const signIn = { user: 'u::0001', device: 'device-1', client: 'app', scope: 'openid', authTime: start / 1000 } as const
const pair = signingKey('EC')

describe.each([['EC', 'ES256'], ['RSA', 'RS256'], ['OKP', 'EdDSA']] as const)('with a key of type %s', (kind, algorithm) => {
  const { private: jwk, public: open } = signingKey(kind)

  test(`an access token is signed with ${algorithm}, and says who, how and when`, async () => {
    const { payload, protectedHeader } = await jwtVerify(made.accessToken(jwk, signIn), createLocalJWKSet(publicKeySet([open])), { currentDate: new Date(start) })
    expect(protectedHeader).toEqual({ alg: algorithm, typ: 'at+jwt', kid: jwk.kid })
    expect(payload).toEqual({
      iss: issuer, aud: audience, sub: 'u::0001', preferred_username: 'u-0001', sid: 'device-1', client_id: 'app', scope: 'openid', auth_time: start / 1000,
      amr: ['tel', 'mca'], iat: start / 1000, exp: start / 1000 + 600, jti: Buffer.alloc(16, 7).toString('base64url'),
    })
  })
})

test('a token bound to a key says so', () => {
  expect(decodeJwt(made.accessToken(pair.private, { ...signIn, jkt: 'thumbprint' }))['cnf']).toEqual({ jkt: 'thumbprint' })
  expect(decodeJwt(made.accessToken(pair.private, signIn))).not.toHaveProperty('cnf')
})

test('an ID token is for the client', async () => {
  const token = made.idToken(pair.private, signIn)
  const { payload } = await jwtVerify(token, createLocalJWKSet(publicKeySet([pair.public])), { currentDate: new Date(start) })
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'JWT', kid: pair.private.kid })
  expect(payload).toEqual({ iss: issuer, aud: 'app', sub: 'u::0001', preferred_username: 'u-0001', sid: 'device-1', auth_time: start / 1000, amr: ['tel', 'mca'], iat: start / 1000, exp: start / 1000 + 600 })
})
