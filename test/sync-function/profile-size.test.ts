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
const filled = (character: string, bytes: number): Body => {
  const left = bytes - Buffer.byteLength(JSON.stringify({ ...fixed, text: '' }))
  const width = Buffer.byteLength(JSON.stringify(character)) - 2
  const text = character.repeat(Math.floor(left / width)) + 'a'.repeat(left % width)
  return { ...fixed, text }
}

test.each([
  ['one byte', 'a'],
  ['two bytes', 'é'],
  ['three bytes', '€'],
  ['four bytes', '😀'],
  ['four bytes that end like an A', '\u{10041}'],
  ['the replacement character', '\uFFFD'],
  ['an escaped quotation mark', '"'],
  ['a percent sign', '%'],
])('%s a character: the last byte is let in, the next is not', async (_, character) => {
  expect(Buffer.byteLength(JSON.stringify(filled(character, bytesMax)))).toBe(bytesMax)
  expect(await edit(filled(character, bytesMax))).toBe(201)
  expect(await edit(filled(character, bytesMax + 1))).toBe(403)
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

test('many small members count', async () => {
  const members = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`member${index}`, 1]))
  expect(await edit({ ...fixed, ...members })).toBe(403)
})

test.each([1000, 3000, 8000, 9000])('a profile nested %i deep is no fault', async (depth) => {
  const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`
  expect(await edit(`{"type":"profile","createdAt":${fixed.createdAt},"deep":${deep}}`)).toBeLessThan(500)
})

test('the server may write a larger one, which its owner must shrink', async () => {
  const rev = await seed(database, id, filled('a', bytesMax + 1))
  expect(await status(database.owner('PUT', at(id, rev), filled('b', bytesMax + 1)))).toBe(403)
  expect(await status(database.owner('PUT', at(id, rev), fixed))).toBe(201)
})

// Sync Gateway itself takes < > & for six bytes each.
const plain = fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => text.replace(/[<>&]/g, ''))

test('any text near the limit is judged by its bytes', () =>
  fc.assert(
    fc.asyncProperty(plain, fc.integer({ min: -2, max: 2 }), async (text, over) => {
      const rest = Buffer.byteLength(JSON.stringify({ ...fixed, text, more: '' }))
      const body = { ...fixed, text, more: 'a'.repeat(bytesMax + over - rest) }
      expect(await edit(body)).toBe(over > 0 ? 403 : 201)
    }),
    { numRuns: 60 },
  ))
