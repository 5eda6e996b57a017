// Asking again: the same Idempotency-Key costs no second call; limits hold; test numbers never ring.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { app, type App } from '../app.ts'
import { manualClock } from '../manual-clock.ts'
import { silentCompany } from '../silent-company.ts'
import { world, type World } from '../world.ts'

const clock = manualClock(Date.now())
const key = 'a-random-key-of-22-chars'
const company = await silentCompany()
let here: World
let person: App
beforeAll(async () => {
  here = await world({ clock, given: { TWILIO_API_URL: company.url, CLIENTS: 'app,other' } })
  here.setSecret('test-numbers', { '+12025550199': 'review-2026' })
  person = app(here)
})
afterAll(() => Promise.all([here.close(), company.close()]))

let used = 700
const freshNumber = () => `+1202555${String(++used).padStart(4, '0')}`
const callWith = (number: string, idempotencyKey: string, form: Record<string, string> = {}) =>
  person.post('/call', { client_id: 'app', scope: 'openid', login_hint: number, ...form }, { 'idempotency-key': idempotencyKey })

describe('the same Idempotency-Key', () => {
  test('gets the same answer with the time that is left, and no second call', async () => {
    const number = freshNumber()
    const rung = company.calls()
    const first = await callWith(number, key)
    clock.advance(10_000)
    const second = await callWith(number, key)
    expect(second.json).toEqual({ ...first.json, expires_in: 170 })
    expect(company.calls()).toBe(rung + 1)
  })

  test('from ten requests at once rings once', async () => {
    const number = freshNumber()
    const rung = company.calls()
    const answers = await Promise.all(Array.from({ length: 10 }, () => callWith(number, key)))
    expect(new Set(answers.map(({ json }) => JSON.stringify(json))).size).toBe(1)
    expect(company.calls()).toBe(rung + 1)
  })

  test('with other parameters is refused, and does not change the call', async () => {
    const number = freshNumber()
    const first = await callWith(number, key)
    expect((await callWith(number, key, { binding_message: 'other' })).json['error']).toBe('invalid_request')
    expect((await callWith(number, key)).json['auth_req_id']).toBe(first.json['auth_req_id'])
  })

  test('of another number, or another key, is another call', async () => {
    const number = freshNumber()
    const first = await callWith(number, key)
    expect((await callWith(freshNumber(), key)).json['auth_req_id']).not.toBe(first.json['auth_req_id'])
    expect((await callWith(number, `${key}2`)).status).toBe(429)
  })

  test('is answered alike over a new first token-key', async () => {
    const keys = [Buffer.alloc(32, 1).toString('base64url'), Buffer.alloc(32, 2).toString('base64url')] as const
    const number = freshNumber()
    here.setSecret('token-key', { keys: [keys[0]] })
    here.restart()
    const first = await callWith(number, key)
    here.setSecret('token-key', { keys: [keys[1], keys[0]] })
    here.restart()
    expect((await callWith(number, key)).json['auth_req_id']).toBe(first.json['auth_req_id'])
  })

  test.each(['short', 'x'.repeat(21), 'x'.repeat(256), `${'x'.repeat(22)} `.padEnd(30, ' x')])('must be long and plain: %j is refused', async (bad) => {
    expect((await callWith(freshNumber(), bad)).json['error']).toBe('invalid_request')
  })
})

describe('limits', () => {
  test('hold the calls to one number, with the time until there may be another', async () => {
    clock.advance(86_400_000 - (clock.now() % 86_400_000))
    const limited = await world({ clock, given: { TWILIO_API_URL: company.url, LIMIT_NUMBER: '2/1h' } })
    const { call } = app(limited)
    const number = freshNumber()
    for (let times = 0; times < 2; times++) {
      expect((await call(number)).status).toBe(200)
      clock.advance(180_000)
    }
    const refused = await call(number)
    expect([refused.status, refused.json['error'], refused.headers.get('retry-after')]).toEqual([429, 'slow_down', '3240'])
    expect((await call(freshNumber())).status).toBe(200)
    clock.advance(3_240_000)
    expect((await call(number)).status).toBe(200)
    await limited.close()
  })

  test('hold the guesses at a user code, and leave the number its calls', async () => {
    const limited = await world({ clock, given: { TWILIO_API_URL: company.url, LIMIT_ADDRESS: '3/1h', LIMIT_NUMBER: '1/1h' } })
    limited.setSecret('test-numbers', { '+12025550199': 'review-2026' })
    const guesses = []
    for (let guess = 0; guess < 4; guess++) guesses.push((await app(limited).call('+12025550199', { user_code: String(guess) })).json['error'])
    expect(guesses).toEqual(['invalid_user_code', 'invalid_user_code', 'invalid_user_code', 'slow_down'])
    clock.advance(3_600_000)
    expect((await app(limited).call('+12025550199')).status).toBe(200)
    await limited.close()
  })

  test('that cannot be counted refuse everybody, and nobody is called', async () => {
    const rung = company.calls()
    const limited = await world({ clock, given: { TWILIO_API_URL: company.url, LIMIT_NUMBER: '2/1h', COUCHBASE_URL: 'couchbase://127.0.0.1:1' } })
    expect((await app(limited).call(freshNumber())).status).toBe(503)
    expect(company.calls()).toBe(rung)
    await limited.close()
  })
})

describe('a test number', () => {
  test('signs in by its code without a call', async () => {
    const rung = company.calls()
    const called = await person.call('+12025550199', { user_code: 'review-2026' })
    expect(called.status).toBe(200)
    expect((await person.poll(called.json['auth_req_id'])).status).toBe(200)
    expect(company.calls()).toBe(rung)
  })

  test('without its code is like any other, and with a wrong one nothing', async () => {
    const rung = company.calls()
    expect((await person.call('+12025550199', { user_code: 'review-2025' })).json['error']).toBe('invalid_user_code')
    expect((await person.call('+12025550199')).status).toBe(200)
    expect(company.calls()).toBe(rung + 1)
  })
})
