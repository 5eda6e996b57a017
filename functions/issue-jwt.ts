// POST /token and POST /revoke: the OAuth token endpoint, with CIBA's grant by polling and rotating refresh tokens, and revocation.
import { pollIntervalSeconds } from '../shared/call.ts'
import { cibaGrant, type Granted } from '../shared/ciba-grant.ts'
import { knownClient } from '../shared/client.ts'
import { configuration } from '../shared/configuration.ts'
import { openGateway, openSecrets } from '../shared/connections.ts'
import { decision, type Hold } from '../shared/decision.ts'
import type { Form } from '../shared/form.ts'
import { http, type Reply, type Request } from '../shared/http.ts'
import { logUpstreamFailure } from '../shared/log.ts'
import { openCounter } from '../shared/numbers.ts'
import { once } from '../shared/once.ts'
import { pollPace } from '../shared/poll-pace.ts'
import { preferredWaitSeconds, prefersProgress } from '../shared/prefer.ts'
import { proofOf } from '../shared/proof.ts'
import { refreshGrant } from '../shared/refresh-grant.ts'
import { Refusal } from '../shared/refusal.ts'
import { lambda, nowSeconds, type Runtime } from '../shared/runtime.ts'
import { signUp } from '../shared/sign-up.ts'
import { accessTokenSeconds, tokens } from '../shared/tokens.ts'

const ciba = 'urn:openid:params:grant-type:ciba'
// What is left of an invocation to redeem an approval that comes at the last moment: the making of an account with a cold connection takes one.
const redeemMilliseconds = 6_000

export const issueJwt = (runtime: Runtime) => {
  const settings = once(() => configuration(runtime.environment(), ['ISSUER', 'AUDIENCE', 'CLIENTS', 'ROLES', 'CHANNELS', 'WAIT_SECONDS_MAX']))
  const pace = pollPace({ intervalSeconds: pollIntervalSeconds })
  const proof = proofOf(runtime)
  const now = () => nowSeconds(runtime)
  const open = once(() => {
    const { ISSUER, AUDIENCE, ROLES, CHANNELS } = settings()
    const vault = openSecrets(runtime, 'signing-keys', 'token-key', 'line-key', 'sync-gateway')
    const gateway = openGateway(runtime, vault)
    const makeAccount = signUp({ gateway, counter: openCounter(runtime), roles: ROLES, channels: CHANNELS, now: runtime.now, random: runtime.random })
    return {
      vault,
      redeem: cibaGrant({ gateway, signUp: makeAccount, decision: decision({ gateway, now: runtime.now }), pace, now }),
      refreshing: refreshGrant({ gateway, now }),
      tokens: tokens({ issuer: ISSUER, audience: AUDIENCE, now: runtime.now, random: runtime.random }),
    }
  })
  const keys = async (signal: AbortSignal) => {
    const secrets = await open().vault.read(signal)
    return { tokenKeys: secrets['token-key'].keys, lineKey: secrets['line-key'].key, signingKeys: secrets['signing-keys'].keys }
  }

  /** The thumbprint of the proof's key, where a proof comes along or is demanded. */
  const proven = async (request: Request, nonce: 'demanded' | 'checked') => {
    const { tokenKeys } = await keys(request.signal)
    return proof(request, { method: 'POST', url: `${settings().ISSUER}/token`, nonce, tokenKeys })
  }

  /** How long the answer may be held, if the caller prefers that (RFC 7240), and the time of this invocation allows it. */
  const holdOf = ({ header, carry, deadline, log }: Request, arrivedAt: number): Hold | undefined => {
    const leftSeconds = Math.floor((deadline - redeemMilliseconds - arrivedAt) / 1000)
    const seconds = Math.min(preferredWaitSeconds(header('prefer')) ?? 0, settings().WAIT_SECONDS_MAX, leftSeconds)
    if (seconds <= 0) return undefined
    return {
      until: arrivedAt + seconds * 1000,
      withProgress: prefersProgress(header('prefer')),
      kept: () => { carry['preference-applied'] = `wait=${seconds}` },
      broken: (error) => logUpstreamFailure(log, error),
    }
  }

  const redeem = async (form: Form, client: string, request: Request): Promise<Granted> => {
    const authReqId = form.required('auth_req_id')
    const arrivedAt = runtime.now()
    // Never demanded here: a client that must try again would wait a whole interval.
    const jkt = request.header('dpop') === undefined ? undefined : await proven(request, 'checked')
    const { tokenKeys, lineKey } = await keys(request.signal)
    return open().redeem({ authReqId, client, jkt, lineKey, tokenKeys, arrivedAt, hold: holdOf(request, arrivedAt) }, request.signal)
  }

  const refresh = async (form: Form, client: string, request: Request): Promise<Granted> => {
    const refreshToken = form.required('refresh_token')
    // RFC 6749 section 6: never more than was granted.
    if (form.optional('scope')?.split(' ').some((scope) => scope !== 'openid')) throw new Refusal('invalid_scope', 'The scope may be openid, or left out.')
    const { tokenKeys } = await keys(request.signal)
    const { signIn, successor } = await open().refreshing.refresh({ refreshToken, client, tokenKeys }, () => proven(request, 'demanded'), request.signal)
    return { signIn, refreshToken: successor }
  }

  const issued = async ({ signIn, refreshToken, callId, isNew = false }: Granted, { signal, log }: Request): Promise<Reply> => {
    const [jwk] = (await keys(signal)).signingKeys
    if (!jwk) throw new TypeError('The secret signing-keys holds no key.')
    const { accessToken, idToken } = open().tokens
    const [access_token, id_token] = [accessToken(jwk, signIn), idToken(jwk, signIn)]
    log('info', 'tokens_issued', { userId: signIn.user, ...(callId === undefined ? {} : { callId }) }, isNew ? { SignUps: 1 } : undefined)
    const token_type = signIn.jkt === undefined ? 'Bearer' : 'DPoP'
    return { status: 200, json: { access_token, token_type, expires_in: accessTokenSeconds, id_token, refresh_token: refreshToken.text, scope: signIn.scope } }
  }

  const token = async (form: Form, client: string, request: Request) => {
    switch (form.required('grant_type')) {
      case ciba: return issued(await redeem(form, client, request), request)
      case 'refresh_token': return issued(await refresh(form, client, request), request)
      default: throw new Refusal('unsupported_grant_type', `The grant_type must be ${ciba} or refresh_token.`)
    }
  }

  const revoke = async (form: Form, client: string, { signal }: Request): Promise<Reply> => {
    await open().refreshing.revoke({ refreshToken: form.required('token'), client, tokenKeys: (await keys(signal)).tokenKeys }, signal)
    return { status: 200 }
  }

  return http({ name: 'issue-jwt', runtime, prepare: (signal) => open().vault.read(signal) }, async (request) => {
    const form = request.form()
    const client = knownClient(form, settings().CLIENTS)
    return request.route.endsWith('/revoke') ? revoke(form, client, request) : token(form, client, request)
  })
}

export const handler = issueJwt(lambda)
