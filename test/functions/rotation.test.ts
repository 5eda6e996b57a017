// Keys change without a deploy, and nobody is signed out by it.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose'
import { signingKey } from '../../local/keys.ts'
import { app, type App } from '../app.ts'
import { manualClock } from '../manual-clock.ts'
import { world, type World } from '../world.ts'

const clock = manualClock(Date.now())
const [old, next] = [signingKey('EC'), signingKey('EC')]
const tokenKeys = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64url'))
let here: World
let person: App
beforeAll(async () => {
  here = await world({ clock })
  person = app(here)
})
afterAll(() => here.close())

const refresh = (token: unknown) => person.post('/token', { client_id: 'app', grant_type: 'refresh_token', refresh_token: String(token) })
const kidOf = (token: unknown) => decodeProtectedHeader(String(token)).kid
const minutes = (count: number) => clock.advance(count * 60_000)

describe('a new signing key', () => {
  test('is shown first, signs next, and the old one is taken until its last token ends', async () => {
    here.setSecret('signing-keys', { keys: [old.private] })
    here.setSecret('public-keys', { keys: [old.public] })
    const { tokens } = await person.signIn('+12025550123')
    expect(kidOf(tokens.json['access_token'])).toBe(old.private.kid)

    here.setSecret('public-keys', { keys: [old.public, next.public] })
    minutes(6)
    expect((await person.session(tokens.json['access_token'])).status).toBe(200)

    here.setSecret('signing-keys', { keys: [next.private, old.private] })
    minutes(6)
    const renewed = await refresh(tokens.json['refresh_token'])
    expect(kidOf(renewed.json['access_token'])).toBe(next.private.kid)
    expect((await person.session(renewed.json['access_token'])).status).toBe(200)
    const keySet = (await (await fetch(`${here.url}/.well-known/jwks.json`)).json()) as JSONWebKeySet
    await jwtVerify(String(renewed.json['id_token']), createLocalJWKSet(keySet), { currentDate: new Date(clock.now()) })

    here.setSecret('public-keys', { keys: [next.public] })
    minutes(6)
    expect((await person.session((await refresh(renewed.json['refresh_token'])).json['access_token'])).status).toBe(200)
  })

  test('that a sandbox has not seen yet is looked for once, so its first token is taken at once', async () => {
    const third = signingKey('RSA')
    const { tokens: before } = await person.signIn('+12025550124')
    expect((await person.session(before.json['access_token'])).status).toBe(200)
    here.setSecret('public-keys', { keys: [next.public, third.public] })
    here.setSecret('signing-keys', { keys: [third.private] })
    // Only what issues tokens starts anew: what checks them still has the key set of a moment ago.
    minutes(1)
    here.restart('issue-jwt')
    const { tokens } = await person.signIn('+12025550125')
    expect(kidOf(tokens.json['access_token'])).toBe(third.private.kid)
    expect((await person.session(tokens.json['access_token'])).status).toBe(200)
  })
})

describe('a new token key', () => {
  test('leaves every refresh token good, repeats after a lost reply too', async () => {
    here.setSecret('token-key', { keys: [tokenKeys[0]] })
    here.restart()
    const { tokens } = await person.signIn('+12025550126')
    const first = await refresh(tokens.json['refresh_token'])
    here.setSecret('token-key', { keys: [tokenKeys[1], tokenKeys[0]] })
    here.restart()
    expect((await refresh(tokens.json['refresh_token'])).json['refresh_token']).toBe(first.json['refresh_token'])
    const second = await refresh(first.json['refresh_token'])
    expect(second.status).toBe(200)
    // And once every token was traded, the old key may go.
    here.setSecret('token-key', { keys: [tokenKeys[1]] })
    here.restart()
    expect((await refresh(second.json['refresh_token'])).status).toBe(200)
  })

  test('leaves a call under way to be redeemed', async () => {
    here.setSecret('token-key', { keys: [tokenKeys[0]] })
    here.restart()
    const called = await person.call('+12025550127')
    here.setSecret('token-key', { keys: [tokenKeys[1], tokenKeys[0]] })
    here.restart()
    await person.phone('+12025550127').keys(String(called.json['match_code']))
    expect((await person.poll(called.json['auth_req_id'])).status).toBe(200)
  })
})
