import { describe, expect, test } from '@jest/globals'
import { signingKey } from '../../local/keys.ts'
import { algorithmOf, publicKeySet, type Jwk } from '../../shared/key-set.ts'

describe.each([['EC', 'ES256'], ['RSA', 'RS256'], ['OKP', 'EdDSA']] as const)('a key of type %s', (kind, alg) => {
  const { private: jwk, public: open } = signingKey(kind)

  test(`is for ${alg}`, () => expect(algorithmOf(jwk)).toBe(alg))
  test('shows its public half alone', () => expect(publicKeySet([jwk]).keys).toStrictEqual([{ ...open, alg, use: 'sig' }]))
})

test('a key of another kind does not sign', () => {
  for (const key of [{ kty: 'EC', crv: 'P-384' }, { kty: 'oct' }, { kty: 'OKP', crv: 'X25519' }, { kty: 'EC', crv: 'Ed25519' }, { kty: 'OKP', crv: 'P-256' }] as Jwk[]) {
    expect(() => algorithmOf(key)).toThrow('A signing key must be EC P-256, RSA or OKP Ed25519.')
  }
})
