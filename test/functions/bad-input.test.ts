// Whatever is sent to any route is a 4xx with a sentence that helps, never a 5xx, and never a change.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { app, type App } from '../app.ts'
import { world, type World } from '../world.ts'

let here: World
let person: App
let token = ''
beforeAll(async () => {
  here = await world()
  person = app(here)
  token = String((await person.signIn('+12025550123')).tokens.json['access_token'])
})
afterAll(() => here.close())

const form = 'application/x-www-form-urlencoded'
const post = async (path: string, body: string | Uint8Array<ArrayBuffer>, contentType?: string) => {
  const headers: Record<string, string> = { authorization: `Bearer ${token}`, ...(contentType ? { 'content-type': contentType } : {}) }
  const response = await fetch(`${here.url}${path}`, { method: 'POST', body: typeof body === 'string' ? Buffer.from(body) : body, headers })
  return { status: response.status, text: await response.text() }
}
const sequence = async () => ((await (await fetch(`${here.places['sync-gateway-admin']}/notes/`)).json()) as { update_seq: number }).update_seq

const good: Record<string, string> = {
  '/call': 'client_id=app&scope=openid&login_hint=%2B12025550124',
  '/token': 'client_id=app&grant_type=urn%3Aopenid%3Aparams%3Agrant-type%3Aciba&auth_req_id=x',
  '/session': 'ttl=3600',
  '/call/keys': 'Digits=123',
  '/call/status': 'CallStatus=busy',
}
const cases: [string, (body: string) => [string | Uint8Array<ArrayBuffer>, string | undefined]][] = [
  ['a broken percent sign', (body) => [`${body}&x=%zz`, form]],
  ['bytes that are not UTF-8', (body) => [Buffer.concat([Buffer.from(`${body}&x=`), Buffer.from([0xff, 0xfe])]), form]],
  ['JSON where a form belongs', () => ['{"ttl":"x"}', 'application/json']],
  ['JSON that is none', () => ['{"client_id":', 'application/json']],
  ['a form labelled as text', (body) => [body, 'text/plain']],
  ['a form without a label', (body) => [body, undefined]],
  ['multipart', () => ['--x\r\ncontent-disposition: form-data; name="client_id"\r\n\r\napp\r\n--x--', 'multipart/form-data; boundary=x']],
  ['a repeated parameter', (body) => [`${body}&${body}`, form]],
  ['a control character', (body) => [`${body}&x=%00`, form]],
  ['a line feed in a value', (body) => [`${body}%0a`, form]],
  ['a megabyte', (body) => [`${body}&x=${'y'.repeat(1_000_000)}`, form]],
  ['one byte too many', (body) => [`${body}&x=`.padEnd(8_193, 'y'), form]],
]

describe.each(Object.keys(good))('%s', (path) => {
  test.each(cases)('takes %s for what it is', async (_name, make) => {
    const before = await sequence()
    const { status, text } = await post(path, ...make(good[path] ?? ''))
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(JSON.parse(text)).toMatchObject({ error: expect.stringMatching(/^[a-z_]+$/), error_description: expect.stringMatching(/^[A-Z].*\.$/) })
    expect(await sequence()).toBe(before)
  })

  test('takes any bytes under any label without a 5xx, and they change nothing', async () => {
    const before = await sequence()
    const label = fc.constantFrom(form, 'application/json', 'text/plain', '', `${form}; charset=latin1`)
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), label, async (bytes, type) => {
      const { status } = await post(path, Uint8Array.from(bytes), type)
      expect(status).toBeLessThan(500)
    }), { numRuns: 60 })
    if (path !== '/session') expect(await sequence()).toBe(before)
  })
})

test.each(['POST /', 'GET /call', 'DELETE /token', 'POST /.well-known/jwks.json', 'GET /call/keys'])('%s is not there', async (route) => {
  const [method, path] = route.split(' ')
  expect((await fetch(`${here.url}${path}`, { method: method ?? '' })).status).toBe(404)
})
