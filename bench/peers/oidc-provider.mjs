// oidc-provider with CIBA behind serverless-http: stores the request in memory, and has the phone ring.
import { generateKeyPairSync } from 'node:crypto'
import { Provider } from 'oidc-provider'
import serverless from 'serverless-http'
import { placeCall } from './calls-by-fetch.mjs'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const provider = new Provider('http://127.0.0.1', {
  clients: [{
    client_id: 'app', token_endpoint_auth_method: 'none', redirect_uris: [], response_types: [],
    grant_types: ['urn:openid:params:grant-type:ciba', 'refresh_token'], backchannel_token_delivery_mode: 'poll', id_token_signed_response_alg: 'ES256',
  }],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' }] },
  clientAuthMethods: ['none'],
  cookies: { keys: ['some'] },
  routes: { backchannel_authentication: '/call' },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  features: {
    devInteractions: { enabled: false },
    ciba: {
      enabled: true,
      deliveryModes: ['poll'],
      processLoginHint: (_, hint) => hint,
      validateBindingMessage: () => undefined,
      validateRequestContext: () => undefined,
      verifyUserCode: () => undefined,
      triggerAuthenticationDevice: (_, { accountId }) => placeCall(accountId),
    },
  },
})

export const handler = serverless(provider.callback())
