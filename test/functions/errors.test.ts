// Every error that OAuth, its bearer tokens, DPoP and CIBA know, each with its status, in one table; and those that are never sent, each with what is answered in its place.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { app, ciba, type Answer, type App } from '../app.ts'
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

let used = 600
const freshNumber = () => `+1202555${String(++used).padStart(4, '0')}`
const nothing = `${'a'.repeat(43)}.${'b'.repeat(43)}`

const called = async () => {
  const number = freshNumber()
  const { json } = await person.call(number)
  return { number, phone: person.phone(number), id: json['auth_req_id'], right: String(json['match_code']) }
}
const poll = (form: Record<string, string>) => person.poll(nothing, form)
const call = (form: Record<string, string>) => person.call(freshNumber(), form)
const redeemed = async () => {
  const { phone, id, right } = await called()
  await phone.keys(right)
  await person.poll(id)
  return person.poll(id)
}
const polledTwice = async () => {
  const { id } = await called()
  await person.poll(id)
  return person.poll(id)
}
const denied = async () => {
  const { phone, id } = await called()
  await phone.keys('1*2')
  return person.poll(id)
}
/** With a phone company that says nothing more, or refuses. */
const elsewhere = async (run: (at: App) => Promise<Answer>, company?: () => { status: number; body: object }) => {
  const silent = await silentCompany(company)
  const there = await world({ clock, given: { TWILIO_API_URL: silent.url } })
  try {
    return await run(app(there))
  } finally {
    await Promise.all([there.close(), silent.close()])
  }
}
const late = () => elsewhere(async (at) => {
  const { json } = await at.call(freshNumber())
  clock.advance(180_000)
  return at.poll(json['auth_req_id'])
})
const busyCompany = () => elsewhere((at) => at.call(freshNumber()), () => ({ status: 429, body: { code: 20429 } }))
const calledTwice = async () => person.call((await called()).number)
const proven = async (form: Record<string, string>, dpop: string) => person.post('/token', { client_id: 'app', ...form }, { dpop })
const badProof = async () => proven({ grant_type: ciba, auth_req_id: String((await called()).id) }, 'x')
const withoutNonce = async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  const proof = () =>
    new SignJWT({ jti: randomUUID(), htm: 'POST', htu: `${here.url}/token` }).setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk }).setIssuedAt(Math.floor(clock.now() / 1_000)).sign(privateKey)
  const { phone, id, right } = await called()
  await phone.keys(right)
  const { json } = await proven({ grant_type: ciba, auth_req_id: String(id) }, await proof())
  return proven({ grant_type: 'refresh_token', refresh_token: String(json['refresh_token']) }, await proof())
}
const unsigned = () => person.post(`/call/keys?line=${'a'.repeat(43)}&call=x&attempt=1`, { Digits: '1' })

type Row = [endpoint: string, status: number, error: string, what: string, ask: () => Promise<Answer>]

describe('each error has its status', () => {
  test.each<Row>([
    ['POST /call', 400, 'invalid_request', 'no login_hint', () => call({ login_hint: '' })],
    ['POST /call', 400, 'invalid_request', 'a requested_expiry of 0', () => call({ requested_expiry: '0' })],
    ['POST /call', 400, 'invalid_scope', 'no openid', () => call({ scope: 'profile' })],
    ['POST /call', 400, 'invalid_user_code', "a code that is not the number's", () => call({ user_code: '0000' })],
    ['POST /call', 400, 'invalid_binding_message', 'a message of many lines', () => call({ binding_message: 'x'.repeat(101) })],
    ['POST /call', 401, 'invalid_client', 'an unknown client', () => call({ client_id: 'else' })],
    ['POST /call', 403, 'access_denied', 'a country that is not called', () => call({ login_hint: '+442079460000' })],
    ['POST /call', 429, 'slow_down', 'a number that is being called', calledTwice],
    ['POST /call', 413, 'request_too_large', 'more than 8 KiB', () => call({ binding_message: 'x'.repeat(9_000) })],
    ['POST /token', 400, 'authorization_pending', 'a phone that rings', async () => person.poll((await called()).id)],
    ['POST /token', 400, 'slow_down', 'a poll right after another', polledTwice],
    ['POST /token', 400, 'access_denied', 'a star', denied],
    ['POST /token', 400, 'expired_token', 'three minutes', late],
    ['POST /token', 400, 'invalid_grant', 'an auth_req_id that never was', () => poll({})],
    ['POST /token', 400, 'invalid_grant', 'one that was used', redeemed],
    ['POST /token', 400, 'invalid_grant', "another client's", async () => person.poll((await called()).id, { client_id: 'other' })],
    ['POST /token', 400, 'invalid_request', 'no grant_type', () => poll({ grant_type: '' })],
    ['POST /token', 400, 'invalid_scope', 'a refresh that wants more', () => person.post('/token', { client_id: 'app', grant_type: 'refresh_token', refresh_token: 'x', scope: 'openid email' })],
    ['POST /token', 400, 'unsupported_grant_type', 'a password', () => poll({ grant_type: 'password' })],
    ['POST /token', 401, 'invalid_client', 'no client', () => poll({ client_id: '' })],
    ['POST /token', 400, 'invalid_dpop_proof', 'what is no proof', badProof],
    ['POST /token', 400, 'use_dpop_nonce', 'a refresh without a nonce', withoutNonce],
    ['POST /call', 503, 'temporarily_unavailable', 'a phone company that is busy', busyCompany],
    ['POST /revoke', 401, 'invalid_client', 'an unknown client', () => person.post('/revoke', { client_id: 'else', token: 'x' })],
    ['POST /session', 401, 'invalid_token', 'what is no token', () => person.session('x')],
    ['POST /call/keys', 403, 'access_denied', 'no signature', unsigned],
  ])('%s: %i %s for %s', async (_endpoint, status, error, _what, ask) => {
    const { json, headers, ...answer } = await ask()
    expect([answer.status, json['error']]).toEqual([status, error])
    expect(json['error_description']).toMatch(/^[A-Z].*\.$/)
    expect(headers.get('content-type')).toBe('application/json')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('a client that shows a password, which no client has here, is told so by its own scheme', async () => {
    const { status, headers } = await person.post('/token', { grant_type: ciba, auth_req_id: nothing }, { authorization: 'Basic YXBwOg==' })
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Basic realm="callgate"'])
  })
})

// CIBA Core 1.0 section 13 has four more, and RFC 6749 section 5.2 one of them.
describe('never sent', () => {
  test.each<Row>([
    ['unknown_user_id', 200, 'no error', 'a number without an account, which a stranger could tell by it', () => call({})],
    ['missing_user_code', 200, 'no error', 'a test number without its code, which a stranger could tell by it', async () => {
      const number = freshNumber()
      here.setSecret('test-numbers', { [number]: '424242' })
      here.restart('start-call')
      return person.call(number)
    }],
    ['expired_login_hint_token', 400, 'invalid_request', 'a login_hint_token, of which none is taken', () => call({ login_hint_token: 'x' })],
    ['unauthorized_client', 200, 'no error', 'a second client, because each may use every grant', () => call({ client_id: 'other' })],
  ])('%s: %i %s for %s', async (never, status, error, _what, ask) => {
    const answer = await ask()
    expect([answer.status, answer.json['error'] ?? 'no error']).toEqual([status, error])
    expect(answer.text).not.toContain(never)
  })
})
