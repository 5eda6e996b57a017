// Documents: made, changed, deleted, and which revision follows which.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Answer } from './request.ts'
import { member, said, saidInTurn, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

const revisionIn = ({ body }: Answer) => String(member(body, 'rev'))

describe('an id', () => {
  test.each([
    ['250 bytes', 'a'.repeat(250), 201], ['251 bytes', 'a'.repeat(251), 400], ['250 bytes of two each', 'é'.repeat(125), 201], ['252 bytes of two each', 'é'.repeat(126), 400], ['a plus', 'a+b', 201],
    ['an escaped slash', 'a%2Fb', 201], ['a percent sign, which the real server unescapes twice', 'a%25b', 400], ['a colon', 'a:b', 201],
  ])('of %s', async (_what, id, status) => {
    const { admin } = await gateway.database()
    expect((await admin('PUT', `/${id}`, {})).status).toBe(status)
  })

  test('is what was meant by its path', async () => {
    const { admin } = await gateway.database()
    const ids = []
    for (const path of ['a+b', 'a%2Bc', 'a%2Fb', 'a%20b', 'a%2525b', '%C3%A9']) ids.push(member((await admin('PUT', `/${path}`, {})).body, 'id'))
    expect(ids).toEqual(['a+b', 'a+c', 'a/b', 'a b', 'a%b', 'é'])
  })

  test('that the body names has to be that of the path', async () => {
    const { admin } = await gateway.database()
    expect(await saidInTurn(() => admin('PUT', '/a', { _id: 'b' }), () => admin('PUT', '/a', { _id: 'a' }))).toEqual([
      '400 The document ID provided in the body does not match the document ID in the path', '201',
    ])
  })
})

describe('a body', () => {
  test.each([
    ['broken JSON', '{"a":', '400'], ['an array', [], '400'], ['a number', '1', '400'], ['null', 'null', '400 Document body is empty'], ['nothing', '', '400'], ['_sync', { _sync: {} }, '400'],
    ['a member _sync_x', { _sync_x: 1 }, '400'], ['_purged', { _purged: true }, '400'], ['another member with an underscore', { _x: 1 }, '201'], ['an _rev that is none', { _rev: 'x' }, '400'],
    ['a text after it', '{} x', '201'],
  ])('of %s', async (_what, body, expected) => {
    const { admin } = await gateway.database()
    expect(said(await admin('PUT', '/doc', body)).startsWith(expected)).toBe(true)
  })

  test('keeps members with an underscore that mean nothing', async () => {
    const { admin } = await gateway.database()
    await admin('PUT', '/doc', { _x: 1 })
    expect((await admin('GET', '/doc')).body).toMatchObject({ _x: 1 })
  })

  test('keeps its numbers to the digit', async () => {
    const { admin } = await gateway.database()
    await admin('PUT', '/doc', '{"a":12345678901234567890,"b":1.10,"c":1e3}')
    expect((await admin('GET', '/doc')).text).toContain('"a":12345678901234567890,"b":1.10,"c":1e3')
  })

  test.each([[0, 201], [1, 413]])('of 20 MiB and %i bytes', async (more, status) => {
    const { admin } = await gateway.database()
    const body = `{"a":"${'x'.repeat(20 * 1024 * 1024 - 8 + more)}"}`
    expect((await admin('PUT', '/doc', body)).status).toBe(status)
  })

  test.each([['application/json', 201], ['application/json; charset=utf-8', 201], ['text/plain', 415], ['application/x-www-form-urlencoded', 415]])('sent as %s: %i', async (type, status) => {
    const { admin } = await gateway.database()
    expect((await admin('PUT', '/doc', '{}', { 'content-type': type })).status).toBe(status)
  })

  test.each<[string, string, string]>([
    ['PUT', '/doc', 'APPLICATION/JSON'], ['PUT', '/_local/doc', 'text/plain'], ['POST', '/_bulk_docs', 'text/plain'], ['POST', '/_bulk_get', 'text/plain'], ['POST', '/_revs_diff', 'text/plain'], ['POST', '/_all_docs', 'text/plain'], ['POST', '/_session', 'text/plain'],
  ])('%s %s sent as %s is bad JSON', async (method, path, type) => {
    const { admin } = await gateway.database()
    expect(said(await admin(method, path, '{}', { 'content-type': type }))).toBe(`400 Bad JSON: 415 Invalid content type ${type} - expected application/json`)
  })

  test.each([['PUT', '/_config'], ['POST', '/_config']])('%s %s takes JSON and nothing else', async (method, path) => {
    const { admin } = await gateway.database()
    expect(said(await admin(method, path, '{}', { 'content-type': 'text/plain' }))).toBe('415 Invalid content type text/plain - expected application/json')
  })

  test('may be packed with gzip and with nothing else', async () => {
    const { admin } = await gateway.database()
    expect((await admin('PUT', '/a', gzipSync('{"a":1}'), { 'content-encoding': 'gzip' })).status).toBe(201)
    expect((await admin('GET', '/a')).body).toMatchObject({ a: 1 })
    expect(said(await admin('PUT', '/b', '{}', { 'content-encoding': 'br' }))).toBe('415 Unsupported Content-Encoding; use gzip')
  })
})

describe('a revision', () => {
  const digest = (parent: string, json: string) => createHash('md5').update(Buffer.from([parent.length])).update(parent).update(json).digest('hex')

  test('is a digest of its parent and its content, generation after generation', async () => {
    const { admin } = await gateway.database()
    const first = revisionIn(await admin('PUT', '/doc', { b: 1, a: '<&>' }))
    expect(first).toBe(`1-${digest('', '{"a":"\\u003c\\u0026\\u003e","b":1}')}`)
    const second = revisionIn(await admin('PUT', `/doc?rev=${first}`, {}))
    expect(second).toBe(`2-${digest(first, '{}')}`)
    expect(revisionIn(await admin('DELETE', `/doc?rev=${second}`))).toBe(`3-${digest(second, '{"_deleted":true}')}`)
  })

  test('is the same for the same content, without regard to expiry and attachments', async () => {
    const { admin } = await gateway.database()
    const revisions = []
    for (const body of [{ a: 1 }, { a: 1, _exp: 60 }, { a: 1, _attachments: { x: { data: 'AA==' } } }]) revisions.push(revisionIn(await admin('POST', '/', body)))
    expect(new Set(revisions).size).toBe(1)
  })
})

describe('writing over', () => {
  const written = async () => {
    const db = await gateway.database()
    const first = revisionIn(await db.admin('PUT', '/doc', { n: 1 }))
    const second = revisionIn(await db.admin('PUT', `/doc?rev=${first}`, { n: 2 }))
    return { ...db, first, second }
  }

  test('is refused without a revision, with an old one, and with one of a document that is not there', async () => {
    const { admin, first } = await written()
    expect(await saidInTurn(
      () => admin('PUT', '/doc', { n: 3 }), () => admin('PUT', `/doc?rev=${first}`, { n: 3 }), () => admin('PUT', '/doc', { n: 3, _rev: first }),
      () => admin('PUT', '/doc', { n: 3 }, { 'if-match': `"${first}"` }), () => admin('PUT', `/other?rev=${first}`, {}), () => admin('DELETE', '/doc'), () => admin('DELETE', `/doc?rev=${first}`),
    )).toEqual(['409 Document exists', ...Array<string>(4).fill('409 Document revision conflict'), '409 Document exists', '409 Document revision conflict'])
  })

  test.each(['query', 'body', 'If-Match'])('works with the current revision in the %s', async (where) => {
    const { admin, second } = await written()
    const answer = await admin('PUT', where === 'query' ? `/doc?rev=${second}` : '/doc', where === 'body' ? { _rev: second } : {}, where === 'If-Match' ? { 'if-match': `"${second}"` } : {})
    expect([answer.status, answer.headers.etag]).toEqual([201, `"${revisionIn(answer)}"`])
  })

  test('with two revisions that differ is a 400, and with an If-Match without quotes a 500', async () => {
    const { admin, first, second } = await written()
    expect(await saidInTurn(() => admin('PUT', `/doc?rev=${second}`, { _rev: first }), () => admin('PUT', '/doc', {}, { 'if-match': second }))).toEqual([
      '400 Revision IDs provided do not match', '500 Internal error: ETag value is not quoted when trying to read the value',
    ])
  })

  test('with a _cv compares that, too', async () => {
    const { admin } = await written()
    const { _cv, ...doc } = (await admin('GET', '/doc')).body as Record<string, string>
    expect(_cv).toMatch(/^[0-9a-f]+@.+$/)
    expect(await saidInTurn(() => admin('PUT', '/doc', { ...doc, _cv, n: 3 }), () => admin('PUT', '/doc', { ...doc, _cv, n: 4 }))).toEqual(['201', '409 Document revision conflict'])
  })

  test('after a lost reply is a conflict, though the first one worked', async () => {
    const { admin, second } = await written()
    expect(await saidInTurn(() => admin('PUT', `/doc?rev=${second}`, { n: 3 }), () => admin('PUT', `/doc?rev=${second}`, { n: 3 }))).toEqual(['201', '409 Document revision conflict'])
  })
})

describe('deleting', () => {
  test('makes a tombstone that a write without revision goes on from', async () => {
    const { admin } = await gateway.database()
    const first = revisionIn(await admin('PUT', '/doc', {}))
    const gone = await admin('DELETE', `/doc?rev=${first}`)
    expect(gone.body).toMatchObject({ id: 'doc', ok: true })
    expect(said(await admin('GET', '/doc'))).toBe('404 deleted')
    const again = await admin('PUT', '/doc', {})
    expect([again.status, revisionIn(again)]).toEqual([201, expect.stringMatching(/^3-/)])
  })

  test('makes one of an id that never was, and of a tombstone as well', async () => {
    const { admin } = await gateway.database()
    expect(revisionIn(await admin('DELETE', '/never'))).toMatch(/^1-/)
    expect(said(await admin('GET', '/never'))).toBe('404 deleted')
    expect(revisionIn(await admin('DELETE', '/never'))).toMatch(/^2-/)
  })

  test('by _deleted in the body is the same', async () => {
    const { admin } = await gateway.database()
    const first = revisionIn(await admin('PUT', '/doc', {}))
    await admin('PUT', '/doc', { _rev: first, _deleted: true })
    expect(said(await admin('GET', '/doc'))).toBe('404 deleted')
  })

  test('for good is purging, after which the generations begin anew', async () => {
    const { admin } = await gateway.database()
    await admin('PUT', '/doc', {})
    expect((await admin('POST', '/_purge', { doc: ['*'], other: ['*'] })).body).toEqual({ purged: { doc: ['*'] } })
    expect(said(await admin('GET', '/doc'))).toBe('404 missing')
    expect(revisionIn(await admin('PUT', '/doc', {}))).toMatch(/^1-/)
  })

  test.each([
    ['?rev=abc', {}, '500 Internal error: couldn\'t get OCC value from request: 400 Invalid version type for OCC value: "abc"'],
    ['', { 'if-match': '1-abc' }, "500 Internal error: couldn't get OCC value from request: ETag value is not quoted when trying to read the value"],
  ])('of what is no version (%s) is a 500', async (query, headers, expected) => {
    const { admin } = await gateway.database()
    expect(said(await admin('DELETE', `/doc${query}`, undefined, headers))).toBe(expected)
  })

  test('for good wants a star', async () => {
    const { admin } = await gateway.database()
    const revision = revisionIn(await admin('PUT', '/doc', {}))
    expect((await admin('POST', '/_purge', { doc: [revision] })).body).toEqual({ purged: {} })
    expect(said(await admin('POST', '/_purge', []))).toBe("400 _purge document ID's must be passed as a JSON")
    expect(said(await admin('GET', '/doc'))).toBe('200')
  })
})

describe('creating by POST', () => {
  test('takes the id of the body, or makes one', async () => {
    const { admin } = await gateway.database()
    const named = await admin('POST', '/', { _id: 'named' })
    expect([named.status, named.headers.location, named.headers.etag]).toEqual([200, 'named', `"${revisionIn(named)}"`])
    expect(member((await admin('POST', '/', {})).body, 'id')).toMatch(/^[0-9a-f]{32}$/)
    expect(said(await admin('POST', '/', { _id: 'named' }))).toBe('409 Document exists')
  })

  test('has no previous version either', async () => {
    const { admin } = await gateway.database()
    expect(said(await admin('POST', '/', { _cv: '1@a' }))).toBe('404 No previous revision to replace')
  })

  test('has no previous revision', async () => {
    const { admin } = await gateway.database()
    expect(said(await admin('POST', '/', { _rev: '1-a' }))).toBe('404 No previous revision to replace')
  })
})

test.each(['GET', 'PUT'])('%s for the second replicator is for the Enterprise Edition', async (method) => {
  const { admin } = await gateway.database()
  expect(said(await admin(method, '/doc?replicator2=true', method === 'PUT' ? {} : undefined))).toBe('501 replicator2 endpoints are only supported in EE')
})

describe('reading', () => {
  test('names the revision, in the body and as an ETag', async () => {
    const { admin } = await gateway.database()
    const rev = revisionIn(await admin('PUT', '/doc', { a: 1 }))
    const answer = await admin('GET', '/doc')
    expect(answer.body).toEqual({ _id: 'doc', _rev: rev, _cv: expect.any(String), a: 1 })
    expect(answer.headers.etag).toBe(`"${rev}"`)
  })

  test('an old revision, a missing one, and the history', async () => {
    const { admin } = await gateway.database()
    const first = revisionIn(await admin('PUT', '/doc', { n: 1 }))
    const second = revisionIn(await admin('PUT', `/doc?rev=${first}`, { n: 2 }))
    expect((await admin('GET', `/doc?rev=${first}`)).body).toMatchObject({ n: 1, _rev: first })
    expect(said(await admin('GET', '/doc?rev=1-abc'))).toBe('404 missing')
    expect((await admin('GET', '/doc?revs=true')).body).toMatchObject({ _revisions: { start: 2, ids: [second.slice(2), first.slice(2)] } })
  })

  test('an old revision has its version only if somebody read it while it was current', async () => {
    const { admin } = await gateway.database()
    const read = await admin('PUT', '/read', { n: 1 })
    const unread = await admin('PUT', '/unread', { n: 1 })
    await admin('GET', '/read')
    for (const [id, answer] of [['read', read], ['unread', unread]] as const) await admin('PUT', `/${id}?rev=${revisionIn(answer)}`, { n: 2 })
    const version = String(member(read.body, 'cv'))
    expect((await admin('GET', `/read?rev=${revisionIn(read)}`)).body).toMatchObject({ n: 1, _cv: version })
    expect((await admin('GET', `/read?rev=${encodeURIComponent(version)}`)).body).toMatchObject({ n: 1, _cv: version })
    expect((await admin('GET', `/unread?rev=${revisionIn(unread)}`)).body).not.toHaveProperty('_cv')
    expect(said(await admin('GET', `/unread?rev=${encodeURIComponent(String(member(unread.body, 'cv')))}`))).toBe('404 missing')
  })

  test('by HEAD has no body, and the same status', async () => {
    const { admin } = await gateway.database()
    await admin('PUT', '/doc', {})
    const there = await admin('HEAD', '/doc')
    expect([there.status, there.text]).toEqual([200, ''])
    expect((await admin('HEAD', '/other')).status).toBe(404)
  })

  test('what nobody accepts is a 406', async () => {
    const { admin } = await gateway.database()
    await admin('PUT', '/doc', {})
    expect((await admin('GET', '/doc', undefined, { accept: 'text/html' })).status).toBe(406)
    expect((await admin('GET', '/doc', undefined, { accept: 'application/json' })).status).toBe(200)
  })

  test('on the public port tells channels apart from absence', async () => {
    const { admin, user } = await gateway.database()
    const ann = await user('ann', { admin_channels: ['a'] })
    await admin('PUT', '/mine', { channels: ['a'] })
    await admin('PUT', '/other', { channels: ['b'] })
    await admin('PUT', '/none', {})
    await admin('PUT', '/all', { channels: ['!'] })
    expect(await saidInTurn(() => ann('GET', '/mine'), () => ann('GET', '/other'), () => ann('GET', '/none'), () => ann('GET', '/all'), () => ann('GET', '/absent'))).toEqual([
      '200', '403 forbidden', '403 forbidden', '200', '404 missing',
    ])
  })

  test('a revision of a channel that the user has no longer shows only that it is gone', async () => {
    const { admin, user } = await gateway.database()
    const ann = await user('ann', { admin_channels: ['a'] })
    const first = revisionIn(await admin('PUT', '/doc', { channels: ['a'], secret: 1 }))
    const second = revisionIn(await admin('PUT', `/doc?rev=${first}`, { channels: ['b'], secret: 2 }))
    expect((await ann('GET', `/doc?rev=${second}`)).body).toEqual({ _id: 'doc', _rev: second, _removed: true })
  })
})

test.each([[1, 1], [3, 3]])('with revs_limit %i the history ends after %i', async (limit, expected) => {
  const { admin } = await gateway.database({ revs_limit: limit })
  let rev = revisionIn(await admin('PUT', '/doc', {}))
  for (let n = 0; n < 4; n++) rev = revisionIn(await admin('PUT', `/doc?rev=${rev}`, { n }))
  expect(member((await admin('GET', '/doc?revs=true')).body, '_revisions', 'ids', 'length')).toBe(expected)
})
