import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { signingKey } from '../../local/keys.ts'
import { world, type World } from '../world.ts'

let here: World
beforeAll(async () => { here = await world() })
afterAll(() => here.close())

const read = async (path: string) => (await fetch(`${here.url}/.well-known/${path}`)).json() as Promise<Record<string, unknown>>

test('discovery names every endpoint, poll mode, the grant and every algorithm that a key can have', async () => {
  expect(await read('openid-configuration')).toMatchObject({
    issuer: here.url,
    backchannel_authentication_endpoint: `${here.url}/call`,
    token_endpoint: `${here.url}/token`,
    jwks_uri: `${here.url}/.well-known/jwks.json`,
    backchannel_token_delivery_modes_supported: ['poll'],
    grant_types_supported: ['urn:openid:params:grant-type:ciba', 'refresh_token'],
    revocation_endpoint: `${here.url}/revoke`,
    dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']) as unknown,
    token_endpoint_auth_methods_supported: ['none'],
    id_token_signing_alg_values_supported: ['ES256', 'RS256', 'EdDSA'],
    ui_locales_supported: expect.arrayContaining(['en', 'es-419', 'pt-PT', 'zh-Hant']) as unknown,
  })
})

test('the key set shows public halves only, each with its algorithm, and the next key as soon as the secret has it', async () => {
  const { keys } = (await read('jwks.json')) as { keys: Record<string, unknown>[] }
  expect(keys).toEqual([{ kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String), kid: expect.any(String), alg: 'ES256', use: 'sig' }])
  const next = signingKey('RSA')
  here.setSecret('public-keys', { keys: [...keys.map(({ kty, crv, x, y, kid }) => ({ kty, crv, x, y, kid })), next.public] })
  here.restart()
  expect(((await read('jwks.json')) as { keys: Record<string, unknown>[] }).keys.map(({ alg }) => alg)).toEqual(['ES256', 'RS256'])
})

test('discovery itself needs no secret, and so answers while the keys are malformed', async () => {
  here.setSecret('public-keys', { keys: [] })
  here.restart()
  expect((await fetch(`${here.url}/.well-known/jwks.json`)).status).toBe(500)
  expect((await fetch(`${here.url}/.well-known/openid-configuration`)).status).toBe(200)
})
