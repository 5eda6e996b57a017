import { constants, generateKeyPairSync, randomUUID, sign as signBytes, type KeyObject } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { dpop, DpopError, type Proof, type ProvenRequest } from '../../shared/dpop.ts'
import { hashed, keyed } from '../../shared/digest.ts'
import { manualClock } from '../manual-clock.ts'

const start = Date.parse('2026-11-24T12:00:00Z')
const seconds = start / 1000
const url = 'https://auth.example/v1/token'
const tokenKey = Buffer.alloc(32, 1).toString('base64url')
const newerKey = Buffer.alloc(32, 2).toString('base64url')
const asked: ProvenRequest = { method: 'POST', url, nonce: 'checked', tokenKeys: [tokenKey] }

type Json = Record<string, unknown>
type Pair = { privateKey: KeyObject; publicKey: KeyObject }
const pairs = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  EdDSA: generateKeyPairSync('ed25519'),
  Ed25519: generateKeyPairSync('ed25519'),
}
const jwkOf = (key: KeyObject): Json => ({ ...key.export({ format: 'jwk' }) })

// Signed by Node alone, so that jose is not held against itself.
const encoded = (content: unknown) => Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64url')
const signed = (header: unknown, payload: unknown, { privateKey }: Pair = pairs.ES256, { hash = 'sha256', ...padding }: { hash?: string; padding?: number; saltLength?: number } = {}) => {
  const input = `${encoded(header)}.${encoded(payload)}`
  const signature = signBytes(privateKey.asymmetricKeyType === 'ed25519' ? null : hash, Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363', ...padding })
  return `${input}.${signature.toString('base64url')}`
}
const header = (alg: keyof typeof pairs = 'ES256'): Json => ({ typ: 'dpop+jwt', alg, jwk: jwkOf(pairs[alg].publicKey) })
const claims = (): Json => ({ jti: randomUUID(), htm: 'POST', htu: url, iat: seconds })
const proof = (claim: Json = {}, head: Json = {}) => signed({ ...header(), ...head }, { ...claims(), ...claim })

const at = (milliseconds: number) => dpop({ now: () => milliseconds })
/** In a sandbox of its own: the key's thumbprint, or why not. */
const outcome = (text: string | undefined, request: Partial<ProvenRequest> = {}, now = start) =>
  at(now).check(text, { ...asked, ...request }).then(({ thumbprint }: Proof) => thumbprint, (error: DpopError) => `${error.name} ${error.reason}: ${error.message}`)

const taken = expect.stringMatching(/^[\w-]{43}$/) as unknown
const invalid = (about: string) => expect.stringMatching(new RegExp(`^DpopError invalid: .*${about}`)) as unknown
const wantsNonce = (about = '') => expect.stringMatching(new RegExp(`^DpopError nonce: .*${about}`)) as unknown

describe('the two proofs of RFC 9449', () => {
  const head = 'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19'

  test('for a token (section 4.1) shows the thumbprint that its section 6.1 gives', async () => {
    const text = `${head}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg`
    expect(await outcome(text, { url: 'https://server.example.com/token' }, 1_562_262_616_000)).toBe('0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I')
  })

  test('for a resource (section 7.1) fits its access token and no other', async () => {
    const text = `${head}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA`
    const accessToken = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'
    const request = { method: 'GET', url: 'https://resource.example.org/protectedresource' }
    expect(await outcome(text, { ...request, accessToken }, 1_562_262_618_000)).toBe('0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I')
    expect(await outcome(text, { ...request, accessToken: `${accessToken}.` }, 1_562_262_618_000)).toEqual(invalid('ath'))
  })
})

describe.each(Object.keys(pairs) as (keyof typeof pairs)[])('a proof signed by %s', (alg) => {
  const text = signed(header(alg), claims(), pairs[alg])

  test('is taken', async () => expect(await outcome(text)).toEqual(taken))

  test('shows the same key every time, and another key another', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    expect(await outcome(signed(header(alg), claims(), pairs[alg]))).toBe(await outcome(text))
    expect(await outcome(signed({ ...header(), jwk: jwkOf(other.publicKey) }, claims(), other))).not.toBe(await outcome(text))
  })

  test('is not taken with any one character changed, left out or added', async () => {
    const character = fc.constantFrom(...Array.from('ABCabcXYZxyz0189-_.=, /+~'))
    await fc.assert(fc.asyncProperty(fc.nat(text.length - 1), fc.nat(2), character, async (place, kind, put) => {
      const mutated = text.slice(0, place) + (kind === 0 ? '' : put) + text.slice(place + (kind === 2 ? 0 : 1))
      fc.pre(mutated !== text)
      expect(await outcome(mutated)).toEqual(invalid(''))
    }), { numRuns: 300 })
  })

  test('is not taken with its signature written otherwise', async () => {
    const alphabet = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
    const others = alphabet.filter((last) => last !== text.at(-1)).map((last) => text.slice(0, -1) + last)
    expect(await Promise.all(others.map((other) => outcome(other)))).toEqual(others.map(() => invalid('')))
  })
})

describe('never taken is', () => {
  const [head = '', payload = '', signature = ''] = proof().split('.')
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const ecKey = jwkOf(pairs.ES256.publicKey)
  const rsaKey = jwkOf(pairs.RS256.publicKey)

  test.each<[string, string | undefined]>([
    ['no header', undefined],
    ['an empty header', ''],
    ['two proofs in two headers, which API Gateway joins', `${proof()}, ${proof()}`],
    ['the same proof twice', `${head}.${payload}.${signature},${head}.${payload}.${signature}`],
    ['two parts', `${head}.${payload}`],
    ['four parts', `${head}.${payload}.${signature}.${signature}`],
    ['no signature', `${head}.${payload}.`],
    ['JSON serialization', JSON.stringify({ protected: head, payload, signature })],
    ['padding', `${head}.${payload}.${signature}==`],
    ['spaces', `${head} .${payload}.${signature}`],
    ['other alphabets', `${head}.${payload}.${signature.slice(0, -3)}éß✓`],
  ])('%s', async (_name, text) => expect(await outcome(text)).toEqual(invalid('DPoP header')))

  test.each<[string, string]>([
    ['no type', proof({}, { typ: undefined })],
    ['another type', proof({}, { typ: 'JWT' })],
    ['an access token\'s type', proof({}, { typ: 'at+jwt' })],
    ['no algorithm', proof({}, { alg: undefined })],
    ['the algorithm none', proof({}, { alg: 'none' })],
    ['a shared secret', proof({}, { alg: 'HS256' })],
    ['an algorithm that does not fit its key', proof({}, { alg: 'RS256' })],
    ['PS256', signed({ ...header('RS256'), alg: 'PS256' }, claims(), pairs.RS256, { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })],
    ['RS512', signed({ ...header('RS256'), alg: 'RS512' }, claims(), pairs.RS256, { hash: 'sha512' })],
    ['ES384', signed({ ...header(), alg: 'ES384', jwk: jwkOf(p384.publicKey) }, claims(), p384, { hash: 'sha384' })],
    ['a P-384 key as ES256', signed({ ...header(), jwk: jwkOf(p384.publicKey) }, claims(), p384)],
    ['an RSA key of 1024 bits', signed({ ...header('RS256'), jwk: jwkOf(weak.publicKey) }, claims(), weak)],
    ['no key', proof({}, { jwk: undefined })],
    ['a key that is null', proof({}, { jwk: null })],
    ['a key that is a text', proof({}, { jwk: JSON.stringify(ecKey) })],
    ['a list of keys', proof({}, { jwk: [ecKey] })],
    ['an empty key', proof({}, { jwk: {} })],
    ['a key for encryption', proof({}, { jwk: { ...ecKey, use: 'enc' } })],
    ['a key for another algorithm', proof({}, { jwk: { ...ecKey, alg: 'ES384' } })],
    ['a point that is on no curve', proof({}, { jwk: { ...ecKey, x: ecKey['y'] } })],
    ['another key than it was signed by', proof({}, { jwk: jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey) })],
    ['the signature of another proof', `${proof().split('.').slice(0, 2).join('.')}.${signature}`],
    ['an unknown critical member', proof({}, { crit: ['new'], new: true })],
    ['a payload that is not encoded', proof({}, { crit: ['b64'], b64: false })],
    ['a header that is no JSON', signed('{', claims())],
    ['a payload that is no JSON', signed(header(), '{')],
    ['a payload that is a list', signed(header(), [claims()])],
    ['a payload that is null', signed(header(), null)],
    ['an iat that is a text', proof({ iat: String(seconds) })],
    ['an exp that is past', proof({ exp: seconds - 61 })],
    ['an nbf to come', proof({ nbf: seconds + 61 })],
  ])('one with %s', async (_name, text) => expect(await outcome(text)).toEqual(invalid('sound dpop\\+jwt')))

  test.each<[string, Json]>([
    ['private EC key', { jwk: jwkOf(pairs.ES256.privateKey) }],
    ['private RSA key', { alg: 'RS256', jwk: jwkOf(pairs.RS256.privateKey) }],
    ...['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].map((member): [string, Json] => [`member ${member}`, { alg: 'RS256', jwk: { ...rsaKey, [member]: '' } }]),
    ['shared secret', { jwk: { kty: 'oct', k: tokenKey } }],
  ])('one that shows a %s', async (_name, head) => expect(await outcome(proof({}, head))).toEqual(invalid('public half')))

  test.each<[string, Json, string]>([
    ['no jti', { jti: undefined }, 'jti'],
    ['an empty jti', { jti: '' }, 'jti'],
    ['a jti of 257 characters', { jti: 'j'.repeat(257) }, 'jti'],
    ['a jti that is a number', { jti: 1 }, 'jti'],
    ['no htm', { htm: undefined }, 'htm'],
    ['no htu', { htu: undefined }, 'htu'],
    ['an htu that is a list', { htu: [url] }, 'htu'],
    ['no iat', { iat: undefined }, 'iat'],
    ['another method', { htm: 'GET' }, 'another request'],
    ['the method in small letters', { htm: 'post' }, 'another request'],
  ])('one with %s', async (_name, claim, about) => expect(await outcome(proof(claim))).toEqual(invalid(about)))

  test('an iat without end', async () => {
    expect(await outcome(signed(header(), JSON.stringify({ ...claims(), iat: 0 }).replace('"iat":0', '"iat":1e999')))).toEqual(invalid('iat'))
  })

  test.each([undefined, null, 1, '', hashed('other'), hashed('token').slice(0, -1), 'token'])('one whose ath is %j, with an access token', async (ath) => {
    expect(await outcome(proof({ ath }), { accessToken: 'token' })).toEqual(invalid('ath'))
    expect(await outcome(proof({ ath: hashed('token') }), { accessToken: 'token' })).toEqual(taken)
  })

  test('a word of the proof in the error', async () => {
    const marked = { jti: 'marked'.repeat(50), htu: 'https://marked.example', htm: 'MARKED', iat: 'marked', nonce: 'marked' }
    const changes = [...Object.entries(marked).map(([name, value]) => proof({ [name]: value })), proof({}, { alg: 'marked' }), proof({}, { crit: ['marked'] }), 'marked']
    for (const text of changes) {
      const error: unknown = await at(start).check(text, asked).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(DpopError)
      expect(Object.getOwnPropertyNames(error).map((name) => String(Reflect.get(error as DpopError, name))).join('\n')).not.toMatch(/marked/i)
    }
  })
})

describe('the size of a proof', () => {
  const sized = (characters: number) => {
    for (let pad = 2_000; pad < 4_000; pad += 1) {
      for (const kid of ['', 'k', 'kk']) {
        const text = proof({ pad: 'x'.repeat(pad) }, { kid })
        if (text.length === characters) return text
        if (text.length > characters) break
      }
    }
    throw new RangeError(`No proof has ${characters} characters.`)
  }

  test.each([[4_096, taken], [4_097, invalid('4096')]])('of %i characters', async (characters, expected) => expect(await outcome(sized(characters))).toEqual(expected))

  test('goes with a jti of 256 characters', async () => expect(await outcome(proof({ jti: 'j'.repeat(256) }))).toEqual(taken))
})

describe('the URL', () => {
  test.each([
    'HTTPS://Auth.EXAMPLE/v1/token', 'https://auth.example:443/v1/token', 'https://auth.example/v1/token?a=b', 'https://auth.example/v1/token#f', 'https://auth.example/v1/token?#',
    'https://auth.example/v1/%74oken', 'https://auth.example/x/../v1/./token', 'https://auth.example/x/%2E%2e/v1/token',
  ])('may be written %s', async (htu) => expect(await outcome(proof({ htu }))).toEqual(taken))

  test.each([
    'http://auth.example/v1/token', 'https://auth.example:444/v1/token', 'https://auth.example.org/v1/token', 'https://auth.example/V1/token', 'https://auth.example/v1/token/',
    'https://auth.example/v1//token', 'https://auth.example/v1%2Ftoken', 'https://auth.example/', 'https://someone@auth.example/v1/token', '//auth.example/v1/token', '/v1/token', '',
    'https:\\\\auth.example\\v1\\token', 'https://auth.example\\v1\\token', ' https://auth.example/v1/token', 'https://auth.example/v1/to\tken', 'https:auth.example/v1/token', 'https://auth.example/v1/tokén', 'x', 'https://[/',
  ])('may not be %j', async (htu) => expect(await outcome(proof({ htu }))).toEqual(invalid('another request')))

  test.each([
    ['http://localhost:80', 'http://localhost/'], ['http://localhost:8080/token?x', 'http://LOCALHOST:8080/token'], ['https://a.example/%7eu/%c3%a9', 'https://a.example/~u/%C3%A9'],
    ['https://a.example', 'https://a.example/'],
  ])('of a request to %s fits %s', async (to, htu) => expect(await outcome(proof({ htu }), { url: to })).toEqual(taken))

  test('of no request fits none', async () => expect(await outcome(proof({ htu: 'token' }), { url: 'token' })).toEqual(invalid('another request')))
})

describe('the time', () => {
  test.each([
    [-60_000, taken], [-60_001, wantsNonce('iat')], [60_000, taken], [60_001, wantsNonce('iat')],
  ])('%i ms after the iat', async (later, expected) => expect(await outcome(proof(), {}, start + later)).toEqual(expected))

  test.each([{ exp: seconds - 59 }, { nbf: seconds + 60 }])('may be bounded by the device as well, with the same patience: %j', async (claim) => {
    expect(await outcome(proof(claim))).toEqual(taken)
  })

  test('is the nonce\'s, if there is a good one, so that a device with a wrong clock can sign in', async () => {
    const nonce = at(start).nonce([tokenKey])
    for (const iat of [0, seconds - 86_400, seconds + 86_400.5]) expect(await outcome(proof({ iat, nonce }))).toEqual(taken)
  })
})

describe('a nonce', () => {
  const made = at(start).nonce([tokenKey])

  describe.each(['demanded', 'checked'] as const)('%s', (nonce) => {
    test.each([
      [-5_001, wantsNonce('too old')], [-5_000, taken], [0, taken], [60_000, taken], [60_001, wantsNonce('too old')],
    ])('%i ms after it was made', async (later, expected) => {
      expect(await outcome(proof({ nonce: made, iat: (start + later) / 1000 }), { nonce }, start + later)).toEqual(expected)
    })

    test.each([
      '', 'x', null, 7, made.slice(0, -1), `${made}x`, `${made} `, made.replace(/^1/, '2'), made.replace('.', ''), `${start}.${hashed('guess')}`, `${start}.${keyed(tokenKey, String(start))}`, `.${made.split('.')[1]}`,
    ])('never is %j', async (given) => expect(await outcome(proof({ nonce: given }), { nonce })).toEqual(wantsNonce('too old')))

    test('of another place is none', async () => expect(await outcome(proof({ nonce: at(start).nonce([newerKey]) }), { nonce })).toEqual(wantsNonce('too old')))

    test('outlives a change of keys, but not its key', async () => {
      const text = proof({ nonce: made })
      expect(await outcome(text, { nonce, tokenKeys: [newerKey, tokenKey] })).toEqual(taken)
      expect(await outcome(text, { nonce, tokenKeys: [newerKey] })).toEqual(wantsNonce('too old'))
      expect(await outcome(text, { nonce, tokenKeys: [] })).toEqual(wantsNonce('too old'))
    })

    test('does not make good what is wrong', async () => {
      expect(await outcome(proof({ nonce: made, htm: 'GET' }), { nonce })).toEqual(invalid('another request'))
      expect(await outcome(proof({ nonce: 'x', htm: 'GET' }), { nonce })).toEqual(invalid('another request'))
    })
  })

  test('is missed only when demanded', async () => {
    expect(await outcome(proof(), { nonce: 'demanded' })).toEqual(wantsNonce('must have the nonce'))
    expect(await outcome(proof({ iat: 0 }), { nonce: 'demanded' })).toEqual(wantsNonce('must have the nonce'))
    expect(await outcome(proof(), { nonce: 'checked' })).toEqual(taken)
  })

  test('is made by the first key alone, and never without one', async () => {
    const nonce = at(start).nonce([newerKey, tokenKey])
    expect(await outcome(proof({ nonce }), { tokenKeys: [newerKey] })).toEqual(taken)
    expect(await outcome(proof({ nonce }), { tokenKeys: [tokenKey] })).toEqual(wantsNonce('too old'))
    expect(() => at(start).nonce([])).toThrow(TypeError)
  })

  test('has the characters that a header may carry (RFC 9449 section 8.1), whatever the clock', () => {
    expect(at(start + 0.5).nonce([tokenKey])).toBe(made)
    expect(made).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/)
  })
})

describe('the same proof again', () => {
  const replayed = invalid('used before')
  const sandbox = (clock = manualClock(start)) => {
    const { check } = dpop({ now: clock.now })
    const send = (text: string, request: Partial<ProvenRequest> = {}) =>
      check(text, { ...asked, ...request }).then(({ thumbprint }: Proof) => thumbprint, (error: DpopError) => `${error.name} ${error.reason}: ${error.message}`)
    return { send, advance: clock.advance }
  }

  test('is refused by the sandbox that has seen it, and not by another', async () => {
    const [one, other, text] = [sandbox(), sandbox(), proof()]
    expect(await one.send(text)).toEqual(taken)
    expect(await one.send(text)).toEqual(replayed)
    expect(await other.send(text)).toEqual(taken)
  })

  test('is taken once of ten at a time', async () => {
    const [{ send }, text] = [sandbox(), proof()]
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(text)))
    expect(answers.filter((answer) => !answer.startsWith('DpopError'))).toHaveLength(1)
  })

  test.each([
    ['by its iat', () => ({ iat: seconds + 60 }), 120_000],
    ['by its nonce', () => ({ nonce: at(start).nonce([tokenKey]), iat: 0 }), 60_000],
  ])('is refused to the last moment that it is good for, %s', async (_name, claim, life) => {
    const [{ send, advance }, text] = [sandbox(), proof(claim())]
    expect(await send(text)).toEqual(taken)
    advance(life)
    expect(await send(text)).toEqual(replayed)
    advance(1)
    expect(await send(text)).toEqual(wantsNonce())
  })

  test('may have its jti in a new proof when its own life is over', async () => {
    const { send, advance } = sandbox()
    expect(await send(proof({ jti: 'once' }))).toEqual(taken)
    advance(60_000)
    expect(await send(proof({ jti: 'once', iat: seconds + 60 }))).toEqual(replayed)
    advance(1)
    expect(await send(proof({ jti: 'once', iat: seconds + 60 }))).toEqual(taken)
  })

  test('is known by key and jti, not by either alone', async () => {
    const { send } = sandbox()
    expect(await send(proof({ jti: 'a' }))).toEqual(taken)
    expect(await send(proof({ jti: 'b' }))).toEqual(taken)
    expect(await send(signed(header('EdDSA'), { ...claims(), jti: 'a' }, pairs.EdDSA))).toEqual(taken)
    expect(await send(proof({ jti: 'a', iat: seconds + 1 }))).toEqual(replayed)
  })

  test('was not used if it was refused', async () => {
    const [{ send }, text] = [sandbox(), proof()]
    expect(await send(text, { nonce: 'demanded' })).toEqual(wantsNonce())
    expect(await send(text, { method: 'GET' })).toEqual(invalid('another request'))
    expect(await send(text)).toEqual(taken)
  })
})

describe('whatever is sent', () => {
  const known = async (text: string) => expect(await outcome(text)).toMatch(/^([\w-]{43}$|DpopError (invalid|nonce): )/)

  test('as text is refused, and nothing breaks', async () => {
    await fc.assert(fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]*$/)), known))
  })

  test('as signed JSON is taken or refused, and nothing breaks', async () => {
    const odd = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(url, 'POST', seconds, 'dpop+jwt', 'ES256', jwkOf(pairs.ES256.publicKey)))
    const oddJwk = fc.record({ kty: fc.oneof(fc.constant('EC'), odd), crv: fc.oneof(fc.constant('P-256'), odd), x: odd, y: odd, key_ops: odd, ext: odd, use: odd, alg: odd }, { requiredKeys: [] })
    const change = (jwk: fc.Arbitrary<unknown>) => fc.record({ typ: odd, alg: odd, jwk, crit: odd, kid: odd }, { requiredKeys: [] })
    const claim = fc.record({ jti: odd, htm: odd, htu: fc.oneof(odd, fc.webUrl()), iat: odd, exp: odd, nbf: odd, nonce: odd, ath: odd }, { requiredKeys: [] })
    await fc.assert(fc.asyncProperty(fc.oneof(fc.constant({}), change(fc.oneof(odd, oddJwk))), claim, async (head, body) => known(proof(body, head))), { numRuns: 300 })
  })
})
