// `_all_docs`: who sees which documents, and in what order.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Answer } from './request.ts'
import { member, said, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

const idsIn = ({ body }: Answer) => (member(body, 'rows') as { id: string }[]).map(({ id }) => id)

const prepare = async (config = {}) => {
  const db = await gateway.database(config)
  for (const id of ['c', 'a', 'b']) await db.admin('PUT', `/${id}`, { channels: [id] })
  const gone = member((await db.admin('PUT', '/gone', { channels: ['a'] })).body, 'rev')
  await db.admin('DELETE', `/gone?rev=${String(gone)}`)
  return db
}

describe('the list', () => {
  test('is in order of the ids, without tombstones', async () => {
    const { admin } = await prepare()
    const answer = await admin('GET', '/_all_docs')
    expect(idsIn(answer)).toEqual(['a', 'b', 'c'])
    expect(answer.body).toMatchObject({ total_rows: 3, update_seq: 5, rows: [{ key: 'a', id: 'a', value: { rev: expect.stringMatching(/^1-/) } }, {}, {}] })
  })

  test.each([['?limit=2', ['a', 'b']], ['?startkey="b"', ['b', 'c']], ['?endkey="b"', ['a', 'b']], ['?startkey="b"&endkey="b"', ['b']], ['?limit=0', ['a', 'b', 'c']]])('%s', async (query, ids) => {
    const { admin } = await prepare()
    expect(idsIn(await admin('GET', `/_all_docs${query}`))).toEqual(ids)
  })

  test('has the documents if asked for', async () => {
    const { admin } = await prepare()
    expect((await admin('GET', '/_all_docs?include_docs=true&channels=true&limit=1')).body).toMatchObject({ rows: [{ doc: { _id: 'a', channels: ['a'] }, value: { channels: ['a'] } }] })
    expect((await admin('GET', '/_all_docs')).text).not.toContain('"doc"')
  })

  test('shows a user its channels only, and of those in a row', async () => {
    const { user } = await prepare()
    const [ann, bob] = [await user('ann', { admin_channels: ['a', 'c'] }), await user('bob', { admin_channels: ['*'] })]
    expect(idsIn(await ann('GET', '/_all_docs'))).toEqual(['a', 'c'])
    expect(idsIn(await bob('GET', '/_all_docs'))).toEqual(['a', 'b', 'c'])
  })
})

describe('a list of keys', () => {
  const keys = ['b', 'absent', 'gone', 'a']

  test.each(['GET', 'POST'])('by %s is in its own order, with an error in the row of what is not to be had', async (method) => {
    const { user } = await prepare()
    const ann = await user('ann', { admin_channels: ['a'] })
    const query = method === 'GET' ? `?keys=${encodeURIComponent(JSON.stringify(keys))}` : ''
    const { body } = await ann(method, `/_all_docs${query}`, method === 'POST' ? { keys } : undefined)
    expect(member(body, 'rows')).toMatchObject([{ key: 'b', error: 'forbidden', status: 403 }, { key: 'absent', error: 'not_found', status: 404 }, { key: 'gone', error: 'forbidden', status: 403 }, { key: 'a', id: 'a' }])
  })

  test('tells an admin that a tombstone is gone; for a user it is in no channel any more', async () => {
    const { admin } = await prepare()
    expect((await admin('POST', '/_all_docs', { keys: ['gone'] })).body).toMatchObject({ rows: [{ key: 'gone', error: 'not_found', status: 404 }] })
  })

  test('that is none is a 400', async () => {
    const { admin } = await prepare()
    expect((await admin('GET', '/_all_docs?keys=x')).status).toBe(400)
    expect(said(await admin('POST', '/_all_docs', {}))).toBe('400 Bad/missing keys')
  })
})

test('disable_public_all_docs closes it to the public only', async () => {
  const { admin, user } = await prepare({ disable_public_all_docs: true })
  const ann = await user('ann', { admin_channels: ['*'] })
  expect(said(await ann('GET', '/_all_docs'))).toBe('403 public access to _all_docs is disabled for this database')
  expect(idsIn(await admin('GET', '/_all_docs'))).toEqual(['a', 'b', 'c'])
})
