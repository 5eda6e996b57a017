// What the client gets for what a function answers.
import { describe, expect, test } from '@jest/globals'
import { replyOf } from '../../local/api-gateway/reply.ts'
import type { Route } from '../../local/api-gateway/api-gateway.ts'
import { route, withFront } from './front.ts'

const read = (json: string) => {
  const { status, headers, body } = replyOf(json)
  return [status, headers, body.toString()]
}
const json: [string, string][] = [['content-type', 'application/json']]
const text: [string, string][] = [['content-type', 'text/plain;charset=UTF-8']]

describe('an answer without a status is the body', () => {
  test.each([['"Hello"', 'Hello'], ['{"a":1}', '{"a":1}'], ['[1]', '[1]'], ['null', 'null'], ['7', '7'], ['{"body":"x"}', '{"body":"x"}']])('%s', (answer, body) => expect(read(answer)).toEqual([200, json, body]))
})

describe('an answer with a status says what to send', () => {
  test.each<[unknown, unknown]>([
    [{ statusCode: 200, body: 'x' }, [200, text, 'x']],
    [{ statusCode: '201', headers: { 'Content-Type': 'text/html', 'X-Number': 7, 'x-flag': true }, body: 'x' }, [201, [['content-type', 'text/html'], ['x-number', '7'], ['x-flag', 'true']], 'x']],
    [{ statusCode: 204 }, [204, [], '']],
    [{ statusCode: 302, headers: { Location: '/a' }, body: null }, [302, [['location', '/a']], '']],
    [{ statusCode: 200, body: 'aGVsbG8=', isBase64Encoded: true }, [200, text, 'hello']],
    [{ statusCode: 200, cookies: ['a=1', 'b=2; HttpOnly'] }, [200, [['set-cookie', 'a=1'], ['set-cookie', 'b=2; HttpOnly']], '']],
    [{ statusCode: 200, headers: { 'content-length': '99', Connection: 'close', 'x-none': null }, body: '', unknown: 1 }, [200, [], '']],
    [{ statusCode: 599, headers: null, cookies: null }, [599, [], '']],
  ])('%j', (answer, reply) => expect(read(JSON.stringify(answer))).toEqual(reply))
})

describe('an answer that makes no sense is an internal error', () => {
  test.each<unknown>([
    { statusCode: 199 }, { statusCode: 600 }, { statusCode: 200.5 }, { statusCode: 'ok' }, { statusCode: true }, { statusCode: null },
    { statusCode: 200, body: { a: 1 } }, { statusCode: 200, body: 7 }, { statusCode: 200, headers: [] }, { statusCode: 200, headers: { a: ['b'] } }, { statusCode: 200, headers: { 'a b': 'c' } },
    { statusCode: 200, headers: { a: 'b\nc' } }, { statusCode: 200, cookies: 'a=1' }, { statusCode: 200, cookies: [{}] }, { statusCode: 200, body: 'not base64!', isBase64Encoded: true }, { statusCode: 200, isBase64Encoded: 'yes' },
  ])('%j', (answer) => expect(read(JSON.stringify(answer))).toEqual([500, json, '{"message":"Internal Server Error"}']))
})

describe('over HTTP', () => {
  const answering = (handler: Route['handler'], run: Parameters<typeof withFront>[1]) => withFront({ routes: [route('ANY /{proxy+}', handler)] }, run)

  test('cookies are set each for itself, beside a set-cookie header', () =>
    answering(async () => ({ statusCode: 200, headers: { 'Set-Cookie': 'z=0', 'X-A': '1', 'x-a': '2' }, cookies: ['a=1', 'b=2'] }), async (send) => {
      expect((await send({ path: '/x' })).headers).toMatchObject({ 'set-cookie': ['z=0', 'a=1', 'b=2'], 'x-a': '2' })
    }))

  test('HEAD gets the headers alone', () =>
    answering(async () => ({ statusCode: 200, body: 'hello' }), async (send) => {
      expect(await send({ path: '/x', method: 'HEAD' })).toMatchObject({ status: 200, headers: { 'content-length': '5' }, body: '' })
    }))

  test('each reply carries the id that the function was given, and no two are alike', () => {
    const ids: string[] = []
    return answering(async ({ requestContext }) => String(ids.push(requestContext.requestId)), async (send) => {
      const replies = [await send({ path: '/x' }), await send({ path: '/x' })]
      expect(replies.map(({ headers }) => headers['apigw-requestid'])).toEqual(ids)
      expect(new Set(ids).size).toBe(2)
    })
  })
})
