// Tokens bound to a device's key (RFC 9449), by a stock client and by hand.
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import * as client from 'openid-client'
import { realClock } from '../../local/clock.ts'
import { app, ciba, type App } from '../app.ts'
import { world, type World } from '../world.ts'

let here: World
let person: App
beforeAll(async () => {
  here = await world({ clock: realClock })
  person = app(here)
})
afterAll(() => here.close())

let used = 850
const freshNumber = () => `+1202555${String(++used).padStart(4, '0')}`

/** A device with a key, which remembers the last nonce. */
const device = async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  let nonce: string | undefined
  const proof = (method: string, path: string, change: Record<string, unknown> = {}) =>
    new SignJWT({ jti: randomUUID(), htm: method, htu: `${here.url}${path}`, ...(nonce ? { nonce } : {}), ...change })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .setIssuedAt()
      .sign(privateKey)
  const remember = <A extends { headers: Headers }>(answer: A) => {
    nonce = answer.headers.get('dpop-nonce') ?? nonce
    return answer
  }
  const token = async (form: Record<string, string>, dpop?: string) => remember(await person.post('/token', { client_id: 'app', ...form }, { dpop: dpop ?? (await proof('POST', '/token')) }))
  const ath = (accessToken: unknown) => createHash('sha256').update(String(accessToken)).digest('base64url')
  const session = async (accessToken: unknown, change: Record<string, unknown> = {}) =>
    remember(await person.session(accessToken, { headers: { authorization: `DPoP ${String(accessToken)}`, dpop: await proof('POST', '/session', { ath: ath(accessToken), ...change }) } }))
  return { thumbprint: await calculateJwkThumbprint(jwk), proof, token, session, forgetNonce: () => { nonce = undefined } }
}
type Device = Awaited<ReturnType<typeof device>>

const approved = async (form: Record<string, string> = {}) => {
  const number = freshNumber()
  const called = await person.call(number, form)
  await person.phone(number).keys(String(called.json['match_code']))
  return { grant_type: ciba, auth_req_id: String(called.json['auth_req_id']) }
}
const refreshing = (token: unknown) => ({ grant_type: 'refresh_token', refresh_token: String(token) })
const signedIn = async () => {
  const own = await device()
  const { json } = await own.token(await approved())
  return { own, tokens: json }
}

test('a stock client binds its tokens, refreshes them, and is given a new nonce without a word', async () => {
  const config = await client.discovery(new URL(here.url), 'app', undefined, client.None(), { execute: [client.allowInsecureRequests] })
  const handle = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
  const number = freshNumber()
  const called = await client.initiateBackchannelAuthentication(config, { scope: 'openid', login_hint: number })
  const [tokens] = await Promise.all([client.pollBackchannelAuthenticationGrant(config, called, undefined, { DPoP: handle }), person.phone(number).keys(called['match_code'] as string)])
  expect(tokens.token_type).toBe('dpop')
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', undefined, { DPoP: handle })
  expect(refreshed.token_type).toBe('dpop')
  const session = await client.fetchProtectedResource(config, refreshed.access_token, new URL(`${here.url}/session`), 'POST', undefined, undefined, { DPoP: handle })
  expect(session.status).toBe(200)
}, 30_000)

describe('a pending answer', () => {
  test('carries a nonce and never demands one', async () => {
    const own = await device()
    const number = freshNumber()
    const called = await person.call(number)
    const pending = await own.token({ grant_type: ciba, auth_req_id: String(called.json['auth_req_id']) })
    expect([pending.status, pending.json['error'], pending.headers.get('www-authenticate')]).toEqual([400, 'authorization_pending', null])
    expect(pending.headers.get('dpop-nonce')).toBeTruthy()
  })
})

describe('a bound redemption', () => {
  test('may be repeated with the same key and gets the same refresh token; with another key, or none, it gets nothing', async () => {
    const own = await device()
    const grant = await approved()
    const first = await own.token(grant)
    expect(first.json['token_type']).toBe('DPoP')
    const again = await own.token(grant)
    expect([again.status, again.json['refresh_token']]).toEqual([200, first.json['refresh_token']])
    expect((await (await device()).token(grant)).json['error']).toBe('invalid_grant')
    expect((await person.poll(grant.auth_req_id)).json['error']).toBe('invalid_grant')
  })

  test('of ten at once by one key is ten answers with one refresh token, and one device', async () => {
    const own = await device()
    const grant = await approved()
    const answers = await Promise.all(Array.from({ length: 10 }, () => own.token(grant)))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    expect(new Set(answers.map(({ json }) => json['refresh_token'])).size).toBe(1)
  })

  test('of a call that names its key is for that key alone', async () => {
    const own = await device()
    const grant = await approved({ dpop_jkt: own.thumbprint })
    expect((await person.poll(grant.auth_req_id)).json['error']).toBe('invalid_dpop_proof')
    expect((await (await device()).token(grant)).json['error']).toBe('invalid_dpop_proof')
    expect((await own.token(grant)).status).toBe(200)
  })

  test('does not bring back a device that was signed out', async () => {
    const own = await device()
    const grant = await approved()
    const { json } = await own.token(grant)
    await person.post('/revoke', { client_id: 'app', token: String(json['refresh_token']) })
    expect((await own.token(grant)).json['error']).toBe('invalid_grant')
  })
})

describe('a refresh of a bound token', () => {
  test('demands a nonce, then works', async () => {
    const { own, tokens } = await signedIn()
    own.forgetNonce()
    const challenged = await own.token(refreshing(tokens['refresh_token']))
    expect([challenged.status, challenged.json['error']]).toEqual([400, 'use_dpop_nonce'])
    expect((await own.token(refreshing(tokens['refresh_token']))).status).toBe(200)
  })

  test('by another key, or without a proof, is refused and ends nothing', async () => {
    const { own, tokens } = await signedIn()
    const thief = await device()
    await thief.token(refreshing(tokens['refresh_token']))
    expect((await thief.token(refreshing(tokens['refresh_token']))).json['error']).toBe('invalid_dpop_proof')
    const bare = await person.post('/token', { client_id: 'app', ...refreshing(tokens['refresh_token']) })
    expect([bare.status, bare.json['error']]).toEqual([400, 'invalid_dpop_proof'])
    expect((await own.token(refreshing(tokens['refresh_token']))).status).toBe(200)
  })
})

describe('a session for a bound token', () => {
  test('demands a nonce with a challenge, then is made', async () => {
    const { own, tokens } = await signedIn()
    own.forgetNonce()
    const challenged = await own.session(tokens['access_token'])
    expect([challenged.status, challenged.json['error']]).toEqual([401, 'use_dpop_nonce'])
    expect(challenged.headers.get('www-authenticate')).toMatch(/^DPoP algs="ES256 RS256 EdDSA Ed25519", error="use_dpop_nonce"/)
    expect((await own.session(tokens['access_token'])).status).toBe(200)
  })

  test.each<[string, (own: Device, accessToken: unknown) => Promise<{ status: number; json: Record<string, unknown> }>, string]>([
    ['sent as a plain Bearer', async (_own, accessToken) => person.session(accessToken), 'invalid_token'],
    ['with the proof of another key', async (_own, accessToken) => {
      const thief = await device()
      await thief.session(accessToken)
      return thief.session(accessToken)
    }, 'invalid_dpop_proof'],
    ['with a proof for another token', async (own, accessToken) => own.session(accessToken, { ath: 'x' }), 'invalid_dpop_proof'],
    ['with a proof for another route', async (own, accessToken) => own.session(accessToken, { htu: `${here.url}/token` }), 'invalid_dpop_proof'],
    ['with a proof used before', async (own, accessToken) => {
      const jti = randomUUID()
      await own.session(accessToken, { jti })
      return own.session(accessToken, { jti })
    }, 'invalid_dpop_proof'],
  ])('is refused %s', async (_name, act, error) => {
    const { own, tokens } = await signedIn()
    const refused = await act(own, tokens['access_token'])
    expect([refused.status, refused.json['error']]).toEqual([401, error])
  })

  test('is refused for an unbound token that comes with a proof', async () => {
    const { tokens } = await person.signIn(freshNumber())
    const own = await device()
    expect((await own.session(tokens.json['access_token'])).json['error']).toBe('invalid_token')
  })
})
