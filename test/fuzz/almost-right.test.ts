// What is almost right is wrong: every mutation of what lets somebody in is refused, ends nothing, and leaves the original good.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { app, ciba } from '../app.ts'
import { runs, timeFor } from '../factor.ts'
import { authToken, webhook } from '../recording-company.ts'
import type { Answer } from '../sandbox.ts'
import { almost, value } from './garbage.ts'
import { prover, type Prover } from './prover.ts'
import { fuzzWorld, mustBeRefusal, type FuzzWorld } from './store.ts'

let here: FuzzWorld
let key: Prover
beforeAll(async () => {
  here = await fuzzWorld()
  key = prover(here.url, here.clock.now)
})
afterAll(() => here.close())

let used = 100
const freshNumber = () => `+1202555${String(++used).padStart(4, '0')}`
/** A call whose person has keyed in the digits. */
const approved = async () => {
  const number = freshNumber()
  const { json } = await app(here).call(number)
  await webhook(here, here.url, 'keys', `${here.company.queryFor(number)}&attempt=1`, { Digits: String(json['match_code']) })
  return String(json['auth_req_id'])
}
const redeem = (authReqId: string, headers = {}) => here.post('token', { client_id: 'app', grant_type: ciba, auth_req_id: authReqId }, headers)
const refresh = (token: string, headers = {}) => here.post('token', { client_id: 'app', grant_type: 'refresh_token', refresh_token: token }, headers)
const field = ({ json }: Answer, name: string) => String(json[name])

const refusesAlmost = (text: string, send: (wrong: string) => Promise<Answer>, everyDay = 1_500) =>
  here.changingNothing(() => fc.assert(fc.asyncProperty(almost(text), async (wrong) => mustBeRefusal(await send(wrong))), runs(everyDay)))

describe('almost right,', () => {
  test('an auth_req_id redeems nothing', async () => {
    const authReqId = await approved()
    await refusesAlmost(authReqId, (wrong) => redeem(wrong))
    expect((await redeem(authReqId)).status).toBe(200)
  }, timeFor(60))

  test('a refresh token is traded for nothing, and neither that nor its revocation ends the device', async () => {
    const token = field(await redeem(await approved()), 'refresh_token')
    await refusesAlmost(token, (wrong) => refresh(wrong))
    await here.changingNothing(() => fc.assert(fc.asyncProperty(almost(token), async (wrong) => {
      const answer = await here.post('revoke', { client_id: 'app', token: wrong })
      if (answer.status !== 200) mustBeRefusal(answer)
    }), runs(1_000)))
    expect((await refresh(token)).status).toBe(200)
  }, timeFor(60))

  test.each(['POST', 'GET', 'DELETE'] as const)('an access token opens nothing at %s /session', async (method) => {
    const token = field(await redeem(await approved()), 'access_token')
    const query = method === 'DELETE' ? 'all=true' : ''
    // More blanks than one after the scheme are right (RFC 9110 section 11.4).
    await refusesAlmost(token, (wrong) => here.send({ route: `${method} /session`, query, headers: { authorization: `Bearer ${wrong.trimStart() === token ? `${wrong}.` : wrong}` } }))
    await refusesAlmost(`Bearer ${token}`, (authorization) => here.send({ route: `${method} /session`, query, headers: { authorization: authorization.replace(/^bearer +/i, 'Basic ') } }), 300)
    expect((await here.send({ route: 'GET /session', headers: { authorization: `Bearer ${token}` } })).status).toBe(200)
  }, timeFor(60))

  test('a DPoP proof trades no refresh token', async () => {
    const token = field(await redeem(await approved(), { dpop: key.proof('POST', '/token') }), 'refresh_token')
    const { headers } = await refresh(token, { dpop: key.proof('POST', '/token') })
    const proof = key.proof('POST', '/token', { nonce: headers['dpop-nonce'] })
    await refusesAlmost(proof, (dpop) => refresh(token, { dpop }))
    expect((await refresh(token, { dpop: proof })).status).toBe(200)
  }, timeFor(60))

  test('a DPoP proof with an odd claim or header opens no session, though its key signed it', async () => {
    const token = field(await redeem(await approved(), { dpop: key.proof('POST', '/token') }), 'access_token')
    const ath = createHash('sha256').update(token).digest('base64url')
    const open = (dpop: string) => here.send({ route: 'POST /session', headers: { authorization: `DPoP ${token}`, dpop } })
    const { headers } = await open(key.proof('POST', '/session', { ath }))
    const right = { ath, nonce: headers['dpop-nonce'] }
    const odd = fc.oneof(value, fc.jsonValue(), fc.double())
    const claim = fc.tuple(fc.constantFrom('htm', 'htu', 'nonce', 'ath'), odd).map(([name, wrong]) => ({ claims: { [name]: wrong }, header: {} }))
    const head = fc.tuple(fc.constantFrom('alg', 'typ', 'jwk', 'crit'), odd).map(([name, wrong]) => ({ claims: {}, header: { [name]: wrong } }))
    await here.changingNothing(() => fc.assert(fc.asyncProperty(fc.oneof(claim, head), async ({ claims, header }) => {
      mustBeRefusal(await open(key.sealed('POST', '/session', { ...right, ...claims }, header)))
    }), runs(1_500)))
    expect((await open(key.proof('POST', '/session', right))).status).toBe(200)
  }, timeFor(60))

  test('the signature of a webhook, its query or its fields approve nothing', async () => {
    const number = freshNumber()
    const { json } = await app(here).call(number)
    const [query, digits] = [`${here.company.queryFor(number)}&attempt=1`, String(json['match_code'])]
    const signature = getExpectedTwilioSignature(authToken, `${here.url}/call/keys?${query}`, { Digits: digits })
    const keys = (sent: { query?: string; signature?: string; body?: string }) =>
      here.send({ route: 'POST /call/keys', query: sent.query ?? query, headers: { 'x-twilio-signature': sent.signature ?? signature }, body: sent.body ?? `Digits=${digits}` })
    await refusesAlmost(signature, (wrong) => keys({ signature: wrong }))
    // Twilio's package takes a query for what it says, and so forgives an ampersand that separates nothing.
    const isOther = (wrong: string) => wrong.split('&').filter(Boolean).join('&') !== query
    await refusesAlmost(query, async (wrong) => keys({ query: isOther(wrong) ? wrong : '' }))
    await refusesAlmost(digits, (wrong) => keys({ body: new URLSearchParams({ Digits: wrong.toWellFormed() }).toString() }), 500)
    expect((await redeem(field({ ...(await keys({})), json }, 'auth_req_id'))).status).toBe(200)
  }, timeFor(60))
})
