// The proofs of a stock OpenID client, at a token endpoint and a resource that do nothing but check them.
import { expect, test } from '@jest/globals'
import * as client from 'openid-client'
import { dpop, DpopError, type ProvenRequest } from '../../shared/dpop.ts'
import { dpopAlgorithms } from '../../shared/dpop-algorithms.ts'

const issuer = 'https://auth.example'
const tokenKeys = [Buffer.alloc(32, 1).toString('base64url')]

/** What each request came to: a thumbprint, or the reason of a refusal. */
const place = (nonce: ProvenRequest['nonce'], skewSeconds = 0) => {
  const checker = dpop({ now: () => Date.now() })
  const outcomes: string[] = []
  const refused = (resource: boolean, reason: string) => {
    outcomes.push(reason)
    const error = reason === 'nonce' ? 'use_dpop_nonce' : 'invalid_dpop_proof'
    const headers = { 'dpop-nonce': checker.nonce(tokenKeys), ...(resource ? { 'www-authenticate': `DPoP error="${error}", algs="${dpopAlgorithms.join(' ')}"` } : {}) }
    return Response.json({ error }, { status: resource ? 401 : 400, headers })
  }
  const answer: client.CustomFetch = async (to, { method, headers }) => {
    const [, accessToken] = headers['authorization']?.split('DPoP ') ?? []
    try {
      const { thumbprint } = await checker.check(headers['dpop'], { method, url: to, nonce, tokenKeys, ...(accessToken === undefined ? {} : { accessToken }) })
      outcomes.push(thumbprint)
      return Response.json({ access_token: 'token', token_type: 'DPoP' }, { headers: { 'dpop-nonce': checker.nonce(tokenKeys) } })
    } catch (error) {
      if (!(error instanceof DpopError)) throw error
      return refused(accessToken !== undefined, error.reason)
    }
  }
  const config = new client.Configuration({ issuer, token_endpoint: `${issuer}/token` }, 'app', { [client.clockSkew]: skewSeconds }, client.None())
  config[client.customFetch] = answer
  return { config, outcomes }
}

test.each(['ES256', 'RS256', 'Ed25519'])('of %s are taken, each as a new one, and show the thumbprint that the client gives as dpop_jkt', async (algorithm) => {
  const { config, outcomes } = place('checked')
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair(algorithm))
  for (let times = 0; times < 3; times += 1) await client.refreshTokenGrant(config, 'refresh', {}, { DPoP })
  await client.fetchProtectedResource(config, 'token', new URL(`${issuer}/session?all=true`), 'DELETE', undefined, undefined, { DPoP })
  const thumbprint = await DPoP.calculateThumbprint()
  expect(outcomes).toEqual([thumbprint, thumbprint, thumbprint, thumbprint])
})

test('get a nonce when one is demanded, and use it from then on', async () => {
  const { config, outcomes } = place('demanded')
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair())
  const thumbprint = await DPoP.calculateThumbprint()
  await client.fetchProtectedResource(config, 'token', new URL(`${issuer}/session`), 'POST', undefined, undefined, { DPoP })
  await client.refreshTokenGrant(config, 'refresh', {}, { DPoP })
  await client.fetchProtectedResource(config, 'token', new URL(`${issuer}/session`), 'GET', undefined, undefined, { DPoP })
  expect(outcomes).toEqual(['nonce', thumbprint, thumbprint, thumbprint])
})

test.each([3_600, -3_600])('of a device whose clock is %i seconds wrong are taken once it has a nonce', async (skewSeconds) => {
  const { config, outcomes } = place('checked', skewSeconds)
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair())
  await client.refreshTokenGrant(config, 'refresh', {}, { DPoP })
  expect(outcomes).toEqual(['nonce', await DPoP.calculateThumbprint()])
})

test('of a client that is no DPoP client are missed', async () => {
  const { config, outcomes } = place('checked')
  await expect(client.refreshTokenGrant(config, 'refresh')).rejects.toMatchObject({ error: 'invalid_dpop_proof' })
  expect(outcomes).toEqual(['invalid'])
})
