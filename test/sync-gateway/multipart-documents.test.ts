// Documents that come with their attachments as the parts of a multipart body.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { member, said, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

type Part = { headers?: string[]; body: string | Buffer }

const digest = (data: string | Buffer, algorithm = 'sha1') => `${algorithm}-${createHash(algorithm).update(data).digest('base64')}`
const main = (document: unknown): Part => ({ headers: ['Content-Type: application/json'], body: JSON.stringify(document) })
const follows = (data: string | Buffer, more: object = {}) => ({ follows: true, content_type: 'text/plain', digest: digest(data), ...more })

const joined = (parts: Part[], { line = '\r\n', end = true } = {}) =>
  Buffer.concat([
    ...parts.flatMap(({ headers = [], body }) => [Buffer.from([`--b.1`, ...headers, '', ''].join(line)), Buffer.from(body), Buffer.from(line)]),
    Buffer.from(end ? `--b.1--${line}` : ''),
  ])

const multipart = { 'content-type': 'multipart/related; boundary="b.1"' }

test('the attachments are known by their digests, in any order', async () => {
  const { admin } = await gateway.database()
  const [one, two] = ['first\r\nline', Buffer.from([0, 255, 10, 13])]
  const document = { n: 1, _attachments: { one: follows(one, { length: 11 }), two: follows(two), small: { data: 'YQ==' } } }
  expect((await admin('PUT', '/doc', joined([main(document), { body: two }, { headers: ['Content-Type: x/y'], body: one }]), multipart)).status).toBe(201)
  expect((await admin('GET', '/doc/one')).text).toBe(one)
  expect((await admin('GET', '/doc')).body).toMatchObject({
    n: 1,
    _attachments: { one: { stub: true, digest: digest(one), length: 11, revpos: 1, content_type: 'text/plain' }, two: { stub: true, digest: digest(two), length: 4 }, small: { length: 1 } },
  })
})

test('the same data may follow twice, and an old MD5 digest becomes a SHA-1 one', async () => {
  const { admin } = await gateway.database()
  const document = { _attachments: { a: follows('x'), b: follows('x'), old: follows('y', { digest: digest('y', 'md5') }) } }
  expect((await admin('PUT', '/doc', joined([main(document), { body: 'x' }, { body: 'x' }, { body: 'y' }], { line: '\n' }), multipart)).status).toBe(201)
  expect(member((await admin('GET', '/doc')).body, '_attachments', 'old', 'digest')).toBe(digest('y'))
})

test('POST takes it too, and the document may be packed with gzip', async () => {
  const { admin } = await gateway.database()
  const packed = { headers: ['Content-Type: application/json', 'Content-Encoding: gzip'], body: gzipSync('{"_id":"doc","n":1}') }
  expect((await admin('POST', '/', joined([packed]), multipart)).status).toBe(200)
  expect((await admin('GET', '/doc')).body).toMatchObject({ n: 1 })
})

const waiting = main({ _attachments: { a: follows('x') } })

test.each<[string, Part[], string]>([
  ['a part missing', [waiting], '400 Too few MIME parts: expected 1 attachments, got 0'],
  ['a part too many', [main({}), { body: 'x' }], '400 Too many MIME parts (expected 1)'],
  ['other data', [waiting, { body: 'y' }], "400 MIME part #2 doesn't match any attachment"],
  ['another length', [main({ _attachments: { a: follows('x', { length: 2 }) } }), { body: 'x' }], '400 Attachment length mismatch for "a": read 1 bytes, should be 2'],
  ['a document that is no JSON', [{ headers: ['Content-Type: text/plain'], body: '{}' }], '400 Bad JSON: 415 Invalid content type text/plain - expected application/json'],
  ['no part at all', [], '500 Internal error: multipart: NextPart: EOF'],
])('with %s it is refused', async (_what, parts, refusal) => {
  const { admin } = await gateway.database()
  expect(said(await admin('PUT', '/doc', joined(parts), multipart))).toBe(refusal)
  expect((await admin('GET', '/doc')).status).toBe(404)
})

test('without an end or a boundary it is taken for a fault of the server', async () => {
  const { admin } = await gateway.database()
  expect(said(await admin('PUT', '/doc', joined([main({})], { end: false }), multipart))).toBe('500 Internal error: multipart: NextPart: EOF')
  expect(said(await admin('PUT', '/doc', joined([main({})]), { 'content-type': 'multipart/related' }))).toBe('500 Internal error: multipart: boundary is empty')
})
