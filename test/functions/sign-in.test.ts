// The whole path, as an app, a person and a stock OpenID client walk it.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as client from 'openid-client'
import { realClock } from '../../local/clock.ts'
import { app, type App } from '../app.ts'
import { world, type World } from '../world.ts'

let here: World
let person: App
beforeAll(async () => {
  here = await world({ clock: realClock })
  person = app(here)
})
afterAll(() => here.close())

const claimsOf = (token: unknown) => JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
const userOf = async (number: string, written = number) => {
  const { tokens } = await person.signIn(number, written)
  expect([tokens.status, tokens.json['error_description']]).toEqual([200, undefined])
  return String(claimsOf(tokens.json['access_token'])['sub'])
}
const admin = async (path: string) => (await fetch(`${here.places['sync-gateway-admin']}/notes/${path}`)).json() as Promise<Record<string, unknown>>

describe('a stock OpenID client', () => {
  test('finds its way by discovery, has the phone called, polls, checks the ID token by our keys, and syncs a document', async () => {
    const number = '+12025550101'
    const config = await client.discovery(new URL(here.url), 'app', undefined, client.None(), { execute: [client.allowInsecureRequests] })
    client.enableNonRepudiationChecks(config) // Checks the ID token's signature by our JWKS.
    const called = await client.initiateBackchannelAuthentication(config, { scope: 'openid', login_hint: number })
    const [tokens] = await Promise.all([client.pollBackchannelAuthenticationGrant(config, called), person.phone(number).keys(called['match_code'] as string)])
    expect(tokens.token_type).toBe('bearer')
    expect(tokens.claims()).toMatchObject({ iss: here.url, aud: 'app', sub: 'u::0001', preferred_username: 'u-0001', amr: ['tel', 'mca'] })
    await jwtVerify(tokens.access_token, createRemoteJWKSet(new URL(`${here.url}/.well-known/jwks.json`)), { issuer: here.url, audience: here.url, typ: 'at+jwt' })

    const session = await person.session(tokens.access_token)
    expect(session.json).toMatchObject({ cookie_name: 'SyncGatewaySession', user: 'u-0001', profile: 'u::0001', sync_url: `${here.places['sync-gateway']}/notes` })
    const cookie = `${String(session.json['cookie_name'])}=${String(session.json['session_id'])}`
    const note = `${String(session.json['sync_url'])}/note`
    const written = await fetch(note, { method: 'PUT', headers: { cookie, 'content-type': 'application/json' }, body: '{"owner":"u::0001","text":"hello"}' })
    expect(written.status).toBe(201)
    expect(await (await fetch(note, { headers: { cookie } })).json()).toMatchObject({ text: 'hello' })
    expect(await (await fetch(`${String(session.json['sync_url'])}/u::0001`, { headers: { cookie } })).json()).toMatchObject({ type: 'profile' })
  }, 30_000)
})

describe('an account', () => {
  test('is the same for the same number, and the next for another', async () => {
    const first = await userOf('+12025550111')
    expect(await userOf('+12025550111', '+1 (202) 555-0111')).toBe(first)
    const second = await userOf('+12025550112')
    expect(Number(second.slice(3))).toBe(Number(first.slice(3)) + 1)
  })

  test('is a profile, an account, a line and a user with its own channel, and nobody knows the number', async () => {
    const user = await userOf('+14165550123')
    const name = user.replace('::', '-')
    expect(await admin(`_user/${name}`)).toMatchObject({ admin_channels: [user], disabled: false })
    expect(await admin(user)).toMatchObject({ type: 'profile', createdAt: expect.any(String) as unknown })
    const account = await admin(`signin::${user}`)
    expect(account).toMatchObject({ type: 'account', status: 'active', lastDigits: '23', devices: expect.any(Object) as unknown })
    const line = await admin(`signin::tel::${String(account['line'])}`)
    expect(line).toMatchObject({ type: 'line', account: { state: 'ready', id: user } })
    expect(JSON.stringify([account, line])).not.toMatch(/4165550123/)
  })

  test('is one of forty when forty people sign up at once, with forty different numbers and no error', async () => {
    const users = await Promise.all(Array.from({ length: 40 }, (_, index) => userOf(`+1202555${String(200 + index).padStart(4, '0')}`)))
    expect(new Set(users).size).toBe(40)
  }, 30_000)

  test('is one for ten devices of one number at once: one phone rings, nine are told to slow down and sign in after', async () => {
    const number = '+12025550400'
    const calls = await Promise.all(Array.from({ length: 10 }, () => person.call(number)))
    const [rung] = calls.filter(({ status }) => status === 200)
    const refused = calls.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(9)
    for (const { json, headers } of refused) {
      expect(json['error']).toBe('slow_down')
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    await person.phone(number).keys(String(rung!.json['match_code']))
    const users = [claimsOf((await person.poll(rung!.json['auth_req_id'])).json['access_token'])['sub']]
    for (let device = 1; device < 10; device++) users.push(await userOf(number))
    expect(new Set(users).size).toBe(1)
    expect(Object.keys((await admin(`signin::${String(users[0])}`))['devices'] as object)).toHaveLength(10)
  }, 30_000)
})
