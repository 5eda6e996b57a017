// A new sync function for old documents.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { member, said, saidInTurn, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

const javascript = { 'content-type': 'application/javascript' }

const prepare = async (sync: string) => {
  const db = await gateway.database({ sync: 'function (doc) { channel("old"); access(doc.who, "old") }' })
  const ann = await db.user('ann', { admin_channels: ['new'] })
  const bob = await db.user('bob')
  await db.admin('PUT', '/doc', { who: 'bob' })
  await db.admin('PUT', '/_config/sync', sync, javascript)
  const resync = async () => {
    await db.admin('POST', '/_offline', {})
    const answer = await db.admin('POST', '/_resync?action=start', {})
    const after = await db.admin('GET', '/_resync')
    await db.admin('POST', '/_online', {})
    return { answer, after }
  }
  const seen = () => saidInTurn(() => ann('GET', '/doc'), () => bob('GET', '/doc'))
  return { ...db, resync, seen }
}

describe('a resync', () => {
  test('is what makes a new function count for old documents: channels and grants', async () => {
    const { resync, seen } = await prepare('function () { channel("new") }')
    expect(await seen()).toEqual(['403 forbidden', '200'])
    const { answer, after } = await resync()
    expect([answer.status, after.body]).toEqual([200, expect.objectContaining({ status: 'completed' })])
    expect(await seen()).toEqual(['200', '403 forbidden'])
  })

  test('leaves a document that the function refuses in no channel', async () => {
    const { admin, resync, seen } = await prepare('function () { channel("new"); throw({ forbidden: "no" }) }')
    await resync()
    expect(await seen()).toEqual(['403 forbidden', '403 forbidden'])
    expect(said(await admin('GET', '/doc'))).toBe('200')
  })

  test('runs as the admin, with no old document', async () => {
    const { resync, seen } = await prepare('function (doc, oldDoc) { requireAdmin(); channel(oldDoc === null ? "new" : "other") }')
    await resync()
    expect((await seen())[0]).toBe('200')
  })

  test('wants the database offline, and a known action', async () => {
    const { admin } = await prepare('function () {}')
    expect((await admin('POST', '/_resync?action=start', {})).status).toBe(503)
    await admin('POST', '/_offline', {})
    expect((await admin('POST', '/_resync?action=nonsense', {})).status).toBe(400)
  })
})

test('_raw shows a document with what Sync Gateway keeps of it', async () => {
  const { admin } = await gateway.database()
  const { body } = await admin('PUT', '/doc', { a: 1, channels: ['x'], _exp: 60 })
  const [version = '', source] = String(member(body, 'cv')).split('@')
  const ver = `0x${(version.match(/../g) ?? []).toReversed().join('')}`
  expect((await admin('GET', '/_raw/doc')).body).toMatchObject({
    a: 1,
    _xattrs: { _sync: { rev: { rev: member(body, 'rev'), src: source, ver }, sequence: 1, recent_sequences: [1], channels: { x: null } }, _vv: { src: source, ver }, _mou: null, _globalSync: null },
  })
  expect((await admin('GET', '/_raw/doc?include_doc=false')).body).not.toHaveProperty('a')
  expect((await admin('GET', '/_raw/doc?include_doc=true&redact=true')).status).toBe(400)
  expect(said(await admin('GET', '/_raw/other'))).toBe('404 missing')
})
