// HTTP/1.1 as text: what is written, and replies read out of any pieces, in one way or not at all.
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { MalformedReply, replyReader, ReplyTooLarge, requestText, type ReplyMessage } from '../../shared/http-message.ts'

const target = new URL('https://api.test:8443/a%20b/c?d=e#f')
const request = (change: Partial<Parameters<typeof requestText>[0]> = {}) =>
  requestText({ method: 'GET', target, headers: { accept: 'application/json' }, body: undefined, keepAlive: true, ...change })

describe('a request', () => {
  test('names its host, its headers and the bytes of its body', () => {
    expect(request()).toBe('GET /a%20b/c?d=e HTTP/1.1\r\nhost: api.test:8443\r\naccept: application/json\r\n\r\n')
    expect(request({ method: 'PUT', body: '{"é":"电"}', headers: {} })).toBe('PUT /a%20b/c?d=e HTTP/1.1\r\nhost: api.test:8443\r\ncontent-length: 12\r\n\r\n{"é":"电"}')
  })

  test.each([['POST', 'content-length: 0\r\n'], ['PUT', 'content-length: 0\r\n'], ['GET', ''], ['DELETE', '']] as const)('%s without a body says %j', (method, length) =>
    expect(request({ method, headers: {} })).toBe(`${method} /a%20b/c?d=e HTTP/1.1\r\nhost: api.test:8443\r\n${length}\r\n`),
  )

  test('says whether another may follow, and takes a host that was signed', () => {
    expect(request({ keepAlive: false })).toContain('\r\nconnection: close\r\n')
    expect(request({ headers: { host: 'signed.test' } })).toBe('GET /a%20b/c?d=e HTTP/1.1\r\nhost: signed.test\r\n\r\n')
  })

  test('with such a name is none', () => {
    for (const name of ['a\r\nx-admin', 'a b', 'a:', '']) expect(() => request({ headers: { [name]: '1' } })).toThrow(TypeError)
  })

  test.each(['a\r\nx-admin: 1', 'a\nb', 'a\rb', 'a\0b', 'é'])('with the header %j is none', (value) =>
    expect(() => request({ headers: { authorization: value } })).toThrow(new TypeError('The header authorization holds characters that no header may.')),
  )
})

const bodyBytesMax = 1_000
/** The reply out of a text, all at once or in pieces; with `end`, the connection ends after it. */
const read = (text: string | Buffer, { cuts = [], end = false }: { cuts?: number[]; end?: boolean } = {}): ReplyMessage | undefined => {
  const bytes = Buffer.from(text)
  const places = [0, ...cuts.map((cut) => cut % bytes.length).sort((left, right) => left - right), bytes.length]
  const reader = replyReader(bodyBytesMax)
  for (const [index, place] of places.slice(1).entries()) {
    const reply = reader.take(bytes.subarray(places[index], place))
    // What comes after a whole reply is nobody's.
    if (reply) return place === bytes.length ? reply : { ...reply, seconds: 0 }
  }
  return end ? reader.end() : undefined
}

const long = 'x'.repeat(600)
const whole: [what: string, text: string, status: number, body: string, seconds: number][] = [
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 200, 'hello', Infinity],
  ['a length of nothing', 'HTTP/1.1 201 Created\r\ncontent-length:0\r\n\r\n', 201, '', Infinity],
  ['a length in bytes, not letters', 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\né\u00e9', 200, 'éé', Infinity],
  ['no reason and blanks around values', 'HTTP/1.1 404 \r\nX: \t \r\nContent-Length: \t2 \t\r\n\r\n{}', 404, '{}', Infinity],
  ['a status without even a blank behind it', 'HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n', 200, '', Infinity],
  ['chunks', `HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n258 ;ext="1"\r\n${long}\r\n0\r\n\r\n`, 200, `abc0123456789${long}`, Infinity],
  ['chunks and trailers', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n00a\r\n0123456789\r\n000\r\nExpires: 0\r\nX-Sum: 1\r\n\r\n', 200, '0123456789', Infinity],
  ['no body by its status', 'HTTP/1.1 204 No Content\r\n\r\n', 204, '', Infinity],
  ['none for what was not modified, whatever its length', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 99\r\n\r\n', 304, '', Infinity],
  ['interim replies before it', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1', 200, '1', Infinity],
  ['a connection that ends', 'HTTP/1.1 200 OK\r\nconnection: keep-alive, Close\r\ncontent-length: 1\r\n\r\n1', 200, '1', 0],
  ['a time for its connection', 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=5, max=100\r\ncontent-length: 1\r\n\r\n1', 200, '1', 5],
  ['the version before', 'HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\n1', 200, '1', 0],
  ['headers twice that say no length', 'HTTP/1.1 200 OK\r\nvia: a\r\nVia: b\r\ncontent-length: 1\r\n\r\n1', 200, '1', Infinity],
]

describe('a reply', () => {
  test.each(whole)('with %s is read', (_what, text, status, body, seconds) => expect(read(text)).toEqual({ status, body, seconds }))

  test('is the same out of any pieces', () => {
    fc.assert(fc.property(fc.constantFrom(...whole), fc.array(fc.nat(2_000), { maxLength: 30 }), ([, text, status, body, seconds], cuts) => {
      expect(read(text, { cuts })).toEqual({ status, body, seconds })
    }))
    for (const [, text, status, body, seconds] of whole) {
      const everyByte = Array.from({ length: Buffer.byteLength(text) }, (_, at) => at)
      expect(read(text, { cuts: everyByte })).toEqual({ status, body, seconds })
    }
  })

  test('is not whole before its last byte, and is lost if the connection ends there', () => {
    for (const [, text] of whole) {
      const bytes = Buffer.from(text)
      for (let length = 0; length < bytes.length; length++) {
        expect(read(bytes.subarray(0, length))).toBeUndefined()
        expect(() => read(bytes.subarray(0, length), { end: true })).toThrow(MalformedReply)
      }
    }
  })

  test('without a length is as long as its connection, which carries no other', () => {
    const text = 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=5\r\n\r\nall\r\nof it'
    expect(read(text)).toBeUndefined()
    expect(read(text, { end: true })).toEqual({ status: 200, body: 'all\r\nof it', seconds: 0 })
    expect(read('HTTP/1.1 500 Internal Server Error\r\n\r\n', { end: true })).toEqual({ status: 500, body: '', seconds: 0 })
  })

  test('with something behind it is read, and its connection carries no other', () => {
    for (const [, text, status, body] of whole) expect(read(`${text}HTTP/1.1 200 OK\r\n`)).toEqual({ status, body, seconds: 0 })
  })

  const head = 'HTTP/1.1 200 OK\r\n'
  test.each([
    ['that is not HTTP', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['of another version', 'HTTP/2 200 OK\r\n\r\n'],
    ['with a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['with a status of four', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['with a blank before its first line', ` ${head}\r\n`],
    ['that upgrades to what nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n'],
    ['with two lengths', `${head}content-length: 1\r\ncontent-length: 2\r\n\r\n12`],
    ['with the same length twice', `${head}content-length: 1, 1\r\n\r\n1`],
    ['with a length below nothing', `${head}content-length: -1\r\n\r\n`],
    ['with a length and a sign', `${head}content-length: +1\r\n\r\n1`],
    ['with a length in another base', `${head}content-length: 0x1\r\n\r\n1`],
    ['with a length and a blank that is none', `${head}content-length: 1\u00a0\r\n\r\n1`],
    ['with chunks and a blank that is none', `${head}transfer-encoding: chunked\u00a0\r\n\r\n0\r\n\r\n`],
    ['with a length and chunks', `${head}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['with a coding that we did not ask for', `${head}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    ['with chunks in the version before', 'HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['with a folded line', `${head}x: a\r\n content-length: 1\r\n\r\n`],
    ['with a bare line feed', `${head}x: a\ncontent-length: 1\r\n\r\n`],
    ['with a bare carriage return', `${head}x: a\rcontent-length: 1\r\n\r\n`],
    ['with a blank before the colon', `${head}content-length : 1\r\n\r\n1`],
    ['with a line without a colon', `${head}content-length\r\n\r\n`],
    ['with a line without a name', `${head}: 1\r\n\r\n`],
    ['with a null', `${head}x: \0\r\n\r\n`],
    ['with a chunk without a size', `${head}transfer-encoding: chunked\r\n\r\n\r\n`],
    ['with a chunk of a negative size', `${head}transfer-encoding: chunked\r\n\r\n-1\r\n\r\n`],
    ['with a chunk of a size of nine digits', `${head}transfer-encoding: chunked\r\n\r\n100000000\r\n`],
    ['with a chunk that is longer than it says', `${head}transfer-encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n`],
    ['with a trailer that is none', `${head}transfer-encoding: chunked\r\n\r\n0\r\nnone\r\n\r\n`],
    ['with an endless head', `${head}x: ${'a'.repeat(16_384)}`],
    ['with an endless size of a chunk', `${head}transfer-encoding: chunked\r\n\r\n1;${'a'.repeat(1_024)}`],
    ['with an endless trailer', `${head}transfer-encoding: chunked\r\n\r\n0\r\nx: ${'a'.repeat(1_024)}`],
  ])('%s is not taken, at once or in pieces', (_what, text) => {
    expect(() => read(text)).toThrow(MalformedReply)
    expect(() => read(text, { cuts: Array.from({ length: text.length }, (_, at) => at) })).toThrow(MalformedReply)
  })

  test.each([
    ['by its length, before it comes', `${head}content-length: 1001\r\n\r\n`],
    ['by a chunk, before it comes', `${head}transfer-encoding: chunked\r\n\r\n3e9\r\n`],
    ['by all of its chunks', `${head}transfer-encoding: chunked\r\n\r\n1f4\r\n${'x'.repeat(500)}\r\n1f5\r\n`],
    ['by what comes until the end', `${head}\r\n${'x'.repeat(1_001)}`],
  ])('too long %s is not taken', (_what, text) => expect(() => read(text)).toThrow(ReplyTooLarge))

  test('of just as much as it may have is taken', () => {
    const most = 'x'.repeat(bodyBytesMax)
    expect(read(`${head}content-length: 1000\r\n\r\n${most}`)?.body).toBe(most)
    expect(read(`${head}transfer-encoding: chunked\r\n\r\n3e8\r\n${most}\r\n0\r\n\r\n`)?.body).toBe(most)
    expect(read(`${head}\r\n${most}`, { end: true })?.body).toBe(most)
  })
})
