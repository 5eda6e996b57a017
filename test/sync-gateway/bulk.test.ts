// Many documents at once: `_bulk_docs`, `_bulk_get`, `_revs_diff`.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Answer } from './request.ts'
import { member, said, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

const revisionIn = ({ body }: Answer) => String(member(body, 'rev'))

describe('_bulk_docs', () => {
  test('answers 201 with one result each, whatever became of them', async () => {
    const { admin } = await gateway.database({ sync: 'function (doc) { if (doc.bad) throw({ forbidden: "bad" }) }' })
    await admin('PUT', '/there', {})
    const { status, body } = await admin('POST', '/_bulk_docs', { docs: [{ _id: 'new' }, { _id: 'there' }, { _id: 'bad', bad: true }, { n: 1 }, { _id: '_odd' }] })
    expect(status).toBe(201)
    expect(body).toMatchObject([
      { id: 'new', rev: expect.stringMatching(/^1-/) }, { id: 'there', error: 'conflict', reason: 'Document exists', status: 409 }, { id: 'bad', error: 'forbidden', reason: 'bad', status: 403 },
      { id: expect.stringMatching(/^[0-9a-f]{32}$/), rev: expect.stringMatching(/^1-/) }, { id: '_odd', status: 400 },
    ])
  })

  test('with new_edits false takes the revisions as they come', async () => {
    const { admin } = await gateway.database()
    const docs = [{ _id: 'doc', _rev: '2-b', _revisions: { start: 2, ids: ['b', 'a'] }, n: 2 }]
    expect((await admin('POST', '/_bulk_docs', { new_edits: false, docs })).body).toMatchObject([{ id: 'doc', rev: '2-b' }])
    expect((await admin('GET', '/doc?revs=true')).body).toMatchObject({ n: 2, _revisions: { start: 2, ids: ['b', 'a'] } })
  })

  test('writes local documents as well, and lists them last', async () => {
    const { admin } = await gateway.database()
    const { body } = await admin('POST', '/_bulk_docs', { docs: [{ _id: '_local/note', n: 1 }, { _id: 'doc' }] })
    expect(body).toMatchObject([{ id: 'doc' }, { id: '_local/note', rev: '0-1' }])
    expect((await admin('GET', '/_local/note')).body).toMatchObject({ n: 1 })
  })

  test.each([['no docs', {}], ['docs that are no array', { docs: {} }], ['a doc that is no object', { docs: [1] }], ['broken JSON', '{']])('with %s is a 400', async (_what, body) => {
    const { admin } = await gateway.database()
    expect((await admin('POST', '/_bulk_docs', body)).status).toBe(400)
  })

  test('an empty list is an empty answer', async () => {
    const { admin } = await gateway.database()
    expect((await admin('POST', '/_bulk_docs', { docs: [] })).body).toEqual([])
  })
})

describe('_bulk_get', () => {
  const partsOf = ({ headers, text }: Answer) => {
    const boundary = /boundary="([^"]+)"/.exec(headers['content-type'] ?? '')?.[1] ?? 'none'
    return text.split(`--${boundary}`).slice(1, -1).map((part) => ({ head: part.split('\r\n\r\n')[0] ?? '', body: JSON.parse(part.split('\r\n\r\n')[1] ?? '') as unknown }))
  }

  test('answers a part for each, in order, with an error part for what it cannot give', async () => {
    const { admin, user } = await gateway.database()
    const ann = await user('ann', { admin_channels: ['a'] })
    const rev = revisionIn(await admin('PUT', '/mine', { channels: ['a'], n: 1 }))
    await admin('PUT', '/other', { channels: ['b'] })
    const answer = await ann('POST', '/_bulk_get', { docs: [{ id: 'mine' }, { id: 'mine', rev }, { id: 'other' }, { id: 'absent' }, { id: '' }] })
    expect(answer.status).toBe(200)
    expect(partsOf(answer).map(({ body }) => body)).toMatchObject([
      { _id: 'mine', n: 1 }, { _rev: rev }, { id: 'other', error: 'forbidden', status: 403 }, { id: 'absent', error: 'not_found', status: 404 }, { status: 400 },
    ])
    expect(partsOf(answer).map(({ head }) => head.includes('error="true"'))).toEqual([false, false, true, true, true])
  })

  test('gives a document with attachments as a multipart inside, without its last line break', async () => {
    const { admin } = await gateway.database()
    const rev = revisionIn(await admin('PUT', '/doc', { _attachments: { a: { data: 'YQ==' }, big: { data: Buffer.alloc(201, 'b').toString('base64'), content_type: 'text/plain' } } }))
    const { headers, text } = await admin('POST', '/_bulk_get?attachments=true', { docs: [{ id: 'doc' }] })
    const [outer, inner] = [headers['content-type'] ?? '', text].map((where) => /boundary="([^"]+)"/.exec(where)?.[1] ?? 'none')
    const opening = [`--${outer}`, `Content-Type: multipart/related; boundary="${inner}"`, 'X-Doc-Id: doc', `X-Rev-Id: ${rev}`, '', `--${inner}`, 'Content-Type: application/json', '', ''].join('\r\n')
    expect(text.startsWith(opening)).toBe(true)
    expect(text.endsWith([`--${inner}`, 'Content-Disposition: attachment; filename="big"', 'Content-Type: text/plain', '', 'b'.repeat(201), `--${inner}--`, `--${outer}--`, ''].join('\r\n'))).toBe(true)
  })

  test('gives the history if asked for', async () => {
    const { admin } = await gateway.database()
    await admin('PUT', '/doc', {})
    expect(partsOf(await admin('POST', '/_bulk_get?revs=true', { docs: [{ id: 'doc' }] }))[0]?.body).toMatchObject({ _revisions: { start: 1 } })
    expect(partsOf(await admin('POST', '/_bulk_get', { docs: [{ id: 'doc' }] }))[0]?.body).not.toHaveProperty('_revisions')
  })

  test.each([['application/json', 406], ['multipart/mixed', 200], ['*/*', 200]])('for who accepts %s: %i', async (accept, status) => {
    const { admin } = await gateway.database()
    expect((await admin('POST', '/_bulk_get', { docs: [] }, { accept })).status).toBe(status)
  })

  test('without docs is a 400, without a document only an end', async () => {
    const { admin } = await gateway.database()
    expect(said(await admin('POST', '/_bulk_get', {}))).toBe("400 missing 'docs' property")
    expect((await admin('POST', '/_bulk_get', { docs: [] })).text).toMatch(/^\r\n--[0-9a-f]{60}--\r\n$/)
  })

  test.each([
    ['?revs=true', { revs_limit: -1 }, undefined], ['?revs=true', { revs_limit: -1, revs_from: 5 }, 'revs_from must be a string array'], ['?revs=true', { atts_since: 5 }, undefined], ['', { atts_since: 5 }, 'atts_since must be a string array'],
    ['?revs=true&revs_limit=0', { revs_limit: 'x' }, 'Invalid revs_limit for doc: doc in _bulk_get'], ['?revs=true', { revs_limit: 0, atts_since: [1] }, 'atts_since must be a string array'], ['', { revs_limit: -1, revs_from: 5 }, undefined],
  ])('%s of %j says %j', async (query, more, reason) => {
    const { admin } = await gateway.database()
    await admin('PUT', '/doc', {})
    const [part] = partsOf(await admin('POST', `/_bulk_get${query}`, { docs: [{ id: 'doc', ...more }] }))
    expect(member(part?.body, 'reason')).toBe(reason)
  })
})

describe('_revs_diff', () => {
  test('tells what is missing, with possible ancestors, and calls it text', async () => {
    const { admin } = await gateway.database()
    const first = revisionIn(await admin('PUT', '/doc', {}))
    const { status, headers, text } = await admin('POST', '/_revs_diff', { doc: ['2-b', first], known: [], other: ['1-a'], have: [] })
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8'])
    expect(JSON.parse(text)).toMatchObject({ doc: { missing: ['2-b'] }, other: { missing: ['1-a'] } })
    expect(JSON.parse((await admin('POST', '/_revs_diff', { doc: ['2-b'] })).text)).toEqual({ doc: { missing: ['2-b'], possible_ancestors: [first] } })
    expect(JSON.parse((await admin('POST', '/_revs_diff', { doc: [first] })).text)).toEqual({})
  })

  test('passes over design documents, except for the administrator', async () => {
    const { admin, user } = await gateway.database()
    const asked = { '_design/x': ['1-a'] }
    expect(JSON.parse((await admin('POST', '/_revs_diff', asked)).text)).toEqual({ '_design/x': { missing: ['1-a'] } })
    expect(JSON.parse((await (await user('ann'))('POST', '/_revs_diff', asked)).text)).toEqual({})
  })

  test('passes over null', async () => {
    const { admin } = await gateway.database()
    expect(JSON.parse((await admin('POST', '/_revs_diff', { a: null, b: [] })).text)).toEqual({ b: { missing: [] } })
  })

  test.each([['an array', []], ['numbers', { doc: [1] }], ['broken JSON', '{']])('of %s is a 400', async (_what, body) => {
    const { admin } = await gateway.database()
    expect((await admin('POST', '/_revs_diff', body)).status).toBe(400)
  })
})

describe('open_revs', () => {
  test('as a JSON array for who accepts only JSON', async () => {
    const { admin } = await gateway.database()
    const rev = revisionIn(await admin('PUT', '/doc', { n: 1 }))
    const open = encodeURIComponent(JSON.stringify([rev, '9-x']))
    const answer = await admin('GET', `/doc?open_revs=${open}`, undefined, { accept: 'application/json' })
    expect(answer.body).toMatchObject([{ ok: { _rev: rev, n: 1 } }, { missing: '9-x' }])
    expect((await admin('GET', '/doc?open_revs=all', undefined, { accept: 'application/json' })).body).toMatchObject([{ ok: { _rev: rev } }])
  })

  test('as multipart otherwise', async () => {
    const { admin } = await gateway.database()
    await admin('PUT', '/doc', {})
    expect((await admin('GET', '/doc?open_revs=all')).headers['content-type']).toMatch(/^multipart\/mixed; boundary=/)
  })

  test('that are no list, or come together with rev, are a 400', async () => {
    const { admin } = await gateway.database()
    const rev = revisionIn(await admin('PUT', '/doc', {}))
    expect((await admin('GET', '/doc?open_revs=x')).status).toBe(400)
    expect((await admin('GET', `/doc?open_revs=all&rev=${rev}`)).status).toBe(400)
  })
})
