// Documents that expire (`_exp`), and the trap of one that nobody has read since.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { member, said, saidInTurn, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

const second = 1000

describe('_exp', () => {
  test('in seconds: the document is there until then', async () => {
    const { admin } = await gateway.database()
    await admin('PUT', '/doc', { _exp: 60 })
    gateway.advance(59 * second)
    expect(said(await admin('GET', '/doc'))).toBe('200')
    gateway.advance(second)
    expect(said(await admin('GET', '/doc'))).toBe('404 deleted')
  })

  test('counts from now up to 30 days, and above that from 1970', async () => {
    const { admin } = await gateway.database()
    await admin('PUT', '/month', { _exp: 2_592_000 })
    await admin('PUT', '/past', { _exp: 2_592_001 })
    await admin('PUT', '/later', { _exp: Math.floor(gateway.now() / second) + 100 })
    expect(await saidInTurn(() => admin('GET', '/month'), () => admin('GET', '/past'), () => admin('GET', '/later'))).toEqual(['200', '404 deleted', '200'])
    gateway.advance(101 * second)
    expect(await saidInTurn(() => admin('GET', '/month'), () => admin('GET', '/later'))).toEqual(['200', '404 deleted'])
  })

  test('may be a date', async () => {
    const { admin } = await gateway.database()
    await admin('PUT', '/doc', { _exp: new Date(gateway.now() + 60 * second).toISOString() })
    gateway.advance(59 * second)
    expect(said(await admin('GET', '/doc'))).toBe('200')
    gateway.advance(2 * second)
    expect(said(await admin('GET', '/doc'))).toBe('404 deleted')
  })

  test.each([['a word', 'soon'], ['a negative number', -1], ['an array', []], ['a boolean', true], ['a fraction', 1.5]])('of %s is a 400', async (_what, _exp) => {
    const { admin } = await gateway.database()
    expect((await admin('PUT', '/doc', { _exp })).status).toBe(400)
    expect(said(await admin('GET', '/doc'))).toBe('404 missing')
  })

  test('is shown only when asked for', async () => {
    const { admin } = await gateway.database()
    await admin('PUT', '/doc', { _exp: 60 })
    expect((await admin('GET', '/doc')).body).not.toHaveProperty('_exp')
    expect(Date.parse(String(member((await admin('GET', '/doc?show_exp=true')).body, '_exp')))).toBe(Math.floor(gateway.now() / second) * second + 60 * second)
  })

  test('is taken off by an update without it', async () => {
    const { admin } = await gateway.database()
    const rev = member((await admin('PUT', '/doc', { _exp: 60 })).body, 'rev')
    await admin('PUT', `/doc?rev=${String(rev)}`, { n: 2 })
    gateway.advance(61 * second)
    expect((await admin('GET', '/doc')).body).toMatchObject({ n: 2 })
    expect((await admin('GET', '/doc?show_exp=true')).body).not.toHaveProperty('_exp')
  })
})

describe('an expired document', () => {
  const expired = async (importDocs: boolean) => {
    const db = await gateway.database({ import_docs: importDocs })
    const rev = String(member((await db.admin('PUT', '/doc', { a: 1, _exp: 60 })).body, 'rev'))
    gateway.advance(61 * second)
    return { ...db, rev }
  }

  test.each([true, false])('that was read first is a tombstone and free (import_docs %s)', async (importDocs) => {
    const { admin } = await expired(importDocs)
    expect(said(await admin('GET', '/doc'))).toBe('404 deleted')
    const again = await admin('PUT', '/doc', {})
    expect([again.status, member(again.body, 'rev')]).toEqual([201, expect.stringMatching(/^3-/)])
  })

  test('that nobody read is a 409 without import_docs, and leaves an empty live document', async () => {
    const { admin, rev } = await expired(false)
    expect(said(await admin('PUT', '/doc', { b: 1 }))).toBe('409 Document exists')
    const { body } = await admin('GET', '/doc')
    expect(body).toEqual({ _id: 'doc', _rev: expect.stringMatching(/^2-/), _cv: expect.any(String) })
    expect(said(await admin('PUT', `/doc?rev=${rev}`, {}))).toBe('409 Document revision conflict')
  })

  test('that nobody read is a 409 for its old revision, with import_docs too', async () => {
    for (const importDocs of [true, false]) {
      const { admin, rev } = await expired(importDocs)
      expect(said(await admin('PUT', `/doc?rev=${rev}`, {}))).toBe('409 Document revision conflict')
    }
  })

  test('that nobody read is free with import_docs', async () => {
    const { admin } = await expired(true)
    expect(said(await admin('PUT', '/doc', {}))).toBe('201')
  })

  test('wakes a long poll at once with import_docs', async () => {
    const { admin } = await gateway.database({ import_docs: true })
    await admin('PUT', '/doc', { _exp: 60 })
    const waiting = admin('GET', '/_changes?feed=longpoll&since=1&timeout=100000')
    await admin('GET', '/')
    gateway.advance(60 * second)
    expect(member((await waiting).body, 'results', 0)).toMatchObject({ id: 'doc', deleted: true })
  })

  test('wakes it when it is read otherwise', async () => {
    const { admin } = await gateway.database()
    await admin('PUT', '/doc', { _exp: 60 })
    const waiting = admin('GET', '/_changes?feed=longpoll&since=1&timeout=100000')
    await admin('GET', '/')
    gateway.advance(60 * second)
    expect((await admin('GET', '/_changes?since=1')).body).toMatchObject({ results: [] })
    await admin('GET', '/doc')
    expect(member((await waiting).body, 'results', 0)).toMatchObject({ id: 'doc', deleted: true })
  })
})
