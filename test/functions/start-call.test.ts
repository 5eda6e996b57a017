import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { app, type App } from '../app.ts'
import { manualClock } from '../manual-clock.ts'
import { silentCompany } from '../silent-company.ts'
import { world, type World } from '../world.ts'

const clock = manualClock(Date.now())
let here: World
let person: App
beforeAll(async () => {
  here = await world({ clock, given: { SPEAK_BINDING_MESSAGE: 'true' } })
  person = app(here)
})
afterAll(() => here.close())

const good = { client_id: 'app', scope: 'openid', login_hint: '+12025550123' }

describe('a call', () => {
  test('is answered as CIBA wants, and rings with the caller and the app said', async () => {
    const { status, json, headers } = await person.call('+12025550150')
    expect(status).toBe(200)
    expect(json).toEqual({
      auth_req_id: expect.stringMatching(/^[\w-]{43}\.[\w-]{43}$/) as unknown, expires_in: 180, interval: 2, match_code: expect.stringMatching(/^[1-9]\d\d$/) as unknown,
    })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-type')).toBe('application/json')
    expect((await person.phone('+12025550150').state()).state).toBe('ringing')
    await person.phone('+12025550150').answer()
    expect((await person.phone('+12025550150').state()).said.join(' ')).toContain('Callgate Notes')
  })

  test('says the binding message where the operator lets it, safely', async () => {
    await person.call('+12025550151', { binding_message: 'Order 7: "5 & 6"' })
    await person.phone('+12025550151').answer()
    const said = async () => (await person.phone('+12025550151').state()).said.filter((text) => text.includes('Order 7: "5 & 6"')).length
    expect(await said()).toBe(1)
    await person.phone('+12025550151').keys('000')
    expect(await said()).toBe(2)
  })

  test('cannot be taken over while it rings, nor when it is approved and not yet redeemed, and its line is free when its time is over', async () => {
    const number = '+12025550152'
    const first = await person.call(number)
    clock.advance(20_000)
    const second = await person.call(number)
    expect([second.status, second.json['error'], second.headers.get('retry-after')]).toEqual([429, 'slow_down', '160'])
    await person.phone(number).keys(String(first.json['match_code']))
    expect((await person.call(number)).status).toBe(429)
    clock.advance(160_000)
    expect((await person.call(number)).status).toBe(200)
    expect((await person.poll(first.json['auth_req_id'])).json['error']).toBe('invalid_grant')
  })

  test.each([
    [400, 21211, 400, 'invalid_request'],
    [400, 21214, 400, 'invalid_request'],
    [400, 21215, 403, 'access_denied'],
    [400, 21216, 403, 'access_denied'],
    [429, 20429, 503, 'temporarily_unavailable'],
    [400, 99999, 503, 'temporarily_unavailable'],
    [401, 20003, 503, 'temporarily_unavailable'],
    [503, 20503, 503, 'temporarily_unavailable'],
  ])('that the phone company answers by %i, code %i, is a %i %s, and leaves the line free', async (companyStatus, code, status, error) => {
    const company = await silentCompany(() => ({ status: companyStatus, body: { code, message: 'No', status: companyStatus } }))
    const elsewhere = await world({ clock, given: { TWILIO_API_URL: company.url } })
    for (let again = 0; again < 2; again++) {
      const refused = await app(elsewhere).call('+12025550153')
      expect([refused.status, refused.json['error']]).toEqual([status, error])
      expect(refused.json['error_description']).toMatch(/^[A-Z].*\.$/)
    }
    await Promise.all([elsewhere.close(), company.close()])
  })
})

describe('each error of the backchannel endpoint has its status', () => {
  test.each<[string, number, string, Record<string, string | undefined>]>([
    ['no client', 401, 'invalid_client', { client_id: undefined }],
    ['another client', 401, 'invalid_client', { client_id: 'else' }],
    ['no scope', 400, 'invalid_request', { scope: undefined }],
    ['a scope without openid', 400, 'invalid_scope', { scope: 'profile' }],
    ['no hint', 400, 'invalid_request', { login_hint: undefined }],
    ['an empty hint', 400, 'invalid_request', { login_hint: '' }],
    ['another kind of hint', 400, 'invalid_request', { id_token_hint: 'x' }],
    ['a hint token', 400, 'invalid_request', { login_hint_token: 'x' }],
    ['a number that is none', 400, 'invalid_request', { login_hint: '+1202555' }],
    ['a number without its plus', 400, 'invalid_request', { login_hint: ' 12025550123' }],
    ['a premium number', 403, 'access_denied', { login_hint: '+19005550123' }],
    ['a satellite telephone', 403, 'access_denied', { login_hint: '+881612345678' }],
    ['a user code that is not the number\'s', 400, 'invalid_user_code', { user_code: '1234' }],
    ['a thumbprint that is none', 400, 'invalid_request', { dpop_jkt: 'x' }],
    ['a number of another country', 403, 'access_denied', { login_hint: '+442079460958' }],
    ['a number of the same calling code, but another country', 403, 'access_denied', { login_hint: '+18765550123' }],
    ['a binding message too long', 400, 'invalid_binding_message', { binding_message: 'x'.repeat(101) }],
    ['a binding message of symbols', 400, 'invalid_binding_message', { binding_message: '<b>' }],
  ])('%s: %i %s', async (_name, status, error, change) => {
    const form = Object.fromEntries(Object.entries({ ...good, ...change }).filter((entry): entry is [string, string] => entry[1] !== undefined))
    const answer = await person.post('/call', form)
    expect([answer.status, answer.json['error']]).toEqual([status, error])
    expect(answer.json['error_description']).toMatch(/^[A-Z].*\.$/)
  })
})
