// POST, GET and DELETE /session: trades an access token for a Sync Gateway session, lists the person's devices, signs out.
import { accessTokenCheck, type AccessToken } from '../shared/access-token.ts'
import { accountKind, isJustEnded, type Account, type LivingAccount } from '../shared/account.ts'
import { bearer } from '../shared/bearer.ts'
import { configuration } from '../shared/configuration.ts'
import { openGateway, openSecrets } from '../shared/connections.ts'
import { parseForm, type Form } from '../shared/form.ts'
import { http, type Reply, type Request } from '../shared/http.ts'
import { once } from '../shared/once.ts'
import { proofOf } from '../shared/proof.ts'
import { Refusal } from '../shared/refusal.ts'
import { lambda, nowSeconds, type Runtime } from '../shared/runtime.ts'
import { signOut } from '../shared/sign-out.ts'
import { accountId, userName } from '../shared/user-id.ts'

const ttlSeconds = { least: 60, most: 86_400, otherwise: 3_600 } as const

export const createSession = (runtime: Runtime) => {
  const settings = once(() => configuration(runtime.environment(), ['ISSUER', 'AUDIENCE', 'SYNC_GATEWAY_PUBLIC_URL', 'SYNC_GATEWAY_KEYSPACE']))
  const open = once(() => {
    const { ISSUER, AUDIENCE } = settings()
    const vault = openSecrets(runtime, 'public-keys', 'sync-gateway')
    const nonceVault = openSecrets(runtime, 'token-key')
    const check = accessTokenCheck({ issuer: ISSUER, audience: AUDIENCE, now: runtime.now })
    return { vault, gateway: openGateway(runtime, vault), authenticate: bearer({ vault, nonceVault, check, proof: proofOf(runtime) }) }
  })

  const readAccount = async ({ user, device }: AccessToken, signal: AbortSignal): Promise<LivingAccount> =>
    admitted(accountKind.read(await open().gateway.readDocument(accountId(user), signal)), device)

  /** Made first and checked after: that order leaves no race with a sign-out, in two requests. */
  const make = async (token: AccessToken, ttl: number, { signal, log }: Request): Promise<Reply> => {
    const { gateway } = open()
    const name = userName(token.user)
    const session = await gateway.createSession(name, ttl, signal)
    if (session === 'no_user') throw signedOut()
    if (session === 'disabled') throw disabled()
    const { devices } = await readAccount(token, signal).catch(async (error: unknown) => {
      await gateway.endSession(name, session.session_id, signal)
      throw error
    })
    const callId = devices[token.device]?.call
    log('info', 'session_made', { userId: token.user, ...(callId === undefined ? {} : { callId }) }, { Sessions: 1 })
    const { SYNC_GATEWAY_PUBLIC_URL, SYNC_GATEWAY_KEYSPACE } = settings()
    return { status: 200, json: { ...session, user: name, profile: token.user, sync_url: `${SYNC_GATEWAY_PUBLIC_URL}/${SYNC_GATEWAY_KEYSPACE}` } }
  }

  const list = async (token: AccessToken, { signal }: Request): Promise<Reply> => {
    const { devices } = await readAccount(token, signal)
    const listed = Object.entries(devices).map(([device, { created, lastUsed }]) => ({ device, created, last_used: lastUsed, current: device === token.device }))
    return { status: 200, json: { devices: listed } }
  }

  const end = async (token: AccessToken, { query, signal, log }: Request): Promise<Reply> => {
    const what = readEnding(query())
    if (what.session !== undefined) {
      await readAccount(token, signal)
      await open().gateway.endSession(userName(token.user), what.session, signal)
    } else {
      await signOut(open().gateway, {
        user: token.user, signal,
        admitted: (account) => leaving(account, token.device, nowSeconds(runtime)),
        which: (device, { devices }) => Object.hasOwn(devices, token.device) && (what.device === undefined || device === what.device),
        now: nowSeconds(runtime),
      })
    }
    log('info', 'signed_out', { userId: token.user })
    return { status: 204 }
  }

  const statuses = { access_denied: 403, invalid_dpop_proof: 401, use_dpop_nonce: 401 }
  return http({ name: 'create-session', runtime, statuses, prepare: (signal) => open().vault.read(signal) }, async (request) => {
    const [method = ''] = request.route.split(' ')
    const token = await open().authenticate(request, method, `${settings().ISSUER}/session`)
    switch (method) {
      case 'POST': return make(token, readTtl(request), request)
      case 'GET': return list(token, request)
      default: return end(token, request)
    }
  })
}

const signedOut = () => new Refusal('invalid_token', 'This device is signed out. Sign in again.')
const disabled = () => new Refusal('access_denied', 'This account is disabled.', { reason: 'disabled' })

/** The account, if it is active and still knows the device. */
const admitted = (account: Account | undefined, device: string): LivingAccount => {
  if (account?.status === 'disabled') throw disabled()
  if (account?.status !== 'active' || !Object.hasOwn(account.devices, device)) throw signedOut()
  return account
}

/** The account, also if it was this device that left it just now: a sign-out that died before it came to the sessions is asked for again. */
const leaving = (account: Account | undefined, device: string, now: number): LivingAccount =>
  account?.status === 'active' && isJustEnded(account, device, now) ? account : admitted(account, device)

/** Seconds; from an empty body, a form or JSON. */
const readTtl = (request: Request) => {
  const given = /^application\/json\b/.test(request.header('content-type')?.toLowerCase() ?? '') ? ttlOfJson(request.body) : formOf(request).optional('ttl')
  const ttl = given === undefined ? ttlSeconds.otherwise : Number(/^\d{1,9}$/.test(given) ? given : NaN)
  if (ttl >= ttlSeconds.least && ttl <= ttlSeconds.most) return ttl
  throw new Refusal('invalid_request', `The ttl must be a whole number of seconds from ${ttlSeconds.least} to ${ttlSeconds.most}.`)
}

const formOf = (request: Request): Form => (request.body === '' ? parseForm('') : request.form())

const ttlOfJson = (body: string): string | undefined => {
  if (body.trim() === '') return undefined
  const parsed = jsonOf(body)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Refusal('invalid_request', 'The body must be a JSON object.')
  const ttl: unknown = Object.hasOwn(parsed, 'ttl') && 'ttl' in parsed ? parsed.ttl : undefined
  return ttl === undefined || ttl === null ? undefined : typeof ttl === 'number' ? String(ttl) : 'malformed'
}

const jsonOf = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new Refusal('invalid_request', 'The body is not JSON.', { cause })
  }
}

/** Exactly one of `session_id`, `device` and `all=true`. */
const readEnding = (query: Form): { session?: string | undefined; device?: string | undefined } => {
  const [session, device, all] = [query.optional('session_id'), query.optional('device'), query.optional('all')]
  const given = [session, device, all].filter((value) => value !== undefined).length
  // Nothing else is an id of Sync Gateway's, and two dots would lead the request elsewhere.
  const isId = session === undefined || /^[\w-]{1,128}$/.test(session)
  if (given === 1 && isId && (all === undefined || all === 'true')) return { session, device }
  throw new Refusal('invalid_request', 'Name exactly one of session_id, device and all=true in the query.')
}

export const handler = createSession(lambda)
