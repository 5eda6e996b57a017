// The event that a function gets, payload format 2.0.
import { describe, expect, test } from '@jest/globals'
import { manualClock } from '../manual-clock.ts'
import { seenBy, type Sent } from './front.ts'

const eventOf = async (sent: Sent, key = '$default') => (await seenBy(key, sent)).event

test('every member is there, and no more', async () => {
  const { event } = await seenBy(
    'POST /call/{id}',
    { method: 'POST', path: '/call/7?a=1', headers: { Host: 'api.example.com:8080', 'User-Agent': 'app', 'Content-Type': 'application/json', Cookie: 'c=1' }, body: '{}' },
    { clock: manualClock(Date.parse('2020-03-12T19:03:58.390Z')) },
  )
  expect(event).toEqual({
    version: '2.0',
    routeKey: 'POST /call/{id}',
    rawPath: '/call/7',
    rawQueryString: 'a=1',
    cookies: ['c=1'],
    headers: {
      host: 'api.example.com:8080', 'user-agent': 'app', 'content-type': 'application/json', 'content-length': '2',
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-5e6a879e-[0-9a-f]{24}$/), 'x-forwarded-for': '127.0.0.1', 'x-forwarded-port': expect.stringMatching(/^\d+$/), 'x-forwarded-proto': 'http',
    },
    queryStringParameters: { a: '1' },
    requestContext: {
      accountId: '123456789012', apiId: 'local', domainName: 'api.example.com', domainPrefix: 'api',
      http: { method: 'POST', path: '/call/7', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'app' },
      requestId: expect.stringMatching(/^[\w+/-]{15}=$/), routeKey: 'POST /call/{id}', stage: '$default', time: '12/Mar/2020:19:03:58 +0000', timeEpoch: 1_584_039_838_390,
    },
    body: '{}',
    pathParameters: { id: '7' },
    isBase64Encoded: false,
  })
})

test('a bare request has no members for what it does not have', async () => {
  const event = await eventOf({ headers: ['Host', 'h'] })
  expect(Object.keys(event)).toEqual(['version', 'routeKey', 'rawPath', 'rawQueryString', 'headers', 'requestContext', 'isBase64Encoded'])
  expect(event).toMatchObject({ rawPath: '/', rawQueryString: '', headers: { 'content-length': '0' }, requestContext: { http: { userAgent: '' } } })
})

describe('a body', () => {
  const bytes = Buffer.from('a=1&b=ü')
  test.each([
    ['text/plain', false], ['TEXT/HTML; charset=utf-8', false], ['application/json', false], ['application/json; charset=utf-8', false], ['application/xml', false], ['application/javascript', false],
    ['application/x-www-form-urlencoded', true], ['multipart/form-data; boundary=x', true], ['application/octet-stream', true], ['application/vnd.api+json', true], ['application/jwt', true], ['', true],
  ])('of the type %j is base64: %s', async (type, binary) => {
    const event = await eventOf({ method: 'POST', headers: type ? { 'Content-Type': type } : {}, body: bytes })
    expect([event.isBase64Encoded, event.body]).toEqual([binary, bytes.toString(binary ? 'base64' : 'utf8')])
  })

  test('that is compressed is base64', async () =>
    expect(await eventOf({ method: 'POST', headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }, body: Buffer.from([31, 139]) })).toMatchObject({ body: 'H4s=', isBase64Encoded: true }))

  test('that comes in chunks is whole, and its length is told', async () => {
    const event = await eventOf({ method: 'POST', headers: { 'Content-Type': 'text/plain', 'Transfer-Encoding': 'chunked' }, body: [Buffer.from('one '), Buffer.from('two')] })
    expect([event.body, event.headers['content-length'], event.headers['transfer-encoding']]).toEqual(['one two', '7', undefined])
  })

  test('that is empty is none', async () => {
    const event = await eventOf({ method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: '' })
    expect([event.isBase64Encoded, 'body' in event]).toEqual([false, false])
  })
})

describe('headers', () => {
  test('are lower-case, and repeated ones joined by commas', async () => {
    const { headers } = await eventOf({ headers: ['Host', 'h', 'X-One', 'a', 'x-one', 'b', 'DPoP', 'p', 'Accept', 'x', 'Accept', 'y', 'User-Agent', 'u', 'User-Agent', 'v'] })
    expect(headers).toMatchObject({ 'x-one': 'a,b', dpop: 'p', accept: 'x,y', 'user-agent': 'u,v' })
  })

  test('of one connection end here', async () => {
    const { headers } = await eventOf({ headers: { Connection: 'close, te', TE: 'trailers', 'Keep-Alive': '5' } })
    expect(Object.keys(headers).filter((name) => /^(connection|te|keep-alive)$/.test(name))).toEqual([])
  })

  test('tell cookies apart, from one header or more', async () => {
    const event = await eventOf({ headers: ['Host', 'h', 'Cookie', 'a=1; b=2', 'Cookie', 'c=3;d=4'] })
    expect([event.cookies, event.headers['cookie']]).toEqual([['a=1', 'b=2', 'c=3', 'd=4'], undefined])
  })

  test('cannot say where the client is', async () => {
    const event = await eventOf({ headers: { 'X-Forwarded-For': '203.0.113.9', 'X-Forwarded-Proto': 'https' } })
    expect(event.headers).toMatchObject({ 'x-forwarded-for': '203.0.113.9, 127.0.0.1', 'x-forwarded-proto': 'http' })
    expect(event.requestContext.http.sourceIp).toBe('127.0.0.1')
  })
})

test.each([
  ['a=1&a=2&b=', { a: '1,2', b: '' }],
  ['a=%26%3D&b=x%2By+z&c', { a: '&=', b: 'x+y z', c: '' }],
  ['%61=1&a=2&__proto__=3', JSON.parse('{"a":"1,2","__proto__":"3"}') as unknown],
  ['a=100%&=x&&b=?', { a: '100%', '': 'x', b: '?' }],
])('the query %s is raw, and its parameters are decoded', async (query, parameters) =>
  expect(await eventOf({ path: `/?${query}` })).toMatchObject({ rawQueryString: query, queryStringParameters: parameters }))

test.each([
  ['/a%20b/%C3%BC', '/a b/ü'], ['/a%2Fb', '/a/b'], ['/100%', '/100%'], ['/a//b/', '/a//b/'], ['/a%3Fb=c', '/a'], ['/a+b', '/a+b'],
])('the path %s is seen as %s', async (path, rawPath) =>
  expect(await eventOf({ path })).toMatchObject({ rawPath, requestContext: { http: { path: rawPath } } }))

test('a stage is part of the path that the function sees, and not of its route', async () => {
  const { event } = await seenBy('GET /call', { path: '/dev/call' }, { stage: 'dev' })
  expect(event).toMatchObject({ routeKey: 'GET /call', rawPath: '/dev/call', requestContext: { stage: 'dev' } })
})
