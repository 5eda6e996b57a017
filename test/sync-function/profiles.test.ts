// The profile u::0001: the server makes and deletes it, and its owner edits what is not the server's.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { at, erase, gateway, seed, status } from './database.ts'
import type { Body, Database, Writer } from './database.ts'

let sync: Awaited<ReturnType<typeof gateway>>
let database: Database
let rev: string
const id = 'u::0001'
const profile = { type: 'profile', createdAt: '2026-11-24T12:00:00.000Z', name: 'Ada' }
beforeAll(async () => {
  sync = await gateway()
  database = await sync.open()
})
beforeEach(async () => {
  rev = await seed(database, id, profile)
})
afterAll(() => sync.close())

const put = (writer: Writer, body: Body) => status(database[writer]('PUT', at(id, rev), body))

describe.each<[Writer, number, number]>([
  ['owner', 403, 201],
  ['other', 403, 403],
  ['visitor', 403, 403],
  ['server', 201, 201],
])('the %s', (writer, onlyServer, edit) => {
  test('creates', async () => {
    expect(await status(database[writer]('PUT', at('u::0003'), profile))).toBe(onlyServer)
    if (onlyServer === 201) await erase(database, 'u::0003')
  })

  test('edits', async () => expect(await put(writer, { ...profile, name: 'Grace' })).toBe(edit))

  test('deletes', async () => expect(await put(writer, { _deleted: true })).toBe(onlyServer))

  test('deletes, keeping the body', async () => expect(await put(writer, { ...profile, _deleted: true })).toBe(onlyServer))

  test('makes the tombstone of one that never was', async () =>
    expect(await status(database[writer]('DELETE', at(`u::${1000 + ['owner', 'other', 'visitor', 'server'].indexOf(writer)}`)))).toBe(
      onlyServer === 201 ? 200 : 403,
    ))

  test('makes one again over a tombstone', async () => {
    await erase(database, id)
    expect(await status(database[writer]('PUT', at(id), profile))).toBe(onlyServer)
  })

  test('changes type', async () => expect(await put(writer, { ...profile, type: 'admin' })).toBe(onlyServer))

  test('changes createdAt', async () => expect(await put(writer, { ...profile, createdAt: '2020-01-01' })).toBe(onlyServer))

  test('takes createdAt away', async () => expect(await put(writer, { type: 'profile' })).toBe(onlyServer))
})

test.each<[string, unknown]>([
  ['a list that reads the same', ['profile']],
  ['an object that reads the same', { toString: 'profile' }],
  ['nothing', null],
])('the type cannot become %s', async (_, type) => expect(await put('owner', { ...profile, type })).toBe(403))

test('a profile whose type is hidden in a prototype has none', async () => {
  const body = `{"__proto__":{"type":"profile"},"createdAt":"${profile.createdAt}"}`
  expect(await put('owner', JSON.parse(body) as Body)).toBe(403)
})

test('a profile without the server’s members, as an expiry may leave it, is nothing that its owner can edit', async () => {
  rev = await seed(database, id, { name: 'left over' })
  expect(await put('owner', { name: 'mine' })).toBe(403)
  expect(await put('server', profile)).toBe(201)
})

test('its owner cannot let it expire', async () => {
  expect(await put('owner', { ...profile, _exp: 600 })).toBe(201)
  expect((await database.server('GET', `${at(id)}?show_exp=true`)).body).not.toHaveProperty('_exp')
})

test('its owner reads it, and nobody else but the server', async () => {
  expect(await status(database.owner('GET', at(id)))).toBe(200)
  expect(await status(database.other('GET', at(id)))).toBe(403)
  expect(await status(database.visitor('GET', at(id)))).toBe(403)
})

test('its owner hears of its deletion', async () => {
  await erase(database, id)
  const { results } = (await database.owner('GET', '/_changes')).body as unknown as { results: { id: string; deleted?: boolean }[] }
  expect(results.find((change) => change.id === id)).toMatchObject({ deleted: true })
})

test('its owner may attach a file: the function cannot see a new one', async () => {
  const _attachments = { face: { content_type: 'text/plain', data: 'aGk=' } }
  expect(await put('owner', { ...profile, _attachments })).toBe(201)
  const { body } = await database.owner('GET', at(id))
  expect(await status(database.owner('PUT', at(id, String(body['_rev'])), profile))).toBe(201)
})

test.each(['u::0000', 'u::999', 'u::09999', 'u::00001', 'u::1e10', 'u::１２３４', 'u::0001 ', 'u::'])(
  '%s is no profile, not even the server’s',
  async (bad) => expect(await status(database.server('PUT', at(bad), profile))).toBe(403),
)

test.each(['u::0003', 'u::0999', 'u::9999', 'u::10000', 'u::9007199254740991'])('%s is one', async (good) => {
  await seed(database, good, profile)
  await erase(database, good)
})
