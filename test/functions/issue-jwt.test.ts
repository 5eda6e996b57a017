import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { app, ciba, type App } from '../app.ts'
import { manualClock } from '../manual-clock.ts'
import { silentCompany } from '../silent-company.ts'
import { world, type World } from '../world.ts'

const clock = manualClock(Date.now())
let here: World
let person: App
beforeAll(async () => {
  here = await world({ clock, given: { CLIENTS: 'app,other' } })
  person = app(here)
})
afterAll(() => here.close())

let used = 300
const freshNumber = () => `+1202555${String(++used).padStart(4, '0')}`
const admin = (path: string, init?: RequestInit) => fetch(`${here.places['sync-gateway-admin']}/notes/${path}`, init)
const outcome = async (authReqId: unknown, form: Record<string, string> = {}) => {
  const { status, json } = await person.poll(authReqId, form)
  return [status, json['error']]
}

type Act = (phone: ReturnType<App['phone']>, right: string) => Promise<unknown>

/** The first answer that is not pending: the phone company's last webhook comes when the person is already gone. */
const decided = async (authReqId: unknown): Promise<Record<string, unknown>> => {
  for (let poll = 0; poll < 100; poll++) {
    const { json } = await person.poll(authReqId)
    if (json['error'] !== 'authorization_pending' && json['error'] !== 'slow_down') return json
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('The call is still pending.')
}

describe('a poll', () => {
  test('is pending while the phone rings, then gives the tokens once', async () => {
    const number = freshNumber()
    const { json } = await person.call(number)
    expect(await outcome(json['auth_req_id'])).toEqual([400, 'authorization_pending'])
    await person.phone(number).keys(String(json['match_code']))
    const { status, json: tokens, headers } = await person.poll(json['auth_req_id'])
    expect(status).toBe(200)
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: 'openid', access_token: expect.any(String) as unknown, id_token: expect.any(String) as unknown })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(await outcome(json['auth_req_id'])).toEqual([400, 'invalid_grant'])
  })

  test('too soon after another is told to slow down, the first never, and an approval is given however fast one polls', async () => {
    const number = freshNumber()
    const { json } = await person.call(number)
    expect(await outcome(json['auth_req_id'])).toEqual([400, 'authorization_pending'])
    clock.advance(1_400)
    expect(await outcome(json['auth_req_id'])).toEqual([400, 'slow_down'])
    clock.advance(6_400)
    expect(await outcome(json['auth_req_id'])).toEqual([400, 'slow_down'])
    clock.advance(12_000)
    expect(await outcome(json['auth_req_id'])).toEqual([400, 'authorization_pending'])
    await person.phone(number).keys(String(json['match_code']))
    expect((await outcome(json['auth_req_id']))[0]).toBe(200)
  })

  test('that is not the first to redeem gets nothing, however many race', async () => {
    const number = freshNumber()
    const { json } = await person.call(number)
    await person.phone(number).keys(String(json['match_code']))
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcome(json['auth_req_id'])))
    expect(outcomes.filter(([status]) => status === 200)).toHaveLength(1)
    expect(outcomes.filter(([, error]) => error === 'invalid_grant')).toHaveLength(7)
  })

  test('after the call is over is told so, on both sides of the second', async () => {
    const silent = await silentCompany()
    const elsewhere = await world({ clock, given: { TWILIO_API_URL: silent.url } })
    const { call, poll } = app(elsewhere)
    const { json } = await call(freshNumber())
    clock.advance(179_000)
    expect((await poll(json['auth_req_id'])).json['error']).toBe('authorization_pending')
    clock.advance(1_000)
    expect((await poll(json['auth_req_id'])).json['error']).toBe('expired_token')
    await Promise.all([elsewhere.close(), silent.close()])
  })

  test.each<[string, { before?: Act; after?: Act }, RegExp, string]>([
    ['wrong digits twice', { after: async (phone, right) => {
      const wrong = right === '100' ? '101' : '100'
      await phone.keys(wrong)
      await phone.keys(wrong)
    } }, /wrong/, 'wrong_digits'],
    ['a star', { after: (phone) => phone.keys('1*2') }, /did not ask/, 'star'],
    ['a busy phone', { before: (phone) => phone.busy() }, /busy/, 'busy'],
    ['a hang-up', { after: async (phone) => {
      await phone.answer()
      await phone.hangup()
    } }, /ended/, 'hung_up'],
    ['no answer', { after: async () => clock.advance(31_000) }, /Nobody answered/, 'no-answer'],
  ])('is denied after %s, with the reason', async (_name, { before, after }, sentence, reason) => {
    const number = freshNumber()
    const phone = person.phone(number)
    await before?.(phone, '')
    const { json } = await person.call(number)
    await after?.(phone, String(json['match_code']))
    const denied = await decided(json['auth_req_id'])
    expect(denied).toEqual({ error: 'access_denied', error_description: expect.stringMatching(sentence) as unknown, reason })
  })

  test('is refused for a disabled account, however often, and for no other', async () => {
    const number = freshNumber()
    const { tokens } = await person.signIn(number)
    const user = (JSON.parse(Buffer.from(String(tokens.json['access_token']).split('.')[1] ?? '', 'base64url').toString()) as { sub: string }).sub
    const { _rev, ...account } = (await (await admin(`signin::${user}`)).json()) as Record<string, unknown>
    const disabled = await admin(`signin::${user}?rev=${String(_rev)}`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...account, _cv: undefined, status: 'disabled' }) })
    expect(disabled.status).toBe(201)
    const { called, tokens: refused } = await person.signIn(number)
    expect([refused.status, refused.json['error'], refused.json['error_description'], refused.json['reason']]).toEqual([400, 'access_denied', 'This account is disabled.', 'disabled'])
    expect(await outcome(called.json['auth_req_id'])).toEqual([400, 'access_denied'])
  })
})

describe('each error of the token endpoint has its status', () => {
  test.each<[string, number, string, Record<string, string | undefined>]>([
    ['no client', 401, 'invalid_client', { client_id: undefined }],
    ['an unknown client', 401, 'invalid_client', { client_id: 'else' }],
    ['no grant type', 400, 'invalid_request', { grant_type: undefined }],
    ['another grant type', 400, 'unsupported_grant_type', { grant_type: 'password' }],
    ['no auth_req_id', 400, 'invalid_request', { auth_req_id: undefined }],
    ['what is no auth_req_id', 400, 'invalid_grant', { auth_req_id: 'x' }],
    ['an auth_req_id that never was', 400, 'invalid_grant', { auth_req_id: `${'a'.repeat(43)}.${'b'.repeat(43)}` }],
  ])('%s: %i %s', async (_name, status, error, change) => {
    const all = { client_id: 'app', grant_type: ciba, auth_req_id: `${'a'.repeat(43)}.${'b'.repeat(43)}`, ...change }
    const form = Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined))
    const answer = await person.post('/token', form)
    expect([answer.status, answer.json['error']]).toEqual([status, error])
    expect(answer.json['error_description']).toMatch(/^[A-Z].*\.$/)
    expect(answer.headers.get('www-authenticate')).toBeNull()
  })

  test("another client's auth_req_id: 400 invalid_grant, and its own client still gets the tokens", async () => {
    const number = freshNumber()
    const { json } = await person.call(number)
    await person.phone(number).keys(String(json['match_code']))
    expect(await outcome(json['auth_req_id'], { client_id: 'other' })).toEqual([400, 'invalid_grant'])
    expect((await outcome(json['auth_req_id']))[0]).toBe(200)
  })

  test("a secret with another call's line: 400 invalid_grant", async () => {
    const [left, right] = [await person.call(freshNumber()), await person.call(freshNumber())]
    const [handle] = String(left.json['auth_req_id']).split('.')
    const [, secret] = String(right.json['auth_req_id']).split('.')
    expect(await outcome(`${handle}.${secret}`)).toEqual([400, 'invalid_grant'])
  })
})
