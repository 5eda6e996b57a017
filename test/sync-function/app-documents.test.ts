// The app's documents under the default rules: a document has an owner, who alone writes and reads it, or it is the server's.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { at, erase, gateway, seed, status } from './database.ts'
import type { Body, Database, Writer } from './database.ts'

let sync: Awaited<ReturnType<typeof gateway>>
let database: Database
let id: string
let count = 0
beforeAll(async () => {
  sync = await gateway()
  database = await sync.open()
})
beforeEach(() => {
  count += 1
  id = `note-${count}`
})
afterAll(() => sync.close())

const write = (writer: Writer, body: Body, rev?: string) => status(database[writer]('PUT', at(id, rev), body))
const mine = { owner: 'u::0001', text: 'milk' }

describe.each<[Writer, number, number]>([
  ['owner', 201, 403],
  ['other', 403, 403],
  ['visitor', 403, 403],
  ['server', 201, 201],
])('the %s', (writer, owned, unowned) => {
  test('creates a document of u::0001', async () => expect(await write(writer, mine)).toBe(owned))

  test('creates a document without owner', async () => expect(await write(writer, { text: 'milk' })).toBe(unowned))

  test('changes a document of u::0001', async () => expect(await write(writer, { ...mine, text: 'tea' }, await seed(database, id, mine))).toBe(owned))

  test('changes a document without owner', async () => expect(await write(writer, {}, await seed(database, id, { a: 1 }))).toBe(unowned))

  test.each<[string, Body]>([
    ['without its body', { _deleted: true }],
    ['with its body', { ...mine, _deleted: true }],
    ['as if it were another’s', { owner: 'u::0002', _deleted: true }],
  ])('deletes a document of u::0001 %s', async (_, body) => expect(await write(writer, body, await seed(database, id, mine))).toBe(owned))

  test('deletes a document without owner', async () => expect(await write(writer, { _deleted: true }, await seed(database, id, {}))).toBe(unowned))

  test('deletes an id that never was', async () => expect(await write(writer, { _deleted: true })).toBe(unowned))

  test('deletes what is deleted already', async () => {
    await seed(database, id, mine)
    await erase(database, id)
    const { body } = await database.server('GET', `${at(id)}?open_revs=all`)
    const deleted = (body as unknown as { ok: { _rev: string } }[])[0]!.ok._rev
    expect(await write(writer, { _deleted: true }, deleted)).toBe(unowned)
  })

  test.each(['u::0002', undefined])('gives a document of u::0001 to %s: never', async (owner) => {
    expect(await write(writer, { text: 'milk', ...(owner && { owner }) }, await seed(database, id, mine))).toBe(403)
  })

  test('gives a document without owner to u::0001: never', async () =>
    expect(await write(writer, mine, await seed(database, id, { text: 'milk' }))).toBe(403))

  test.each<[unknown]>([['u-0001'], ['u::1'], ['u::0001 '], ['U::0001'], [['u::0001']], [{ 0: 'u::0001' }], [1], [null], [''], [true]])(
    'names the owner %j: never',
    async (owner) => expect(await write(writer, { owner })).toBe(403),
  )
})

test('after a deletion anybody may have the id, as their own', async () => {
  await seed(database, id, mine)
  await erase(database, id)
  expect(await write('other', mine)).toBe(403)
  expect(await write('other', { owner: 'u::0002' })).toBe(201)
  expect(await status(database.owner('GET', at(id)))).toBe(403)
  expect(await status(database.other('GET', at(id)))).toBe(200)
})

test('what was written before there were rules, with an owner that is none, is the server’s to put right', async () => {
  const old = await sync.open({ sync: 'function (doc) { channel(doc.owner); }' })
  const first = await old.server('PUT', at(id), { owner: ['u::0001'] })
  const { syncFunction } = await import('./database.ts')
  expect(await status(old.server('POST', '/_config', { sync: syncFunction }))).toBe(201)
  const rev = String(first.body['rev'])
  expect(await status(old.owner('PUT', at(id, rev), {}))).toBe(403)
  expect(await status(old.server('PUT', at(id, rev), {}))).toBe(201)
})

test('members called like a function’s are only members', async () => {
  const body: Body = { ...mine, hasOwnProperty: 1, constructor: 'u::0002', toString: null, length: 3 }
  const rev = await seed(database, id, body)
  expect(await write('owner', { ...body, text: 'tea' }, rev)).toBe(201)
})

test('an owner hidden in a prototype is none', async () =>
  expect(await write('owner', JSON.parse('{"__proto__":{"owner":"u::0001"}}') as Body)).toBe(403))

test('a document reaches its owner and nobody else, and so does its deletion', async () => {
  const since = (await database.server('GET', '/_changes')).body['last_seq'] as string
  await seed(database, id, mine)
  const heard = async (writer: Writer) =>
    ((await database[writer]('GET', `/_changes?since=${since}`)).body['results'] as Body[]).filter((change) => change['id'] === id)
  expect(await heard('owner')).toHaveLength(1)
  expect(await heard('other')).toEqual([])
  await erase(database, id)
  expect(await heard('owner')).toMatchObject([{ deleted: true }])
  expect(await heard('other')).toEqual([])
})

test('a document of the server’s is in no channel', async () => {
  await seed(database, id, { text: 'milk' })
  for (const writer of ['owner', 'other', 'visitor'] as const) expect(await status(database[writer]('GET', at(id)))).toBe(403)
})

test('only the server can let a document expire', async () => {
  const expiry = async () => (await database.server('GET', `${at(id)}?show_exp=true`)).body['_exp']
  const rev = await seed(database, id, { ...mine, _exp: 600 })
  expect(await expiry()).toBeDefined()
  expect(await write('owner', { ...mine, _exp: 600 }, rev)).toBe(201)
  expect(await expiry()).toBeUndefined()
})
