// GET /.well-known/openid-configuration and /.well-known/jwks.json: how a stock OpenID client finds its way, and any other API our keys.
import { configuration } from '../shared/configuration.ts'
import { openSecrets } from '../shared/connections.ts'
import { dpopAlgorithms } from '../shared/dpop-algorithms.ts'
import { http, type Request } from '../shared/http.ts'
import { publicKeySet, signingAlgorithms } from '../shared/key-set.ts'
import { once } from '../shared/once.ts'
import { lambda, type Runtime } from '../shared/runtime.ts'
import { speeches } from '../shared/spoken-language.ts'

// Shorter than the three hours for which the next key is shown before it signs.
const headers = { 'cache-control': 'public, max-age=300' }

export const discovery = (runtime: Runtime) => {
  const settings = once(() => configuration(runtime.environment(), ['ISSUER']))
  const vault = once(() => openSecrets(runtime, 'public-keys'))

  return http({ name: 'discovery', runtime }, async ({ route, signal }: Request) => {
    const { ISSUER } = settings()
    if (!route.endsWith('/jwks.json')) return { status: 200, headers, json: metadata(ISSUER) }
    return { status: 200, headers, json: publicKeySet((await vault().read(signal))['public-keys'].keys) }
  })
}

/** OpenID Connect Discovery 1.0 section 3, and CIBA Core 1.0 section 4. */
const metadata = (issuer: string) => ({
  issuer,
  token_endpoint: `${issuer}/token`,
  backchannel_authentication_endpoint: `${issuer}/call`,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  backchannel_token_delivery_modes_supported: ['poll'],
  backchannel_user_code_parameter_supported: true,
  grant_types_supported: ['urn:openid:params:grant-type:ciba', 'refresh_token'],
  revocation_endpoint: `${issuer}/revoke`,
  revocation_endpoint_auth_methods_supported: ['none'],
  dpop_signing_alg_values_supported: dpopAlgorithms,
  response_types_supported: [],
  scopes_supported: ['openid'],
  subject_types_supported: ['public'],
  // All that a key of ours can have, RS256 among them as the section demands: so a key of another kind needs no second answer, and this one no secret.
  id_token_signing_alg_values_supported: signingAlgorithms,
  token_endpoint_auth_methods_supported: ['none'],
  ui_locales_supported: Object.keys(speeches),
  claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'amr', 'sid', 'preferred_username'],
})

export const handler = discovery(lambda)
