// What API Gateway and Lambda do around a function: not found, limits, time, errors.
import { connect } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import type { ApiGatewayOptions, Route } from '../../local/api-gateway/api-gateway.ts'
import { manualClock } from '../manual-clock.ts'
import { never, route, seenBy, withFront, type Sent } from './front.ts'

const mebibyte = 1_048_576
const run = (handler: Route['handler'], test: Parameters<typeof withFront>[1], options: Partial<ApiGatewayOptions> = {}) => withFront({ ...options, routes: [route('POST /call', handler)] }, test)
const call = (sent: Sent = {}): Sent => ({ method: 'POST', path: '/call', ...sent })
const said = (status: number, text: string) => expect.objectContaining({ status, body: JSON.stringify({ message: text }), headers: expect.objectContaining({ 'content-type': 'application/json', 'apigw-requestid': expect.any(String) }) })

describe('not found', () => {
  test.each([['POST', '/other'], ['GET', '/call'], ['POST', '/call/']])('%s %s', (method, path) => run(async () => 'x', async (send) => expect(await send({ method, path })).toEqual(said(404, 'Not Found'))))

  test('outside the stage', () => run(async () => 'x', async (send) => {
    expect(await send(call({ path: '/dev/call' }))).toMatchObject({ status: 200 })
    for (const path of ['/call', '/device/call', '/dev']) expect(await send(call({ path }))).toEqual(said(404, 'Not Found'))
  }, { stage: 'dev' }))

  test('pages get the request untouched, and only then', () =>
    run(async () => 'function', async (send) => {
      expect((await send({ method: 'POST', path: '/page?q=1', body: 'body' })).body).toBe('/page?q=1 body')
      expect((await send(call())).body).toBe('function')
    }, { pages: (request, response) => void request.on('data', (chunk: Buffer) => response.end(`${request.url} ${chunk.toString()}`)) }))
})

describe('size', () => {
  const length = async ({ body = '' }: { body?: string }) => String(body.length)

  test.each([[10 * mebibyte], [10 * mebibyte + 1]])('of a body of %i bytes, with its length told', (bytes) =>
    run(length, async (send) => expect(await send(call({ headers: { 'Content-Length': bytes, 'Content-Type': 'text/plain' }, body: Buffer.alloc(bytes, 'x') }))).toEqual(said(413, 'Request Entity Too Large'))))

  test('of a body in chunks, too', () =>
    run(length, async (send) => expect(await send(call({ headers: { 'Transfer-Encoding': 'chunked' }, body: Array<Buffer>(11).fill(Buffer.alloc(mebibyte)) }))).toEqual(said(413, 'Request Entity Too Large'))))

  test.each([[5 * mebibyte, 200], [6 * mebibyte, 413]])('of an event with %i bytes of text', (bytes, status) =>
    run(length, async (send) => expect(await send(call({ headers: { 'Content-Type': 'text/plain' }, body: Buffer.alloc(bytes, 'x') }))).toMatchObject({ status })))

  test.each([[6_291_554, 200], [6_291_555, 500]])('of an answer of %i characters and two quotes', (characters, status) =>
    run(async () => 'x'.repeat(characters), async (send) => expect(await send(call())).toMatchObject({ status }), { report: () => undefined }))

  test.each([[-1, 200], [0, 200], [1, 431]])('of headers that differ by %i bytes from the most', (more, status) =>
    run(async () => 'x', async (send) => {
      const others = 'POST /call HTTP/1.1'.length + 'h'.length + 'close'.length + '0'.length
      expect(await send(call({ headers: { Host: 'h', 'X-Long-Name': 'x'.repeat(10_240 - others + more), 'Content-Length': 0 } }))).toMatchObject({ status })
    }))

  test('of headers that even Node refuses', () => run(async () => 'x', async (send) => expect(await send(call({ headers: { 'x-long': 'x'.repeat(70_000) } }))).toMatchObject({ status: 431 })))
})

describe('time', () => {
  test('a function that passes its own timeout has failed', () => timed({}, 29_000, said(500, 'Internal Server Error'), ['tested: Task timed out after 29.00 seconds']))

  test('one that may run longer than API Gateway waits is unavailable', () => timed({ handlerTimeoutMilliseconds: 60_000 }, 30_000, said(503, 'Service Unavailable'), []))

  const timed = (options: Partial<ApiGatewayOptions>, milliseconds: number, answer: unknown, reports: string[]) => {
    const clock = manualClock()
    const entered = Promise.withResolvers<void>()
    const seen: string[] = []
    const report = (name: string, error: unknown) => void seen.push(`${name}: ${(error as Error).message.replace(/^\S+ /, '')}`)
    const handler = () => {
      entered.resolve()
      return never
    }
    return run(handler, async (send) => {
      const answered = send(call())
      await entered.promise
      clock.advance(milliseconds - 1)
      expect(await Promise.race([answered, Promise.resolve('waiting')])).toBe('waiting')
      clock.advance(1)
      expect(await answered).toEqual(answer)
      expect(seen).toEqual(reports)
    }, { clock, report, ...options })
  }

  test('a function sees its time go by', async () => {
    const clock = manualClock()
    const { context } = await seenBy('POST /call', call(), { clock, handlerTimeoutMilliseconds: 5_000 })
    const left = [0, 4_000, 1_000, 1].map((milliseconds) => {
      clock.advance(milliseconds)
      return context.getRemainingTimeInMillis()
    })
    expect(left).toEqual([5_000, 1_000, 0, 0])
    expect(context).toMatchObject({ functionName: 'tested', functionVersion: '$LATEST', awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/), memoryLimitInMB: expect.stringMatching(/^\d+$/), invokedFunctionArn: expect.stringMatching(/:function:tested$/), logGroupName: '/aws/lambda/tested' })
  })
})

describe('a function that fails is an internal error, told to the log only', () => {
  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  test.each<[string, Route['handler']]>([
    ['rejects', () => Promise.reject(new Error('secret'))],
    ['throws', () => { throw new Error('secret') }],
    ['answers what is no JSON', async () => circular],
  ])('it %s', (_what, handler) => {
    const reports: unknown[] = []
    return run(handler, async (send) => {
      expect(await send(call())).toEqual(said(500, 'Internal Server Error'))
      expect(reports).toEqual([expect.any(Error)])
    }, { report: (_name, error) => void reports.push(error) })
  })
})

test('nothing but JSON passes, in and out', async () => {
  const kept: { event?: object } = {}
  await run(async (event) => {
    kept.event = event
    return { when: new Date(0), gone: undefined } as never
  }, async (send) => expect((await send(call())).body).toBe('{"when":"1970-01-01T00:00:00.000Z"}'))
  expect(JSON.parse(JSON.stringify(kept.event))).toEqual(kept.event)
})

test('a client that breaks off in its body is not served', () => {
  let invoked = 0
  return run(async () => String((invoked += 1)), async (send, url) => {
    await new Promise((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.end('POST /call HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf'))
      socket.on('close', resolve).resume()
    })
    expect((await send(call())).body).toBe('1')
  })
})
