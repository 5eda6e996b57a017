// `_changes`: what is listed, in which order, and for whom.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Answer } from './request.ts'
import { member, said, saidInTurn, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

type Entry = { seq: number | string; id: string; changes: { rev: string }[]; deleted?: boolean; removed?: string[]; doc?: object }
const entriesIn = ({ body }: Answer) => member(body, 'results') as Entry[]
const idsIn = (answer: Answer) => entriesIn(answer).map(({ id }) => id)
const revisionIn = ({ body }: Answer) => String(member(body, 'rev'))

const prepare = async () => {
  const db = await gateway.database()
  for (const id of ['a', 'b', 'c']) await db.admin('PUT', `/${id}`, { channels: [id] })
  return db
}

describe('the normal feed', () => {
  test('lists the last change of each document, with a text as last_seq', async () => {
    const { admin } = await prepare()
    const rev = revisionIn(await admin('PUT', `/a?rev=${String(member((await admin('GET', '/a')).body, '_rev'))}`, { channels: ['a'] }))
    const answer = await admin('GET', '/_changes')
    expect(answer.body).toMatchObject({ last_seq: '4', results: [{ seq: 2, id: 'b' }, { seq: 3, id: 'c' }, { seq: 4, id: 'a', changes: [{ rev }] }] })
  })

  test.each([['?since=1', ['b', 'c']], ['?since=3', []], ['?since=99', []], ['?limit=2', ['a', 'b']], ['?limit=0', ['a', 'b', 'c']], ['?since=1&limit=1', ['b']], ['?since=0', ['a', 'b', 'c']]])('%s', async (query, ids) => {
    const { admin } = await prepare()
    expect(idsIn(await admin('GET', `/_changes${query}`))).toEqual(ids)
  })

  test('keeps the since of a request that finds nothing', async () => {
    const { admin } = await prepare()
    expect((await admin('GET', '/_changes?since=3')).body).toEqual({ results: [], last_seq: '3' })
  })

  test('takes the same by POST', async () => {
    const { admin } = await prepare()
    expect(idsIn(await admin('POST', '/_changes', { since: 1, limit: 1 }))).toEqual(['b'])
    expect(idsIn(await admin('POST', '/_changes', { since: '2' }))).toEqual(['c'])
    expect(idsIn(await admin('POST', '/_changes', { filter: '_doc_ids', doc_ids: ['c'] }))).toEqual(['c'])
    expect(idsIn(await admin('POST', '/_changes?since=2', { since: 1 }))).toEqual(['c'])
  })

  test('marks tombstones, and leaves them out with active_only', async () => {
    const { admin } = await prepare()
    await admin('DELETE', `/a?rev=${String(member((await admin('GET', '/a')).body, '_rev'))}`)
    expect(entriesIn(await admin('GET', '/_changes?since=3'))).toMatchObject([{ id: 'a', deleted: true, seq: 4 }])
    expect(idsIn(await admin('GET', '/_changes?active_only=true'))).toEqual(['b', 'c'])
  })

  test('has the documents if asked for', async () => {
    const { admin } = await prepare()
    expect(entriesIn(await admin('GET', '/_changes?include_docs=true&limit=1'))[0]?.doc).toMatchObject({ _id: 'a', channels: ['a'] })
    expect(entriesIn(await admin('GET', '/_changes?limit=1'))[0]).not.toHaveProperty('doc')
  })
})

test.each([[true], [{}], [[1]], [1.5], ['x'], [-1]])('a since of %j is a 400', async (since) => {
  const { admin } = await prepare()
  expect(said(await admin('POST', '/_changes', { since }))).toBe('400 Invalid sequence')
})

describe('filters', () => {
  test('by id give a document as often as it is named', async () => {
    const { admin } = await prepare()
    expect(idsIn(await admin('GET', '/_changes?filter=_doc_ids&doc_ids=c,a,c'))).toEqual(['a', 'c', 'c'])
    expect(idsIn(await admin('GET', '/_changes?filter=_doc_ids&doc_ids=c,a,c&limit=2'))).toEqual(['a', 'c'])
  })

  test('by channel', async () => {
    const { admin } = await prepare()
    const by = (channels: string) => admin('GET', `/_changes?filter=sync_gateway/bychannel&channels=${channels}`).then(idsIn)
    expect([await by('a'), await by('a,c'), await by('*'), await by('nobody')]).toEqual([['a'], ['a', 'c'], ['a', 'b', 'c'], []])
  })

  test('by channel for a user, who gets no more than its own and first itself', async () => {
    const { user } = await prepare()
    const ann = await user('ann', { admin_channels: ['a', 'b'] })
    expect(idsIn(await ann('GET', '/_changes?filter=sync_gateway/bychannel&channels=b,c'))).toEqual(['b', '_user/ann'])
  })

  test('by id, as a JSON array or with commas', async () => {
    const { admin } = await prepare()
    const by = (ids: string) => admin('GET', `/_changes?filter=_doc_ids&doc_ids=${encodeURIComponent(ids)}`).then(idsIn)
    expect([await by('["c","a"]'), await by('a,c'), await by('["nobody"]')]).toEqual([['a', 'c'], ['a', 'c'], []])
  })

  test.each([
    ['another feed', '?feed=eventsource', '400 Unknown feed type'],
    ['another filter', '?filter=mine', '400 Unknown filter; try sync_gateway/bychannel or _doc_ids'],
    ['a filter without channels', '?filter=sync_gateway/bychannel', "400 Missing 'channels' filter parameter"],
    ['a filter without ids', '?filter=_doc_ids', "400 Missing 'doc_ids' filter parameter"],
    ['ids with a long poll', '?filter=_doc_ids&doc_ids=["a"]&feed=longpoll', "400 Filter '_doc_ids' is only valid for feed=normal replications"],
    ['a since that is none', '?since=x', '400'],
  ])('%s is a 400', async (_what, query, refusal) => {
    const { admin, user } = await prepare()
    expect(said(await admin('GET', `/_changes${query}`))).toContain(refusal)
    expect(said(await (await user('ann'))('GET', `/_changes${query}`))).toContain(refusal)
  })
})

describe('for a user', () => {
  test('a document that was deleted out of sight and came back elsewhere is told as deleted, by its id too', async () => {
    const { admin, user } = await gateway.database()
    const ann = await user('ann', { admin_channels: ['a'] })
    const rev = revisionIn(await admin('PUT', '/doc', { channels: ['a'] }))
    await admin('DELETE', `/doc?rev=${rev}`)
    await admin('PUT', '/doc', { channels: ['b'] })
    expect(entriesIn(await ann('GET', '/_changes?filter=_doc_ids&doc_ids=doc'))).toMatchObject([{ id: 'doc', deleted: true, removed: ['a'] }])
    expect(entriesIn(await ann('GET', '/_changes')).filter(({ id }) => id === 'doc')).toMatchObject([{ deleted: true, removed: ['a'] }])
    expect(entriesIn(await admin('GET', '/_changes?filter=_doc_ids&doc_ids=doc'))[0]).not.toHaveProperty('deleted')
  })

  test('begins with itself, and leaves out what is in other channels', async () => {
    const db = await gateway.database()
    const ann = await db.user('ann', { admin_channels: ['a'] })
    await db.admin('PUT', '/mine', { channels: ['a'] })
    await db.admin('PUT', '/other', { channels: ['b'] })
    await db.admin('PUT', '/all', { channels: ['!'] })
    expect(entriesIn(await ann('GET', '/_changes'))).toMatchObject([{ seq: 1, id: '_user/ann', changes: [] }, { seq: 2, id: 'mine' }, { seq: 4, id: 'all' }])
  })

  test('tells once of a document that left its channels', async () => {
    const { admin, user } = await gateway.database()
    const ann = await user('ann', { admin_channels: ['a'] })
    const rev = revisionIn(await admin('PUT', '/doc', { channels: ['a'] }))
    const next = revisionIn(await admin('PUT', `/doc?rev=${rev}`, { channels: ['b'] }))
    expect(entriesIn(await ann('GET', '/_changes?since=2'))).toMatchObject([{ seq: 3, id: 'doc', removed: ['a'], changes: [{ rev: next }] }])
    await admin('PUT', `/doc?rev=${next}`, { channels: ['b'], n: 3 })
    expect(entriesIn(await ann('GET', '/_changes?since=2'))).toMatchObject([{ seq: 3, id: 'doc', removed: ['a'] }])
    expect(idsIn(await ann('GET', '/_changes?since=3'))).toEqual([])
  })

  test('a tombstone without channels is told as removed and deleted', async () => {
    const { admin, user } = await gateway.database()
    const ann = await user('ann', { admin_channels: ['a'] })
    const rev = revisionIn(await admin('PUT', '/doc', { channels: ['a'] }))
    await admin('DELETE', `/doc?rev=${rev}`)
    expect(entriesIn(await ann('GET', '/_changes?since=2'))).toMatchObject([{ id: 'doc', deleted: true, removed: ['a'] }])
  })

  test('sends a channel that was granted later from its beginning, with the grant before the sequence', async () => {
    const { admin, user } = await gateway.database()
    const ann = await user('ann')
    await admin('PUT', '/old', { channels: ['a'] })
    await admin('PUT', '/other', { channels: ['b'] })
    const since = String(member((await ann('GET', '/_changes')).body, 'last_seq'))
    await admin('PUT', '/_user/ann', { admin_channels: ['a'] })
    await admin('PUT', '/new', { channels: ['a'] })
    const answer = await ann('GET', `/_changes?since=${since}`)
    expect(entriesIn(answer)).toMatchObject([{ seq: '4:2', id: 'old' }, { seq: 4, id: '_user/ann' }, { seq: 5, id: 'new' }])
    expect(idsIn(await ann('GET', '/_changes?since=4:2'))).toEqual(['_user/ann', 'new'])
    expect(member(answer.body, 'last_seq')).toBe('5')
  })

  test('the same by a role, and by a grant of the sync function', async () => {
    const { admin, user } = await gateway.database({ sync: 'function (doc) { channel(doc.channels); access(doc.who, doc.what); role(doc.who, doc.role) }' })
    const ann = await user('ann')
    await admin('PUT', '/_role/r', { admin_channels: ['b'] })
    await admin('PUT', '/a', { channels: ['a'] })
    await admin('PUT', '/b', { channels: ['b'] })
    const grant = revisionIn(await admin('PUT', '/grant', { who: 'ann', what: 'a', role: 'role:r' }))
    expect(idsIn(await ann('GET', '/_changes?since=4'))).toEqual(['a', 'b'])
    await admin('PUT', `/grant?rev=${grant}`, {})
    expect(await saidInTurn(() => ann('GET', '/a'), () => ann('GET', '/b'))).toEqual(['403 forbidden', '403 forbidden'])
  })
})
