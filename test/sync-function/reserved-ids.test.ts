// Ids that look like an account's without being one are nobody's, not even the server's, whatever is done with them.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { at, gateway, status, writers } from './database.ts'
import type { Database } from './database.ts'

let sync: Awaited<ReturnType<typeof gateway>>
let database: Database
beforeAll(async () => {
  sync = await gateway()
  database = await sync.open()
})
afterAll(() => sync.close())

const body = { owner: 'u::0001', type: 'profile', createdAt: 0 }
const isProfile = (id: string) => /^u::(?!0000$)(\d{4}|[1-9]\d{4,})$/.test(id)

// A per cent sign is decoded twice, and dots alone are a path.
const isSendable = (id: string) => id.isWellFormed() && !id.includes('%') && !/^\.{1,2}$/.test(id)

const refusedToAll = async (id: string) => {
  for (const writer of writers) {
    expect(await status(database[writer]('PUT', at(id), body))).toBe(403)
    expect(await status(database[writer]('DELETE', at(id)))).toBe(403)
    const tombstone = { docs: [{ _id: id, _rev: '2-b', _deleted: true, _revisions: { start: 2, ids: ['b', 'a'] } }], new_edits: false }
    expect((await database[writer]('POST', '/_bulk_docs', tombstone)).body).toMatchObject([{ id, status: 403 }])
  }
  expect(await status(database.server('GET', at(id)))).toBe(404)
}

test.each([
  'U::0001',
  'u::abc',
  'u::0001::notes',
  'u::-001',
  'u::0x01',
  'u::1\n234',
  'Signin::u::0001',
  'SIGNIN::tel::x',
  'signIn::',
  'ſignin::u::0001',
  'sıgnin::u::0001',
  'SİGNİN::u::0001',
])('%j is refused to all', refusedToAll)

const cased = (word: string) =>
  fc.tuple(...Array.from(word).map((letter) => fc.constantFrom(letter, letter.toUpperCase(), ...({ s: ['ſ'], i: ['ı', 'İ'] }[letter] ?? []))))

test('whatever follows, in whatever case', () =>
  fc.assert(
    fc.asyncProperty(fc.oneof(cased('u'), cased('signin')), fc.string({ unit: 'grapheme', maxLength: 20 }), async (word, rest) => {
      const id = `${word.join('')}::${rest.normalize()}`
      fc.pre(!isProfile(id) && !id.startsWith('signin::') && isSendable(id))
      await refusedToAll(id)
    }),
    { numRuns: 30 },
  ))

test('no other character becomes one of these letters in another case', () => {
  const letters = new Set('usignUSIGN')
  const begins = (text: string) => letters.has(text.charAt(0))
  const found = Array.from({ length: 0x110000 - 0x80 }, (_, index) => String.fromCodePoint(index + 0x80)).filter(
    (character) => letters.has(character.toUpperCase()) || begins(character.toLowerCase()),
  )
  expect(found.join('')).toBe('İıſ')
})

test.each(['user::0001', 'u:0001', 'uu::0001', ' u::0001', 'signins::1', 'sign::in', 'tel::1', 'x-u::0001', '\u00fa::0001'])(
  '%j is an id like any other',
  async (id) => expect(await status(database.owner('PUT', at(id), body))).toBe(201),
)

test('any other id is the app’s, and never a fault', () =>
  fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), async (id) => {
      fc.pre(isSendable(id) && !id.startsWith('_') && !/^(u|signin)::/i.test(id))
      expect([201, 409]).toContain(await status(database.owner('PUT', at(id), body)))
    }),
    { numRuns: 100 },
  ))
