// An owner's profile has at most 16,384 bytes of UTF-8 as JSON, counted without _id and _rev.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { at, gateway, seed, status } from './database.ts'
import type { Body, Database } from './database.ts'

let sync: Awaited<ReturnType<typeof gateway>>
let database: Database
const id = 'u::0001'
const fixed = { type: 'profile', createdAt: 1_700_000_000_000 }
const bytesMax = 16_384
beforeAll(async () => {
  sync = await gateway()
  database = await sync.open()
})
afterAll(() => sync.close())

const edit = async (body: Body | string) => status(database.owner('PUT', at(id, await seed(database, id, fixed)), body))

/** A profile of exactly that many bytes, filled with the character as far as it goes, then with one byte each. */
const filled = (character: string, bytes: number, width: number): Body => {
  const left = bytes - Buffer.byteLength(JSON.stringify({ ...fixed, text: '' }))
  const text = character.repeat(Math.floor(left / width)) + 'a'.repeat(left % width)
  return { ...fixed, text }
}

test.each<[string, string, number?]>([
  ['one byte', 'a'],
  ['two bytes', 'é'],
  ['three bytes', '€'],
  ['four bytes', '😀'],
  ['four bytes that end like an A', '\u{10041}'],
  ['the replacement character', '\uFFFD'],
  ['an escaped quotation mark', '"'],
  ['a percent sign', '%'],
  ['six bytes, because Sync Gateway escapes it', '<', 6],
  ['six bytes, as a line separator', '\u2028', 6],
])('%s a character: the last byte is let in, the next is not', async (_, character, width = Buffer.byteLength(JSON.stringify(character)) - 2) => {
  expect(await edit(filled(character, bytesMax, width))).toBe(201)
  expect(await edit(filled(character, bytesMax + 1, width))).toBe(403)
})

test('half a surrogate pair arrives as the replacement character, and has its three bytes', async () => {
  expect(await edit({ ...fixed, text: '\ud800'.repeat(5400) })).toBe(201)
  expect(await edit({ ...fixed, text: '\ud800'.repeat(5450) })).toBe(403)
})

test('names count, and so do members that are called like those left out', async () => {
  expect(await edit({ ...fixed, ['n'.repeat(bytesMax)]: 1 })).toBe(403)
  expect(await edit({ ...fixed, deep: { _id: 'n'.repeat(bytesMax) } })).toBe(403)
  expect(await edit(JSON.parse(`{"type":"profile","createdAt":${fixed.createdAt},"__proto__":"${'n'.repeat(bytesMax)}"}`) as Body)).toBe(403)
})

/** A profile of exactly that many bytes, in which the value is one member and the rest is filled. */
const around = (value: unknown, bytes: number): Body => {
  const rest = bytes - Buffer.byteLength(JSON.stringify({ ...fixed, value, text: '' }))
  return { ...fixed, value, text: 'a'.repeat(rest) }
}

test.each<[string, unknown]>([
  ['null', null],
  ['nulls in a list', [null, [null]]],
  ['nulls in an object', { a: null, b: { c: null, '': null } }],
  ['nothing in lists and objects', [[], {}, [{}], { a: [] }]],
  ['numbers', [0, -1.5, 1e21, 1e-7, true, false]],
  ['a member called toJSON', { toJSON: 'x', length: 3 }],
])('%s: the last byte is let in, the next is not', async (_, value) => {
  expect(await edit(around(value, bytesMax))).toBe(201)
  expect(await edit(around(value, bytesMax + 1))).toBe(403)
})

test('the names of nulls count, which Sync Gateway shows as undefined', async () => {
  expect(await edit({ ...fixed, ['n'.repeat(bytesMax)]: null })).toBe(403)
  expect(await edit({ ...fixed, deep: [{ ['n'.repeat(bytesMax)]: null }] })).toBe(403)
})

// Sync Gateway takes such a number, and cannot read it again.
test.each(['1e400', '-1e400', `1${'0'.repeat(400)}`, '{"a":[1e999]}'])('a number beyond a double could never be deleted, so %s is refused', async (number) => {
  expect(await edit(`{"type":"profile","createdAt":${fixed.createdAt},"number":${number}}`)).toBe(403)
  expect(await status(database.server('DELETE', at(id, await seed(database, id, fixed))))).toBe(200)
})

test.each(['"Infinity"', '"1e300"', '12345678901234567890', '"e"', '"-"', '""'])('%s is no such number', async (value) =>
  expect(await edit(`{"type":"profile","createdAt":${fixed.createdAt},"value":${value}}`)).toBe(201),
)

test('many small members count', async () => {
  const members = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`member${index}`, 1]))
  expect(await edit({ ...fixed, ...members })).toBe(403)
})

test.each([1000, 2000])('a profile nested %i deep is no fault', async (depth) => {
  const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`
  expect(await edit(`{"type":"profile","createdAt":${fixed.createdAt},"deep":${deep}}`)).toBeLessThan(500)
})

test('the server may write a larger one, which its owner must shrink', async () => {
  const rev = await seed(database, id, filled('a', bytesMax + 1, 1))
  expect(await status(database.owner('PUT', at(id, rev), filled('b', bytesMax + 1, 1)))).toBe(403)
  expect(await status(database.owner('PUT', at(id, rev), fixed))).toBe(201)
})

// Sync Gateway itself takes < > & and the two separators of lines for six bytes each.
const plain = fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => text.replace(/[<>&\u2028\u2029]/g, ''))

test('any text near the limit is judged by its bytes', () =>
  fc.assert(
    fc.asyncProperty(plain, fc.integer({ min: -2, max: 2 }), async (text, over) => {
      const rest = Buffer.byteLength(JSON.stringify({ ...fixed, text, more: '' }))
      const body = { ...fixed, text, more: 'a'.repeat(bytesMax + over - rest) }
      expect(await edit(body)).toBe(over > 0 ? 403 : 201)
    }),
    { numRuns: 60 },
  ))
