// The phone company as the functions use it: one call is asked for once, and every answer has one meaning.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { listen } from '../../local/server.ts'
import { twilio } from '../../shared/twilio.ts'
import { UpstreamError } from '../../shared/upstream-error.ts'
import { retried } from '../../shared/webhook.ts'

type Answer = (response: ServerResponse, request: IncomingMessage, count: number) => void
const login = { account_sid: 'AC1', api_key_sid: 'SK1', api_key_secret: 'secret:with:colons' }
const call = { to: '+12025550123', twiml: '<Response/>', statusCallback: retried('https://api.test/call/status?c=1'), ringSeconds: 30, talkSecondsMax: 120 }

const open: (() => Promise<void>)[] = []
afterEach(async () => { for (const close of open.splice(0)) await close() })

const phoneCompany = async (answer: Answer, { rereads = true } = {}) => {
  const seen: { path: string; headers: IncomingMessage['headers']; form: Record<string, string>; port: number }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => { body += chunk.toString() })
    request.on('end', () => {
      seen.push({ path: `${request.method} ${request.url}`, headers: request.headers, form: Object.fromEntries(new URLSearchParams(body)), port: request.socket.remotePort ?? 0 })
      answer(response, request, seen.length)
    })
  })
  const { url, close } = await listen(server, 0)
  open.push(close)
  const rereadLogin = jest.fn(async () => rereads)
  const client = twilio({ apiUrl: url, callerId: '+12025550100', login: async () => login, rereadLogin })
  return { seen, rereadLogin, close, place: (signal = AbortSignal.timeout(5_000)) => client.placeCall(call, signal) }
}

const reply = (status: number, body: object | string = {}): Answer => (response) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body))
}
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof UpstreamError ? error.failure : String(error)),
  )

describe('placing a call', () => {
  test('sends one form with the API key, on a connection of its own', async () => {
    const { seen, place } = await phoneCompany(reply(201, { sid: 'CA1' }))
    expect(await place()).toBe('placed')
    expect(await place()).toBe('placed')
    expect(seen[0]).toMatchObject({
      path: 'POST /2010-04-01/Accounts/AC1/Calls.json',
      headers: { authorization: `Basic ${Buffer.from('SK1:secret:with:colons').toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded', connection: 'close' },
      form: { To: '+12025550123', From: '+12025550100', Twiml: '<Response/>', StatusCallback: 'https://api.test/call/status?c=1#ct=2000&rt=5000&rc=2&rp=5xx,ct,rt', Timeout: '30', TimeLimit: '120' },
    })
    expect(seen[1]!.port).not.toBe(seen[0]!.port)
  })

  test.each([
    [400, 21211, 'invalid_number'],
    [400, 13224, 'invalid_number'],
    [400, 21217, 'invalid_number'],
    [400, 21214, 'invalid_number'],
    [400, 21215, 'not_allowed'],
    [400, 21216, 'not_allowed'],
    [400, 20429, 'too_many'],
    [429, undefined, 'too_many'],
    [400, 99_999, 'not_placed'],
    [404, 20404, 'not_placed'],
    [400, undefined, 'not_placed'],
  ])('%i with the code %s is refused as %s', async (status, code, refused) => {
    const { seen, place } = await phoneCompany(reply(status, { code, message: 'no' }))
    expect(await place()).toEqual({ refused, code })
    expect(seen).toHaveLength(1)
  })

  test('a refusal that is not JSON is a refusal', async () => {
    const { place } = await phoneCompany(reply(400, '<html>'))
    expect(await place()).toEqual({ refused: 'not_placed', code: undefined })
  })

  test.each([500, 502, 504])('%i may have placed it, so it is not asked again', async (status) => {
    const { seen, place } = await phoneCompany(reply(status))
    expect(await place()).toBe('perhaps_placed')
    expect(seen).toHaveLength(1)
  })

  test.each([[503, 'unavailable'], [302, 'unexpected']])('%i placed nothing: %s', async (status, failure) => {
    const { place } = await phoneCompany(reply(status))
    expect(await failureOf(place())).toBe(failure)
  })

  test('a lost reply may have placed it, so it is not asked again', async () => {
    const { seen, place } = await phoneCompany((response) => response.destroy())
    expect(await place()).toBe('perhaps_placed')
    expect(seen).toHaveLength(1)
  })

  test('no answer in time may have placed it, so it is not asked again', async () => {
    const deadline = new AbortController()
    const { seen, place } = await phoneCompany(() => deadline.abort())
    expect(await place(deadline.signal)).toBe('perhaps_placed')
    expect(seen).toHaveLength(1)
  })

  test('what was never sent placed nothing', async () => {
    const { seen, place, close } = await phoneCompany(reply(201))
    expect(await failureOf(place(AbortSignal.abort()))).toBe('unreachable')
    await close()
    expect(await failureOf(place())).toBe('unreachable')
    expect(seen).toHaveLength(0)
  })

  test.each([[401, 20003], [401, undefined], [403, 20003]])('a login refused by %i and %s is read again once', async (status, code) => {
    const { seen, rereadLogin, place } = await phoneCompany((response, request, count) => reply(count === 1 ? status : 201, { code })(response, request, count))
    expect(await place()).toBe('placed')
    expect(rereadLogin).toHaveBeenCalledTimes(1)
    expect(seen.map(({ form }) => form['To'])).toEqual(['+12025550123', '+12025550123'])
  })

  test('a login refused twice is for the operator', async () => {
    const { seen, place } = await phoneCompany(reply(401, { code: 20003 }))
    expect(await failureOf(place())).toBe('login_refused')
    expect(seen).toHaveLength(2)
  })

  test('a login that cannot be read again is not tried again', async () => {
    const { seen, place } = await phoneCompany(reply(401, { code: 20003 }), { rereads: false })
    expect(await failureOf(place())).toBe('login_refused')
    expect(seen).toHaveLength(1)
  })

  test('after a login was read again, a lost reply may have placed it', async () => {
    const { place } = await phoneCompany((response, request, count) => (count === 1 ? reply(401)(response, request, count) : response.destroy()))
    expect(await place()).toBe('perhaps_placed')
  })
})
