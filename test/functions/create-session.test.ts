import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { app, type App } from '../app.ts'
import { manualClock } from '../manual-clock.ts'
import { world, type World } from '../world.ts'

const clock = manualClock(Date.now())
let here: World
let person: App
beforeAll(async () => {
  here = await world({ clock })
  person = app(here)
})
afterAll(() => here.close())

const tokenOf = async (number: string) => String((await person.signIn(number)).tokens.json['access_token'])
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const json = { 'content-type': 'application/json' }
const isAlive = async (session: { json: Record<string, unknown> }) => {
  const cookie = `SyncGatewaySession=${String(session.json['session_id'])}`
  return (await fetch(`${here.places['sync-gateway']}/notes/_changes`, { headers: { cookie } })).status === 200
}

describe('a session', () => {
  test.each<[string, RequestInit, number]>([
    ['no body', {}, 3_600],
    ['an empty form', { headers: form, body: '' }, 3_600],
    ['a form', { headers: form, body: 'ttl=60' }, 60],
    ['JSON', { headers: json, body: '{"ttl":86400}' }, 86_400],
    ['JSON without ttl', { headers: json, body: '{}' }, 3_600],
    ['a form that is named in capitals', { headers: { 'content-type': 'Application/X-WWW-Form-URLEncoded; charset=utf-8' }, body: 'ttl=60' }, 60],
    ['JSON that is named in capitals', { headers: { 'content-type': 'Application/JSON' }, body: '{"ttl":86400}' }, 86_400],
  ])('is made from %s', async (_name, init, seconds) => {
    const session = await person.session(await tokenOf('+12025550123'), init)
    expect(session.status).toBe(200)
    expect(Math.round((Date.parse(String(session.json['expires'])) - clock.now()) / 1000)).toBeCloseTo(seconds, -1)
    expect(await isAlive(session)).toBe(true)
  })

  test.each<[string, RequestInit]>([
    ['ttl below 60', { headers: form, body: 'ttl=59' }],
    ['ttl above a day', { headers: form, body: 'ttl=86401' }],
    ['a ttl that is no number', { headers: form, body: 'ttl=soon' }],
    ['a broken ttl', { headers: json, body: '{"ttl":60.5}' }],
    ['a ttl in words', { headers: json, body: '{"ttl":"60"}' }],
    ['JSON that is none', { headers: json, body: '{' }],
    ['a JSON list', { headers: json, body: '[]' }],
    ['a text', { headers: { 'content-type': 'text/plain' }, body: 'ttl=60' }],
  ])('is refused for %s', async (_name, init) => {
    const refused = await person.session(await tokenOf('+12025550123'), init)
    expect([refused.status, refused.json['error']]).toEqual([400, 'invalid_request'])
  })

  test.each<[string, Record<string, string>, RegExp]>([
    ['no token', { authorization: '' }, /^Bearer realm="callgate", DPoP algs="[\w ]+"$/],
    ['another scheme', { authorization: 'Basic YTpi' }, /^Bearer realm="callgate", DPoP algs="[\w ]+"$/],
    ['what is no token', { authorization: 'Bearer x' }, /^Bearer realm="callgate", error="invalid_token", error_description="[^"]+"$/],
    ['two tokens', { authorization: 'Bearer a, Bearer b' }, /^Bearer realm="callgate", error="invalid_token", error_description="[^"]+"$/],
  ])('needs a token: %s is a 401 that says so', async (_name, headers, challenge) => {
    const refused = await person.session('', { headers })
    expect([refused.status, refused.json['error']]).toEqual([401, 'invalid_token'])
    expect(refused.headers.get('www-authenticate')).toMatch(challenge)
  })

  test('cannot be made by an ID token, nor by an access token whose time is over', async () => {
    const { tokens } = await person.signIn('+12025550123')
    expect((await person.session(tokens.json['id_token'])).status).toBe(401)
    clock.advance(605_000)
    expect((await person.session(tokens.json['access_token'])).json['error_description']).toBe('The access token has expired.')
  })

  test('is ended alone by its id, and ending it again is the same', async () => {
    const token = await tokenOf('+12025550124')
    const [one, two] = [await person.session(token), await person.session(token)]
    for (let again = 0; again < 2; again++) {
      expect((await person.session(token, { method: 'DELETE' }, `?session_id=${String(one.json['session_id'])}`)).status).toBe(204)
    }
    expect([await isAlive(one), await isAlive(two)]).toEqual([false, true])
  })

  test("is not ended by another person, who gets the same answer", async () => {
    const session = await person.session(await tokenOf('+12025550125'))
    const stranger = await tokenOf('+12025550126')
    expect((await person.session(stranger, { method: 'DELETE' }, `?session_id=${String(session.json['session_id'])}`)).status).toBe(204)
    expect(await isAlive(session)).toBe(true)
  })

  test('ends with its device, whose token is then good for nothing; the other device makes a new one', async () => {
    const [phone, tablet] = [await tokenOf('+12025550127'), await tokenOf('+12025550127')]
    const session = await person.session(phone)
    const { devices } = (await person.session(tablet, { method: 'GET' })).json as { devices: { device: string; current: boolean; created: number }[] }
    expect(devices).toHaveLength(2)
    expect(devices.filter(({ current }) => current)).toHaveLength(1)
    const other = devices.find(({ current }) => !current)!
    expect((await person.session(tablet, { method: 'DELETE' }, `?device=${other.device}`)).status).toBe(204)
    expect(await isAlive(session)).toBe(false)
    expect([(await person.session(phone)).status, (await person.session(phone, { method: 'GET' })).status]).toEqual([401, 401])
    expect(await isAlive(await person.session(tablet))).toBe(true)
  })

  test('ends everywhere at once', async () => {
    const [phone, tablet] = [await tokenOf('+12025550128'), await tokenOf('+12025550128')]
    const sessions = [await person.session(phone), await person.session(tablet)]
    expect((await person.session(phone, { method: 'DELETE' }, '?all=true')).status).toBe(204)
    expect(await Promise.all(sessions.map(isAlive))).toEqual([false, false])
    expect((await person.session(tablet)).status).toBe(401)
  })

  test.each(['', '?all=false', '?all=true&device=x', '?session_id=a&session_id=b', '?session_id=', '?session_id=..', '?session_id=.', '?session_id=a%2Fb'])('is not ended by %j', async (query) => {
    expect((await person.session(await tokenOf('+12025550123'), { method: 'DELETE' }, query)).status).toBe(400)
  })

  test('is not made for a disabled person, and the one that was made meanwhile is ended', async () => {
    const token = await tokenOf('+12025550129')
    const user = (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string }).sub
    const at = `${here.places['sync-gateway-admin']}/notes/signin::${user}`
    const { _rev, _cv, ...account } = (await (await fetch(at)).json()) as Record<string, unknown>
    await fetch(`${at}?rev=${String(_rev)}`, { method: 'PUT', headers: json, body: JSON.stringify({ ...account, status: 'disabled' }) })
    const refused = await person.session(token)
    expect([refused.status, refused.json['error']]).toEqual([403, 'access_denied'])
    await fetch(`${here.places['sync-gateway-admin']}/notes/_user/${user.replace('::', '-')}`, { method: 'PUT', headers: json, body: '{"disabled":true}' })
    expect((await person.session(token)).status).toBe(403)
  })
})
