// What each secret must look like.
import { describe, expect, test } from '@jest/globals'
import { parseSecrets, secretShapes, shapesOf, type SecretName } from '../../shared/secret-shapes.ts'

const key = `${'-_aZ09'.repeat(7)}A`
const ec = { kty: 'EC', kid: '1', crv: 'P-256', x: 'x', y: 'y' }
const parse = (name: SecretName, content: string | undefined) => parseSecrets('p', shapesOf(name), new Map([[`p/${name}`, content]]))

const good = {
  'signing-keys': { keys: [{ ...ec, d: 'd', alg: 'ES256' }] },
  'public-keys': { keys: [ec, { kty: 'RSA', kid: '2', n: 'n', e: 'AQAB' }] },
  'token-key': { keys: [key, key] },
  'phone-pepper': { key },
  'line-key': { key },
  'sync-gateway': { username: 'u', password: 'p' },
  couchbase: { username: 'u', password: 'p' },
  'twilio-api': { account_sid: 'AC1', api_key_sid: 'SK1', api_key_secret: 's' },
  'twilio-webhook': { auth_tokens: ['current', 'next'] },
  'test-numbers': { '+12025550123': '1234', '+4930123456': '5678' },
} satisfies Record<SecretName, unknown>

describe('a good secret', () => {
  test.each(Object.entries(good) as [SecretName, unknown][])('%s comes back as it is', (name, value) =>
    expect(parse(name, JSON.stringify(value))).toEqual({ [name]: value }))

  test('there may be no test numbers', () => expect(parse('test-numbers', '{}')).toEqual({ 'test-numbers': {} }))

  test('every secret has been tried', () => expect(Object.keys(good)).toEqual(Object.keys(secretShapes)))
})

describe('a malformed secret', () => {
  test.each<[SecretName, unknown, string]>([
    ['signing-keys', { keys: [] }, ' at keys'],
    ['signing-keys', { keys: [ec] }, ' at keys.0.d'],
    ['signing-keys', { keys: [{ ...ec, d: 'd', kid: '' }] }, ' at keys.0.kid'],
    ['signing-keys', { keys: [{ kty: 'oct', kid: '1', d: 'd' }] }, ' at keys.0.kty'],
    ['public-keys', { keys: [{ ...ec, d: 'd' }] }, ' at keys.0'],
    ['public-keys', { keys: [ec, { kty: 'RSA', kid: '2', p: 'p' }] }, ' at keys.1'],
    ['token-key', { keys: [key, key.slice(1)] }, ' at keys.1'],
    ['token-key', { keys: [`${key}A`] }, ' at keys.0'],
    ['token-key', { keys: [key.replace('-', '+')] }, ' at keys.0'],
    ['token-key', { keys: key }, ' at keys'],
    ['line-key', { key: key.replace(/A$/, 'B') }, ' at key'],
    ['phone-pepper', { keys: [key] }, ' at key'],
    ['phone-pepper', key, ''],
    ['sync-gateway', { username: 'u', password: '' }, ' at password'],
    ['couchbase', { password: 'p' }, ' at username'],
    ['twilio-api', { account_sid: 'AC1', api_key_sid: 'SK1' }, ' at api_key_secret'],
    ['twilio-webhook', { auth_tokens: [] }, ' at auth_tokens'],
    ['twilio-webhook', { auth_tokens: ['current', ''] }, ' at auth_tokens.1'],
    ['test-numbers', { '2025550123': '1234' }, ''],
    ['test-numbers', { '+02025550123': '1234' }, ''],
    ['test-numbers', { '+12025550123': '' }, ''],
  ])('%s: %j', (name, value, place) => expect(() => parse(name, JSON.stringify(value))).toThrow(new Error(`The secret p/${name} is malformed${place}.`)))

  test('that is not JSON is not quoted', () => expect(() => parse('line-key', '{"key":hush')).toThrow(new Error('The secret p/line-key is malformed.')))
})

test('all that are missing are named together', () =>
  expect(() => parseSecrets('p', shapesOf('line-key', 'couchbase', 'test-numbers'), new Map([['p/test-numbers', '{}']])))
    .toThrow(new Error('The secret p/line-key is missing. The secret p/couchbase is missing.')))
