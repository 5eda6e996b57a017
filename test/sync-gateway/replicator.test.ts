// What PouchDB 9 asks when it replicates, request by request.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { member, said, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

const json = { accept: 'application/json' }

test('a push', async () => {
  const db = await gateway.database()
  const ann = await db.user('ann', { admin_channels: ['a'] })
  expect((await ann('GET', '/', undefined, json)).body).toMatchObject({ db_name: db.name })
  expect(said(await ann('GET', '/_local/checkpoint', undefined, json))).toBe('404 missing')
  const diff = await ann('POST', '/_revs_diff', { doc: ['2-b'] }, json)
  expect(JSON.parse(diff.text)).toEqual({ doc: { missing: ['2-b'] } })
  const docs = [{ _id: 'doc', _rev: '2-b', _revisions: { start: 2, ids: ['b', 'a'] }, channels: ['a'] }]
  expect((await ann('POST', '/_bulk_docs', { docs, new_edits: false }, json)).body).toMatchObject([{ id: 'doc', rev: '2-b' }])
  expect((await ann('PUT', '/_local/checkpoint', { last_seq: 1 }, json)).body).toMatchObject({ rev: '0-1' })
  expect((await ann('GET', '/_local/checkpoint', undefined, json)).body).toMatchObject({ last_seq: 1 })
})

test('a push with a document that the sync function refuses', async () => {
  const db = await gateway.database({ sync: 'function (doc) { if (doc.bad) throw({ forbidden: "bad" }) }' })
  const ann = await db.user('ann')
  const docs = [{ _id: 'doc', _rev: '1-a', _revisions: { start: 1, ids: ['a'] }, bad: true }]
  expect((await ann('POST', '/_bulk_docs', { docs, new_edits: false }, json)).body).toEqual([{ id: 'doc', error: 'forbidden', reason: 'bad', status: 403 }])
})

test('a pull, one document after the other, since JSON is all that it takes', async () => {
  const db = await gateway.database()
  const ann = await db.user('ann', { admin_channels: ['a'] })
  const rev = String(member((await db.admin('PUT', '/doc', { channels: ['a'], _attachments: { x: { data: 'AA==' } } })).body, 'rev'))
  expect((await ann('GET', '/', undefined, json)).body).toMatchObject({ update_seq: 2 })
  expect((await ann('GET', '/_changes?style=all_docs&since=0&limit=100', undefined, json)).body).toMatchObject({
    results: [{ seq: 1, id: '_user/ann', changes: [] }, { seq: 2, id: 'doc', changes: [{ rev }] }], last_seq: '2',
  })
  expect((await ann('GET', '/_changes?style=all_docs&since=2&limit=100', undefined, json)).body).toEqual({ results: [], last_seq: '2' })
  expect((await ann('POST', '/_bulk_get?revs=true&latest=true', { docs: [{ id: 'doc', rev }] }, json)).status).toBe(406)
  const open = encodeURIComponent(JSON.stringify([rev]))
  expect((await ann('GET', `/doc?revs=true&latest=true&open_revs=${open}`, undefined, json)).body).toMatchObject([
    { ok: { _id: 'doc', _rev: rev, _revisions: { start: 1, ids: [rev.slice(2)] }, _attachments: { x: { data: 'AA==' } } } },
  ])
  expect((await ann('GET', '/doc/x', undefined, { accept: '*/*' })).text).toBe('\0')
})

test('live changes, and the end of the session', async () => {
  const db = await gateway.database()
  const ann = await db.user('ann', { admin_channels: ['a'] })
  const changes = ann('GET', '/_changes?style=all_docs&feed=longpoll&heartbeat=10000&since=1&limit=100', undefined, json)
  await db.admin('GET', '/')
  await db.admin('PUT', '/doc', { channels: ['a'] })
  expect((await changes).body).toMatchObject({ results: [{ id: 'doc' }], last_seq: '2' })
  await db.admin('DELETE', '/_user/ann/_session')
  expect((await ann('GET', '/_changes?feed=longpoll&heartbeat=10000&since=2', undefined, json)).status).toBe(401)
})
