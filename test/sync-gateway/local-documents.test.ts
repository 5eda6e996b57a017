// `_local` documents: notes of replicators, shared by all users of a keyspace, never replicated.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { said, saidInTurn, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

test('count their revisions and want the current one in the body', async () => {
  const { admin } = await gateway.database()
  const put = (body: object) => admin('PUT', '/_local/note', body)
  expect((await put({ n: 1 })).body).toEqual({ id: '_local/note', ok: true, rev: '0-1' })
  expect(await saidInTurn(() => put({ n: 2 }), () => put({ n: 2, _rev: '0-2' }))).toEqual(Array(2).fill('409 Document update conflict'))
  expect((await put({ n: 2, _rev: '0-1' })).body).toMatchObject({ rev: '0-2' })
  expect((await admin('GET', '/_local/note')).body).toEqual({ _id: '_local/note', _rev: '0-2', n: 2 })
})

test('a new one has no revision', async () => {
  const { admin } = await gateway.database()
  expect(said(await admin('PUT', '/_local/note', { _rev: '0-1' }))).toBe('404 No previous revision to replace')
})

test('are deleted by their revision, and then begin anew', async () => {
  const { admin } = await gateway.database()
  await admin('PUT', '/_local/note', {})
  expect(await saidInTurn(
    () => admin('DELETE', '/_local/note'), () => admin('DELETE', '/_local/note?rev=0-2'), () => admin('DELETE', '/_local/note?rev=0-1'), () => admin('GET', '/_local/note'), () => admin('DELETE', '/_local/note?rev=0-1'),
  )).toEqual(['409 Document update conflict', '409 Document update conflict', '200', '404 missing', '404 No previous revision to replace'])
  expect((await admin('PUT', '/_local/note', {})).body).toMatchObject({ rev: '0-1' })
})

test('pass no sync function, take no sequence, are in no list, and are shared', async () => {
  const db = await gateway.database({ sync: 'function () { throw({ forbidden: "no" }) }' })
  const [ann, bob] = [await db.user('ann'), await db.user('bob')]
  const before = await db.sequence()
  expect((await ann('PUT', '/_local/note', { n: 1 })).status).toBe(201)
  expect((await bob('GET', '/_local/note')).body).toMatchObject({ n: 1 })
  expect(await db.sequence()).toBe(before)
  expect((await db.admin('GET', '/_all_docs')).body).toMatchObject({ rows: [] })
})

test('belong to their keyspace', async () => {
  const { admin } = await gateway.database({ scopes: { s: { collections: { a: {}, b: {} } } } })
  await admin('PUT', '.s.a/_local/note', {})
  expect(said(await admin('GET', '.s.b/_local/note'))).toBe('404 missing')
})
