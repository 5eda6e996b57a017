// The signature of a webhook, held against Twilio's own package.
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { sign } from '../../local/twilio/signature.ts'
import { isSigned } from '../../shared/webhook-signature.ts'
import { webhooks } from '../twilio/package.ts'

const name = fc.string({ unit: 'grapheme' }).filter((text) => text !== '__proto__')
const form = fc.dictionary(name, fc.oneof(fc.string({ unit: 'grapheme' }), fc.array(fc.string(), { minLength: 1, maxLength: 4 })), { maxKeys: 8 })
const url = fc.webUrl({ withQueryParameters: true, validSchemes: ['https', 'http'] })
const token = fc.stringMatching(/^[0-9a-f]{32}$/)
const fieldsOf = (fields: Record<string, string | string[]>) =>
  Object.entries(fields).flatMap(([key, value]) => [value].flat().map((each): [string, string] => [key, each]))

test('what the stand-in signs, the package expects', () => {
  fc.assert(fc.property(token, url, form, (key, address, fields) => {
    expect(sign(key, address, fieldsOf(fields))).toBe(webhooks.getExpectedTwilioSignature(key, address, fields))
  }))
})

test('what the package signs is accepted, by the current and by the next token', () => {
  fc.assert(fc.property(token, token, url, form, (current, next, address, fields) => {
    fc.pre(current !== next)
    const signature = webhooks.getExpectedTwilioSignature(next, address, fields)
    expect(isSigned([current, next], address, fields, signature)).toBe(true)
    expect(isSigned([next], address, fields, signature)).toBe(true)
    expect(isSigned([current], address, fields, signature)).toBe(false)
    expect(isSigned([], address, fields, signature)).toBe(false)
  }))
})

test('one changed character anywhere is not accepted', () => {
  fc.assert(fc.property(token, url, form, fc.nat(27), (key, address, fields, at) => {
    const signature = sign(key, address, fieldsOf(fields))
    const flipped = signature.slice(0, at) + (signature[at] === 'A' ? 'B' : 'A') + signature.slice(at + 1)
    expect(isSigned([key], address, fields, flipped)).toBe(false)
    expect(isSigned([key], `${address}x`, fields, signature)).toBe(false)
    expect(isSigned([key], address, { ...fields, 'another field': 'x' }, signature)).toBe(false)
    for (const [field, value] of Object.entries(fields)) {
      expect(isSigned([key], address, { ...fields, [field]: `${[value].flat().join('')}x` }, signature)).toBe(false)
    }
  }))
})

test.each([
  ['no signature', ['t'], 'https://api.test/', undefined],
  ['an empty signature', ['t'], 'https://api.test/', ''],
  ['a URL that is none', ['t'], 'api.test', 'AAAA'],
  ['an empty token, which everybody knows', [''], 'https://api.test/', sign('', 'https://api.test/', [])],
])('%s is not accepted, and no error', (_, tokens, address, signature) => {
  expect(isSigned(tokens, address, {}, signature)).toBe(false)
})

test('the values are not trimmed', () => {
  const signature = sign('t', 'https://api.test/call/keys?c=1', [['Digits', ' 1 ']])
  expect(isSigned(['t'], 'https://api.test/call/keys?c=1', { Digits: ' 1 ' }, signature)).toBe(true)
  expect(isSigned(['t'], 'https://api.test/call/keys?c=1', { Digits: '1' }, signature)).toBe(false)
})
