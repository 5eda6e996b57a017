// What we sign and read again, held against jose.
import { createPrivateKey, createSecretKey, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compactVerify, createLocalJWKSet, importJWK, SignJWT, CompactSign, type CompactJWSHeaderParameters } from 'jose'
import { signingKey } from '../../local/keys.ts'
import { algorithmOf, publicKeySet, type Jwk } from '../../shared/key-set.ts'
import { opened, SignatureError, signed } from '../../shared/signature.ts'

const kinds = ['EC', 'RSA', 'OKP'] as const
const pairs = Object.fromEntries(kinds.map((kind) => [kind, signingKey(kind)])) as Record<(typeof kinds)[number], ReturnType<typeof signingKey>>
const pair = pairs.EC
const refusal = (text: string, keys: readonly Jwk[] = [pair.public], typ = 'at+jwt') => {
  try {
    opened(text, typ, keys)
    return 'none'
  } catch (error) {
    if (error instanceof SignatureError) return error.reason
    throw error
  }
}

/** By jose, with any header. */
const forged = async (header: Record<string, unknown>, key: Parameters<CompactSign['sign']>[0], payload = '{"sub":"u::0001"}') =>
  new CompactSign(Buffer.from(payload)).setProtectedHeader(header as CompactJWSHeaderParameters).sign(key, { crit: { b64: true, x: false } })
const encoded = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

describe.each(kinds)('by a key of type %s', (kind) => {
  const { private: jwk, public: open } = pairs[kind]
  const alg = algorithmOf(jwk)
  const joseKeys = createLocalJWKSet(publicKeySet([open]))

  test('what we sign, jose verifies and we read', async () => {
    await fc.assert(fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (claims) => {
      const payload = JSON.parse(JSON.stringify(claims)) as Record<string, unknown>
      const text = signed(jwk, 'at+jwt', payload)
      const { payload: bytes, protectedHeader } = await compactVerify(text, joseKeys)
      expect(protectedHeader).toEqual({ alg, typ: 'at+jwt', kid: jwk.kid })
      expect(JSON.parse(Buffer.from(bytes).toString())).toEqual(payload)
      expect(opened(text, 'at+jwt', [open])).toEqual(payload)
    }), { numRuns: 40 })
  })

  test('what jose signs, we read', async () => {
    const text = await new SignJWT({ sid: 'd' }).setProtectedHeader({ alg, typ: 'at+jwt', kid: jwk.kid }).sign(await importJWK(jwk, alg))
    expect(opened(text, 'at+jwt', [open])).toEqual({ sid: 'd' })
  })

  test('a text with one other character is not taken, wherever it is', () => {
    const text = signed(jwk, 'at+jwt', { sub: 'u::0001', sid: 'device' })
    const other = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ '
    fc.assert(fc.property(fc.nat(text.length - 1), fc.constantFrom(...Array.from(other)), (at, character) => {
      fc.pre(text[at] !== character)
      expect(['invalid', 'unknown_key']).toContain(refusal(text.slice(0, at) + character + text.slice(at + 1), [open]))
    }), { numRuns: 400 })
  })

  test('a cut one is not taken', () => {
    const text = signed(jwk, 'at+jwt', { sub: 'u::0001' })
    for (let length = 0; length < text.length; length++) expect(refusal(text.slice(0, length), [open])).not.toBe('none')
  })

  test('nor is one by another key under its kid', () => expect(refusal(signed({ ...signingKey(kind).private, kid: jwk.kid }, 'at+jwt', {}), [open])).toBe('invalid'))
})

test('whatever jose does not take, neither do we', async () => {
  const keys = createLocalJWKSet(publicKeySet([pair.public, pairs.RSA.public]))
  const good = signed(pair.private, 'at+jwt', { sub: 'u::0001' })
  const [head = '', body = '', signature = ''] = good.split('.')
  const part = fc.oneof(fc.constantFrom(head, body, signature, '', encoded('null'), encoded('[]'), encoded({ alg: 'none' })), fc.string().map((text) => encoded(text)))
  await fc.assert(fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 4 }), async (parts) => {
    const text = parts.join('.')
    const theirs = await compactVerify(text, keys).then(() => 'none', () => 'refused')
    if (theirs === 'refused') expect(refusal(text, [pair.public, pairs.RSA.public])).not.toBe('none')
  }), { numRuns: 300 })
})

describe('not taken is', () => {
  const key = async () => importJWK(pair.private, 'ES256')
  const { kid } = pair.private
  /** Signed rightly by Node, whatever the header says. */
  const byNode = (alg: string | undefined, dsaEncoding: 'der' | 'ieee-p1363') => {
    const text = `${encoded({ alg, typ: 'at+jwt', kid })}.${encoded({})}`
    return `${text}.${sign('sha256', Buffer.from(text), { key: createPrivateKey({ key: pair.private, format: 'jwk' }), dsaEncoding }).toString('base64url')}`
  }

  test.each<[string, () => Promise<string> | string, 'invalid' | 'unknown_key']>([
    ['another type', async () => forged({ alg: 'ES256', typ: 'JWT', kid }, await key()), 'invalid'],
    ['no type', async () => forged({ alg: 'ES256', kid }, await key()), 'invalid'],
    ['no kid', async () => forged({ alg: 'ES256', typ: 'at+jwt' }, await key()), 'invalid'],
    ['a kid that is no text', () => `${encoded({ alg: 'ES256', typ: 'at+jwt', kid: 1 })}.${encoded({})}.AAAA`, 'invalid'],
    ['a kid that is not there', () => signed(signingKey('EC').private, 'at+jwt', {}), 'unknown_key'],
    ['an extension that must be understood', async () => forged({ alg: 'ES256', typ: 'at+jwt', kid, crit: ['x'], x: 1 }, await key()), 'invalid'],
    ['a payload that is not encoded', async () => forged({ alg: 'ES256', typ: 'at+jwt', kid, crit: ['b64'], b64: true }, await key()), 'invalid'],
    ['the algorithm of another key', async () => forged({ alg: 'RS256', typ: 'at+jwt', kid }, await importJWK(pairs.RSA.private, 'RS256')), 'invalid'],
    ['a public key taken for a shared secret', async () => forged({ alg: 'HS256', typ: 'at+jwt', kid }, createSecretKey(Buffer.from(JSON.stringify(pair.public)))), 'invalid'],
    ['no signature', () => `${encoded({ alg: 'none', typ: 'at+jwt', kid })}.${encoded({})}.`, 'invalid'],
    ['an empty signature of the right algorithm', () => `${encoded({ alg: 'ES256', typ: 'at+jwt', kid })}.${encoded({})}.`, 'invalid'],
    ['a signature of nothing but zeros', () => `${encoded({ alg: 'ES256', typ: 'at+jwt', kid })}.${encoded({})}.${Buffer.alloc(64).toString('base64url')}`, 'invalid'],
    ['a right signature in DER', () => byNode('ES256', 'der'), 'invalid'],
    ['a right signature under the name of another algorithm', () => byNode('RS256', 'ieee-p1363'), 'invalid'],
    ['a right signature under no name', () => byNode(undefined, 'ieee-p1363'), 'invalid'],
    ['a payload that is a number', async () => forged({ alg: 'ES256', typ: 'at+jwt', kid }, await key(), '1'), 'invalid'],
    ['a payload that is a text', async () => forged({ alg: 'ES256', typ: 'at+jwt', kid }, await key(), '"sub"'), 'invalid'],
    ['a payload that is a list', async () => forged({ alg: 'ES256', typ: 'at+jwt', kid }, await key(), '[]'), 'invalid'],
    ['a payload that is null', async () => forged({ alg: 'ES256', typ: 'at+jwt', kid }, await key(), 'null'), 'invalid'],
    ['a payload that is not JSON', async () => forged({ alg: 'ES256', typ: 'at+jwt', kid }, await key(), '{'), 'invalid'],
    ['a header that is a list', () => `${encoded([])}.${encoded({})}.AAAA`, 'invalid'],
    ['a header that is not JSON', () => `${encoded('{')}.${encoded({})}.AAAA`, 'invalid'],
    ['four parts', () => `${signed(pair.private, 'at+jwt', {})}.AAAA`, 'invalid'],
    ['two', () => 'AAAA.AAAA', 'invalid'],
    ['nothing', () => '', 'invalid'],
  ])('%s', async (_what, text, reason) => expect(refusal(await text())).toBe(reason))
})

describe('a key of ours that is none', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1_024 })
  const weak = { private: { ...privateKey.export({ format: 'jwk' }), kid: 'weak' }, public: { ...publicKey.export({ format: 'jwk' }), kid: 'weak' } }

  test('signs nothing, and opens nothing, and its error is no refusal of the text', () => {
    expect(() => signed(weak.private, 'at+jwt', {})).toThrow('An RSA key that signs must have 2048 bits at least.')
    const text = `${encoded({ alg: 'RS256', typ: 'at+jwt', kid: 'weak' })}.${encoded({})}.AAAA`
    expect(() => opened(text, 'at+jwt', [weak.public])).toThrow('An RSA key that signs must have 2048 bits at least.')
    expect(() => signed({ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', d: 'AAAA', kid: 'k' }, 'at+jwt', {})).toThrow(/key/i)
    expect(() => signed({ kty: 'oct', k: 'AAAA' }, 'at+jwt', {})).toThrow(TypeError)
  })
})

test('a key without a name signs without one', async () => {
  const { kid: _kid, ...nameless } = pair.private
  const { protectedHeader } = await compactVerify(signed(nameless, 'JWT', {}), createLocalJWKSet(publicKeySet([pair.public])))
  expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'JWT' })
})
