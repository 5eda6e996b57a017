// Every road into the database meets the same rules.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { at, erase, gateway, seed, status } from './database.ts'
import type { Body, Caller, Database } from './database.ts'

let sync: Awaited<ReturnType<typeof gateway>>
let database: Database
let count = 0
beforeAll(async () => {
  sync = await gateway()
  database = await sync.open()
})
afterAll(() => sync.close())

/** The same write with a revision that the writer made up, on top of the one it replaces. */
const madeUp = (body: Body, rev?: string) => {
  const [generation = '0', parent] = rev?.split('-') ?? []
  const start = Number(generation) + 1
  return { ...body, _rev: `${start}-abc`, _revisions: { start, ids: ['abc', ...(parent ? [parent] : [])] } }
}

const bulk = async (caller: Caller, doc: Body, newEdits: boolean) => {
  const { body } = await caller('POST', '/_bulk_docs', { docs: [doc], new_edits: newEdits })
  return (body[0]?.['status'] as number | undefined) ?? 201
}

type Way = (caller: Caller, id: string, body: Body, rev?: string) => Promise<number>
const ways: [string, Way][] = [
  ['PUT', (caller, id, body, rev) => status(caller('PUT', at(id, rev), body))],
  ['PUT with its revision in the body', (caller, id, body, rev) => status(caller('PUT', at(id), { ...body, ...(rev && { _rev: rev }) }))],
  ['PUT with a revision of its own', (caller, id, body, rev) => status(caller('PUT', `${at(id)}?new_edits=false`, madeUp(body, rev)))],
  ['_bulk_docs', (caller, id, body, rev) => bulk(caller, { ...body, _id: id, ...(rev && { _rev: rev }) }, true)],
  ['_bulk_docs with a revision of its own', (caller, id, body, rev) => bulk(caller, { ...madeUp(body, rev), _id: id }, false)],
]

describe.each(ways)('%s', (_, write) => {
  const note = () => `note-${(count += 1)}`
  const mine = { owner: 'u::0001' }
  const profile = { type: 'profile', createdAt: 1 }

  test('creates, changes and deletes a document of one’s own, and makes it again', async () => {
    const id = note()
    expect(await write(database.owner, id, mine)).toBe(201)
    const changed = await seed(database, id, mine)
    expect(await write(database.owner, id, { ...mine, text: 'tea' }, changed)).toBe(201)
    const last = await seed(database, id, mine)
    expect(await write(database.owner, id, { _deleted: true }, last)).toBe(201)
    expect(await write(database.owner, id, mine)).toBe(201)
  })

  test('does none of that to another’s', async () => {
    const id = note()
    expect(await write(database.other, id, mine)).toBe(403)
    const rev = await seed(database, id, mine)
    expect(await write(database.other, id, mine, rev)).toBe(403)
    expect(await write(database.other, id, { owner: 'u::0002' }, rev)).toBe(403)
    expect(await write(database.other, id, { _deleted: true }, rev)).toBe(403)
    expect(await write(database.other, id, { owner: 'u::0002', _deleted: true }, rev)).toBe(403)
    await erase(database, id)
    expect(await write(database.other, id, mine)).toBe(403)
  })

  test('changes one’s profile and nothing else of it', async () => {
    const rev = await seed(database, 'u::0001', profile)
    expect(await write(database.owner, 'u::0001', { ...profile, type: 'staff' }, rev)).toBe(403)
    expect(await write(database.owner, 'u::0001', { _deleted: true }, rev)).toBe(403)
    expect(await write(database.other, 'u::0001', { ...profile, name: 'Ada' }, rev)).toBe(403)
    expect(await write(database.owner, 'u::0001', { ...profile, name: 'Ada' }, rev)).toBe(201)
    await erase(database, 'u::0001')
    expect(await write(database.owner, 'u::0001', profile)).toBe(403)
  })

  test('never lets a person near an account', async () => {
    const rev = await seed(database, 'signin::u::0001', { status: 'active' })
    expect(await write(database.owner, 'signin::u::0001', { status: 'active' }, rev)).toBe(403)
    expect(await write(database.owner, 'signin::u::0001', { _deleted: true }, rev)).toBe(403)
    expect(await write(database.owner, 'signin::u::0009', {})).toBe(403)
    expect(await write(database.owner, 'signin::u::0008', { _deleted: true })).toBe(403)
  })

  test('lets the server in, but not to an id that only looks like an account', async () => {
    await erase(database, 'signin::u::0001')
    expect(await write(database.server, 'signin::u::0001', { status: 'active' })).toBe(201)
    expect(await write(database.server, 'Signin::u::0001', { status: 'active' })).toBe(403)
    expect(await write(database.server, 'Signin::u::0001', { _deleted: true })).toBe(403)
  })

  test.each<[unknown]>([['yes'], [1], [{}]])('does not delete by half, with _deleted %j', async (_deleted) => {
    const id = note()
    const rev = await seed(database, id, mine)
    await write(database.owner, id, { owner: 'u::0002', _deleted }, rev)
    const { body } = await database.server('GET', at(id))
    expect(body['owner']).toBe('u::0001')
  })
})

test('POST creates what is one’s own, and nothing else', async () => {
  const post = (caller: Caller, body: Body) => status(caller('POST', '/', body))
  expect(await post(database.owner, { owner: 'u::0001' })).toBe(200)
  expect(await post(database.owner, { _id: 'posted', owner: 'u::0001' })).toBe(200)
  expect(await post(database.owner, { owner: 'u::0002' })).toBe(403)
  expect(await post(database.owner, {})).toBe(403)
  expect(await post(database.owner, { _id: 'u::0004', type: 'profile' })).toBe(403)
  expect(await post(database.owner, { _id: 'signin::u::0004' })).toBe(403)
  expect(await post(database.server, { _id: 'U::0004' })).toBe(403)
})

test('an attachment by its path is a write like any other', async () => {
  const put = (caller: Caller, id: string, rev?: string) => status(caller('PUT', `${at(id)}/file${rev === undefined ? '' : `?rev=${rev}`}`, 'bytes'))
  const note = await seed(database, 'attached', { owner: 'u::0001' })
  const profile = await seed(database, 'u::0001', { type: 'profile', createdAt: 1 })
  // Sync Gateway reads the document first, and a revision that one may not see is none.
  for (const [id, rev] of [['attached', note], ['u::0001', profile]] as const) expect([id, await put(database.other, id, rev)]).toEqual([id, 404])
  for (const id of ['without-owner', 'u::0001x', 'u::0003', 'signin::u::0001', 'signin::tel::new', 'SIGNIN::x']) {
    expect([id, await put(database.owner, id), await put(database.other, id)]).toEqual([id, 403, 403])
  }
  const { status: made, body } = await database.owner('PUT', `/attached/file?rev=${note}`, 'bytes')
  expect(made).toBe(201)
  const last = String(body['rev'])
  expect(await status(database.other('DELETE', `/attached/file?rev=${last}`))).toBe(404)
  expect(await status(database.owner('DELETE', `/attached/file?rev=${last}`))).toBe(200)
})

test('in one batch, what is refused does not stop the rest', async () => {
  const docs = [{ _id: 'batch-1', owner: 'u::0001' }, { _id: 'batch-2', owner: 'u::0002' }, { _id: 'U::1' }, { _id: 'batch-3', owner: 'u::0001' }]
  const { body } = await database.owner('POST', '/_bulk_docs', { docs })
  expect(body.map((result) => result['status'])).toEqual([undefined, 403, 403, undefined])
})
