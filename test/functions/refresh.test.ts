// Staying signed in: refresh tokens that rotate, their grace, and what ends a device.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { app, type App } from '../app.ts'
import { manualClock } from '../manual-clock.ts'
import { world, type World } from '../world.ts'

const clock = manualClock(Date.now())
let here: World
let person: App
beforeAll(async () => {
  here = await world({ clock, given: { CLIENTS: 'app,other' } })
  person = app(here)
})
afterAll(() => here.close())

let used = 800
const signedIn = async (number = `+1202555${String(++used).padStart(4, '0')}`) => (await person.signIn(number)).tokens.json
const refresh = (token: unknown, form: Record<string, string> = {}) => person.post('/token', { client_id: 'app', grant_type: 'refresh_token', refresh_token: String(token), ...form })
const revoke = (token: unknown, form: Record<string, string> = {}) => person.post('/revoke', { client_id: 'app', token: String(token), ...form })
const sessionStatus = async (accessToken: unknown) => (await person.session(accessToken)).status

describe('a refresh token', () => {
  test('gives new tokens for the same person and device, and its successor', async () => {
    const first = await signedIn()
    const second = await refresh(first['refresh_token'])
    expect(second.status).toBe(200)
    expect(second.json).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: 'openid', id_token: expect.any(String) as unknown })
    expect(second.json['refresh_token']).not.toBe(first['refresh_token'])
    const claims = (token: unknown) => JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
    const [before, after] = [claims(first['access_token']), claims(second.json['access_token'])]
    expect([after['sub'], after['sid'], after['auth_time']]).toEqual([before['sub'], before['sid'], before['auth_time']])
    expect(await sessionStatus(second.json['access_token'])).toBe(200)
  })

  test('repeated after a lost reply gives the same successor, ten at once too', async () => {
    const first = await signedIn()
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(first['refresh_token'])))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    expect(new Set(answers.map(({ json }) => json['refresh_token'])).size).toBe(1)
  })

  test.each([[59, 200], [60, 400]])('used again %i s after its first use is a %i', async (seconds, status) => {
    const first = await signedIn()
    const second = await refresh(first['refresh_token'])
    clock.advance(seconds * 1000)
    expect((await refresh(first['refresh_token'])).status).toBe(status)
    expect((await refresh(second.json['refresh_token'])).status).toBe(status)
  })

  test('that was traded long ago ends its device and its sessions: one of two who have it is a thief', async () => {
    const first = await signedIn()
    const second = await refresh(first['refresh_token'])
    clock.advance(61_000)
    expect((await refresh(first['refresh_token'])).json['error']).toBe('invalid_grant')
    expect(await sessionStatus(second.json['access_token'])).toBe(401)
  })

  test('made up by somebody who knows the device ends nothing', async () => {
    const first = await signedIn()
    const parts = String(first['refresh_token']).split('.')
    const forged = [parts[0], parts[1], 'A'.repeat(43), parts[3]].join('.')
    expect((await refresh(forged)).json['error']).toBe('invalid_grant')
    expect((await revoke(forged)).status).toBe(200)
    expect((await refresh(first['refresh_token'])).status).toBe(200)
  })

  test.each([[60 * 86_400 - 1, 200], [60 * 86_400, 400]])('idle for %i s is a %i', async (seconds, status) => {
    const first = await signedIn()
    clock.advance(seconds * 1000)
    expect((await refresh(first['refresh_token'])).status).toBe(status)
  })

  test.each<[string, Record<string, string>, number, string]>([
    ['of another client', { client_id: 'other' }, 400, 'invalid_grant'],
    ['of no client', { client_id: '' }, 401, 'invalid_client'],
    ['that is none', { refresh_token: 'x' }, 400, 'invalid_grant'],
    ['that is empty', { refresh_token: '' }, 400, 'invalid_request'],
    ['of a person that never was', { refresh_token: `9999.${'d'.repeat(22)}.${'s'.repeat(43)}.${'t'.repeat(22)}` }, 400, 'invalid_grant'],
  ])('%s is refused, and goes on working for its own', async (_name, form, status, error) => {
    const first = await signedIn()
    const refused = await refresh(first['refresh_token'], form)
    expect([refused.status, refused.json['error']]).toEqual([status, error])
    expect((await refresh(first['refresh_token'])).status).toBe(200)
  })

  test('is stored nowhere', async () => {
    const first = await signedIn()
    const second = await refresh(first['refresh_token'])
    const everything = await (await fetch(`${here.places['sync-gateway-admin']}/notes/_all_docs?include_docs=true`)).text()
    for (const token of [first['refresh_token'], second.json['refresh_token']]) expect(everything).not.toContain(String(token).split('.')[2])
  })
})

describe('revocation', () => {
  test('ends the device and its sessions, says 200 and says it again', async () => {
    const first = await signedIn()
    const session = await person.session(first['access_token'])
    for (let again = 0; again < 2; again++) expect((await revoke(first['refresh_token'])).status).toBe(200)
    expect([(await refresh(first['refresh_token'])).status, await sessionStatus(first['access_token'])]).toEqual([400, 401])
    const cookie = `SyncGatewaySession=${String(session.json['session_id'])}`
    expect((await fetch(`${here.places['sync-gateway']}/notes/_changes`, { headers: { cookie } })).status).toBe(401)
  })

  test('by another client, or of what is unknown, is a 200 that changes nothing', async () => {
    const first = await signedIn()
    expect((await revoke(first['refresh_token'], { client_id: 'other' })).status).toBe(200)
    expect((await revoke('unknown')).status).toBe(200)
    expect((await refresh(first['refresh_token'])).status).toBe(200)
  })
})

test('a device beyond the twentieth drops the one that was used longest ago, and no other', async () => {
  const number = '+14165550177'
  const first = await signedIn(number)
  const cookie = `SyncGatewaySession=${String((await person.session(first['access_token'])).json['session_id'])}`
  const isAlive = async () => (await fetch(`${here.places['sync-gateway']}/notes/_changes`, { headers: { cookie } })).status === 200
  clock.advance(1_000)
  const second = await signedIn(number)
  for (let device = 3; device <= 20; device++) {
    clock.advance(1_000)
    await signedIn(number)
  }
  expect([await sessionStatus(first['access_token']), await isAlive()]).toEqual([200, true])
  await signedIn(number)
  expect(await isAlive()).toBe(false)
  expect([await sessionStatus(first['access_token']), await sessionStatus(second['access_token'])]).toEqual([401, 200])
}, 30_000)
