// CORS as API Gateway does it when it is configured there.
import { describe, expect, test } from '@jest/globals'
import { cors } from '../../local/api-gateway/cors.ts'
import { route, withFront, type Answer, type Send } from './front.ts'

const configured = { allowOrigins: ['https://app.example.com', 'http://*'], allowMethods: ['GET', 'POST'], allowHeaders: ['authorization', 'dpop'], exposeHeaders: ['DPoP-Nonce'], allowCredentials: true, maxAgeSeconds: 300 }
const handler = async () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*', 'access-control-allow-methods': 'TRACE', 'x-own': '1' }, body: 'x' })
const run = (test: (send: Send) => Promise<void>, allowed = configured) => withFront({ routes: [route('POST /call', handler)], cors: allowed }, test)
const shared = ({ headers }: Answer) => Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')).map(([name, value]) => [name.slice(15), value]))
const preflight = (origin: string) => ({ method: 'OPTIONS', path: '/call', headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' } })

describe('a preflight', () => {
  test.each(['https://app.example.com', 'http://localhost:8080'])('from %s is answered without a function', (origin) =>
    run(async (send) => {
      const answer = await send(preflight(origin))
      expect([answer.status, answer.body, answer.headers['content-type']]).toEqual([204, '', undefined])
      expect(shared(answer)).toEqual({ 'allow-origin': origin, 'allow-credentials': 'true', 'expose-headers': 'DPoP-Nonce', 'allow-methods': 'GET,POST', 'allow-headers': 'authorization,dpop', 'max-age': '300' })
    }))

  test.each(['https://other.example.com', 'https://app.example.com.evil.org', 'null'])('from %s gets no headers', (origin) =>
    run(async (send) => {
      const answer = await send(preflight(origin))
      expect([answer.status, shared(answer)]).toEqual([204, {}])
    }))

  test('without the method it asks for gets no headers', () =>
    run(async (send) => {
      const answer = await send({ method: 'OPTIONS', path: '/call', headers: { Origin: 'https://app.example.com' } })
      expect([answer.status, shared(answer)]).toEqual([204, {}])
    }))

  test('goes to a route that takes OPTIONS', () =>
    withFront({ routes: [route('ANY /{proxy+}', handler)], cors: configured }, async (send) => {
      const answer = await send(preflight('https://app.example.com'))
      expect([answer.status, answer.headers['x-own'], shared(answer)['allow-methods']]).toEqual([200, '1', 'GET,POST'])
    }))

  test('is not left to the pages', () =>
    withFront({ routes: [], cors: configured, pages: (_request, response) => response.end('page') }, async (send) => {
      expect((await send(preflight('http://localhost'))).status).toBe(204)
      expect((await send({ path: '/call' })).body).toBe('page')
    }))
})

describe('a request', () => {
  test.each([
    ['https://app.example.com', { 'allow-origin': 'https://app.example.com', 'allow-credentials': 'true', 'expose-headers': 'DPoP-Nonce' }],
    ['https://other.example.com', {}],
    [undefined, {}],
  ])("from %s gets the API's headers and never the function's", (origin, headers) =>
    run(async (send) => {
      const answer = await send({ method: 'POST', path: '/call', headers: origin ? { Origin: origin } : {} })
      expect([answer.status, answer.headers['x-own'], shared(answer)]).toEqual([200, '1', headers])
    }))

  test('from anywhere gets a star where everybody may ask', () =>
    run(async (send) => expect(shared(await send({ method: 'POST', path: '/call', headers: { Origin: 'https://x.org' } }))).toMatchObject({ 'allow-origin': '*' }), { ...configured, allowOrigins: ['*'], allowCredentials: false }))
})

test('without CORS on the API the function speaks for itself, and OPTIONS is not found', () =>
  withFront({ routes: [route('POST /call', handler)] }, async (send) => {
    expect(shared(await send({ method: 'POST', path: '/call' }))).toEqual({ 'allow-origin': '*', 'allow-methods': 'TRACE' })
    expect((await send(preflight('https://app.example.com'))).status).toBe(404)
  }))

test('credentials for every origin cannot be configured', () => expect(() => cors({ allowOrigins: ['*'], allowCredentials: true })).toThrow('allow-credentials'))
