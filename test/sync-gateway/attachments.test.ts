// Attachments: inside a document, as stubs, and by their own path.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { member, said, saidInTurn, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

const hello = { content_type: 'text/plain', data: Buffer.from('hello').toString('base64') }
const stub = { stub: true, digest: 'sha1-qvTGHdzF6KLavt4PO0gs2a6pQ00=', length: 5, revpos: 1, content_type: 'text/plain' }

const prepare = async () => {
  const db = await gateway.database()
  const rev = String(member((await db.admin('PUT', '/doc', { _attachments: { 'hello.txt': hello } })).body, 'rev'))
  return { ...db, rev }
}

describe('an attachment inside a document', () => {
  test('comes back as a stub', async () => {
    const { admin } = await prepare()
    expect(member((await admin('GET', '/doc')).body, '_attachments')).toEqual({ 'hello.txt': stub })
  })

  test('comes back with its data if asked for, unless the client has it', async () => {
    const { admin, rev } = await prepare()
    const { stub: _stub, ...rest } = stub
    expect(member((await admin('GET', '/doc?attachments=true', undefined, { accept: 'application/json' })).body, '_attachments')).toEqual({ 'hello.txt': { ...rest, data: hello.data } })
    const since = encodeURIComponent(JSON.stringify([rev]))
    expect(member((await admin('GET', `/doc?attachments=true&atts_since=${since}`, undefined, { accept: 'application/json' })).body, '_attachments')).toEqual({ 'hello.txt': stub })
  })

  test('stays with the document as a stub, and goes without it', async () => {
    const { admin, rev } = await prepare()
    const kept = String(member((await admin('PUT', `/doc?rev=${rev}`, { _attachments: { 'hello.txt': { stub: true, revpos: 1 } } })).body, 'rev'))
    expect(member((await admin('GET', '/doc')).body, '_attachments')).toEqual({ 'hello.txt': stub })
    await admin('PUT', `/doc?rev=${kept}`, {})
    expect((await admin('GET', '/doc')).body).not.toHaveProperty('_attachments')
    expect((await admin('GET', '/doc/hello.txt')).status).toBe(404)
  })

  test('that was replaced is gone, though the old revision still names it', async () => {
    const { admin, rev } = await prepare()
    await admin('PUT', `/doc?rev=${rev}`, { _attachments: { 'hello.txt': { ...hello, data: 'YnllLi4=' } } })
    expect(member((await admin('GET', `/doc?rev=${rev}`)).body, '_attachments')).toEqual({ 'hello.txt': stub })
    expect(await saidInTurn(() => admin('GET', `/doc/hello.txt?rev=${rev}`), () => admin('GET', `/doc?rev=${rev}&attachments=true`))).toEqual(['404 missing', '404 missing'])
  })

  test.each([['bad base64', { x: { data: '?' } }, 400], ['neither data nor stub', { x: {} }, 400], ['a stub of nothing', { x: { stub: true } }, 400], ['data that is a number', { x: { data: 1 } }, 400], ['a text', { x: 'y' }, 400]])(
    'of %s is refused',
    async (_what, attachments, status) => {
      const { admin } = await gateway.database()
      expect((await admin('PUT', '/doc', { _attachments: attachments })).status).toBe(status)
    },
  )

  test('is described on request, with the key that it has in the bucket', async () => {
    const { admin } = await prepare()
    expect((await admin('GET', '/doc/hello.txt?meta=true')).body).toEqual({ ...stub, ver: 2, key: `_sync:att2:E51US4IbE+vqFPGw/hhXciLkFcKWbjo1EcQZYFUjIgI=:${stub.digest}` })
  })
})

describe('an attachment by its path', () => {
  test('is read with its type, its digest and its length', async () => {
    const { admin } = await prepare()
    const { status, text, headers } = await admin('GET', '/doc/hello.txt')
    expect([status, text, headers['content-type'], headers.etag, headers['content-length']]).toEqual([200, 'hello', 'text/plain', `"${stub.digest}"`, '5'])
    expect(await saidInTurn(() => admin('GET', '/doc/other'), () => admin('GET', '/other/hello.txt'))).toEqual(['404 missing attachment other', '404 missing'])
  })

  test.each([['bytes=1-3', 206, 'ell'], ['bytes=-2', 206, 'lo'], ['bytes=3-', 206, 'lo'], ['bytes=0-100', 200, 'hello'], ['nonsense', 200, 'hello']])('is read in part: %s', async (range, status, text) => {
    const { admin } = await prepare()
    const answer = await admin('GET', '/doc/hello.txt', undefined, { range })
    expect([answer.status, answer.text]).toEqual([status, text])
  })

  test('is written with the revision of its document, and makes another', async () => {
    const { admin, rev } = await prepare()
    const type = { 'content-type': 'text/html' }
    expect(said(await admin('PUT', '/doc/page', '<p>', type))).toBe('409 Cannot modify attachments without a specific rev ID')
    const written = await admin('PUT', `/doc/page?rev=${rev}`, '<p>', type)
    expect([written.status, member(written.body, 'rev')]).toEqual([201, expect.stringMatching(/^2-/)])
    expect((await admin('GET', '/doc/page')).text).toBe('<p>')
    expect((await admin('GET', '/doc/hello.txt')).text).toBe('hello')
  })

  test('is written to a document that is not there yet', async () => {
    const { admin } = await gateway.database()
    expect((await admin('PUT', '/new/x', 'data', { 'content-type': 'text/plain' })).status).toBe(201)
    expect((await admin('GET', '/new/x')).text).toBe('data')
  })

  test('may have 20 MiB and not a byte more', async () => {
    const { admin } = await gateway.database()
    const type = { 'content-type': 'application/octet-stream' }
    expect((await admin('PUT', '/a/x', 'x'.repeat(20 * 1024 * 1024), type)).status).toBe(201)
    expect((await admin('PUT', '/b/x', 'x'.repeat(20 * 1024 * 1024 + 1), type)).status).toBe(413)
  })

  test('is as secret as its document', async () => {
    const { admin, user } = await gateway.database()
    const ann = await user('ann', { admin_channels: ['a'] })
    await admin('PUT', '/mine', { channels: ['a'], _attachments: { x: hello } })
    await admin('PUT', '/other', { channels: ['b'], _attachments: { x: hello } })
    expect((await ann('GET', '/mine/x')).text).toBe('hello')
    expect(said(await ann('GET', '/other/x'))).toBe('403 forbidden')
  })
})
