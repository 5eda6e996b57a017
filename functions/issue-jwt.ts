// POST /token: the OAuth token endpoint. CIBA's grant with polling; an approval is used once, and the first one makes the account.
import { accountKind, opens, withDevice, type Account } from '../shared/account.ts'
import { pollIntervalSeconds, verdict, type Call } from '../shared/call.ts'
import { change } from '../shared/change.ts'
import { knownClient } from '../shared/client.ts'
import { configuration } from '../shared/configuration.ts'
import { openGateway, openSecrets } from '../shared/connections.ts'
import { counter } from '../shared/counter.ts'
import { equal } from '../shared/digest.ts'
import { http, type Request } from '../shared/http.ts'
import { lineKind, type Line } from '../shared/line.ts'
import { once } from '../shared/once.ts'
import { pollPace } from '../shared/poll-pace.ts'
import { Refusal } from '../shared/refusal.ts'
import { lambda, nowSeconds, type Runtime } from '../shared/runtime.ts'
import { deviceOf, lineOf, parseAuthReqId, secretHashOf } from '../shared/sign-in-request.ts'
import { signUp } from '../shared/sign-up.ts'
import type { Document } from '../shared/sync-gateway.ts'
import { accessTokenSeconds, tokens, type SignIn } from '../shared/tokens.ts'
import { accountId, lineId, type UserId } from '../shared/user-id.ts'

const ciba = 'urn:openid:params:grant-type:ciba'
// A secret is read within this time when the Couchbase connection, which outlives a request, needs its login.
const loginMilliseconds = 5_000

type Approved = { client: string; secret: string; secretHash: string; line: string; document: Document | undefined }
type Opened = { user: UserId; account?: Document | undefined; line: Document | undefined }

export const issueJwt = (runtime: Runtime) => {
  const settings = once(() => configuration(runtime.environment(), ['ISSUER', 'AUDIENCE', 'CLIENTS', 'ROLES', 'CHANNELS', 'COUCHBASE_URL', 'COUCHBASE_BUCKET']))
  const tooSoon = pollPace({ intervalSeconds: pollIntervalSeconds, now: runtime.now })
  const open = once(() => {
    const { ISSUER, AUDIENCE, ROLES, CHANNELS, COUCHBASE_URL, COUCHBASE_BUCKET } = settings()
    const vault = openSecrets(runtime, 'signing-keys', 'token-key', 'line-key', 'sync-gateway', 'couchbase')
    const gateway = openGateway(runtime, vault)
    const numbers = counter({
      url: COUCHBASE_URL,
      bucket: COUCHBASE_BUCKET,
      login: async () => (await vault.read(AbortSignal.timeout(loginMilliseconds))).couchbase,
      rereadLogin: async () => { await vault.reread(AbortSignal.timeout(loginMilliseconds)) },
    })
    return {
      vault,
      gateway,
      signUp: signUp({ gateway, counter: numbers, roles: ROLES, channels: CHANNELS, now: runtime.now, random: runtime.random }),
      tokens: tokens({ issuer: ISSUER, audience: AUDIENCE, now: runtime.now, random: runtime.random }),
    }
  })

  /** Throws what CIBA Core 1.0 section 11 says of a call that is not (or no longer) approved for this client. */
  const approvedCall = (current: Line, { client, secretHash }: Pick<Approved, 'client' | 'secretHash'>): Call => {
    const { call } = current
    if (!call || !equal(call.secretHash, secretHash) || call.client !== client) {
      throw new Refusal('invalid_grant', 'This auth_req_id is not known, or was used before.')
    }
    const decided = verdict(call, nowSeconds(runtime))
    if (decided === 'approved') return call
    if (decided.code === 'authorization_pending' && tooSoon(secretHash)) {
      throw new Refusal('slow_down', 'You poll too fast: wait five seconds more between polls from now on.')
    }
    throw new Refusal(decided.code, decided.description)
  }

  const find = async (text: string, client: string, signal: AbortSignal): Promise<Approved & { call: Call }> => {
    const { handle, secret } = parseAuthReqId(text)
    const { vault, gateway } = open()
    const line = lineOf(handle, (await vault.read(signal))['line-key'].key)
    const secretHash = secretHashOf(secret)
    const document = await gateway.readDocument(lineId(line), signal)
    return { client, secret, secretHash, line, document, call: approvedCall(lineKind.read(document), { client, secretHash }) }
  }

  /** The account that the line opens, made if there is none. */
  const openAccount = async ({ line, document, call }: Approved & { call: Call }, signal: AbortSignal): Promise<Opened> => {
    const { account } = lineKind.read(document)
    if (account?.state === 'ready') {
      const read = await open().gateway.readDocument(accountId(account.id), signal)
      if (opens(accountKind.read(read), line)) return { user: account.id, account: read, line: document }
    }
    return open().signUp(line, call.lastDigits, document, signal)
  }

  /** Adds the device, if the account may still be used. Its id comes from the call's secret, so a repeat adds the same one. */
  const admit = ({ user, account: known }: Opened, device: string, { line, client }: Approved, signal: AbortSignal) =>
    change<Account | undefined, undefined>(open().gateway, {
      id: accountId(user), kind: accountKind, known, signal,
      decide: (account) => {
        if (!opens(account, line)) throw new Refusal('invalid_grant', 'This account has changed meanwhile. Sign in again.')
        if (account.status !== 'active') throw new Refusal('access_denied', 'This account is disabled.')
        const seconds = nowSeconds(runtime)
        return { next: withDevice(account, device, { client, created: seconds, lastUsed: seconds }), result: undefined }
      },
    })

  /** Uses the approval up: of any number that redeem it, one gets past here. */
  const consume = ({ line, client, secretHash }: Approved, known: Document | undefined, signal: AbortSignal) =>
    change<Line, undefined>(open().gateway, {
      id: lineId(line), kind: lineKind, known, signal,
      decide: (current) => {
        const { expires } = approvedCall(current, { client, secretHash })
        const { call: _used, ...rest } = current
        return { next: { ...rest, redeemed: { secretHash, client, expires } }, result: undefined }
      },
    })

  const grant = async (signIn: SignIn, signal: AbortSignal) => {
    const { vault, tokens: made } = open()
    const [jwk] = (await vault.read(signal))['signing-keys'].keys
    if (!jwk) throw new TypeError('The secret signing-keys holds no key.')
    const [access_token, id_token] = await Promise.all([made.accessToken(jwk, signIn), made.idToken(jwk, signIn)])
    return { access_token, token_type: 'Bearer', expires_in: accessTokenSeconds, id_token, scope: signIn.scope }
  }

  return http({ name: 'issue-jwt', runtime }, async ({ form, signal, log }: Request) => {
    const fields = form()
    const client = knownClient(fields, settings().CLIENTS)
    if (fields.required('grant_type') !== ciba) throw new Refusal('unsupported_grant_type', `The grant_type must be ${ciba}.`)
    const approved = await find(fields.required('auth_req_id'), client, signal)
    // The approval is used up last: whatever fails before it, the app polls again and costs nobody a second call.
    const opened = await openAccount(approved, signal)
    const device = deviceOf(approved.secret, (await open().vault.read(signal))['token-key'].keys[0] ?? '')
    await admit(opened, device, approved, signal)
    await consume(approved, opened.line, signal)
    log('info', 'signed_in', { userId: opened.user, callId: approved.call.id })
    const signIn = { user: opened.user, device, client, scope: approved.call.scope, authTime: nowSeconds(runtime) }
    return { status: 200, json: await grant(signIn, signal) }
  })
}

export const handler = issueJwt(lambda)
