// CIBA's grant: an approved call becomes a device of an account, once. The order of its steps is what keeps that true.
import { accountKind, isEnded, opens, withDevice, type Account, type LivingAccount } from './account.ts'
import { isPending, verdict, type Call } from './call.ts'
import { change } from './change.ts'
import type { Decision, Hold } from './decision.ts'
import { finishDeletion } from './deletion.ts'
import { equal, firstKey, hashed } from './digest.ts'
import { lineKind, type Line, type Redeemed } from './line.ts'
import type { PollPace } from './poll-pace.ts'
import { firstRefreshToken, firstRotation, type RefreshToken } from './refresh-token.ts'
import { Refusal } from './refusal.ts'
import { deviceIdOf, lineOf, parseAuthReqId, secretHashOf } from './sign-in-request.ts'
import type { Document, SyncGateway } from './sync-gateway.ts'
import type { SignedUp } from './sign-up.ts'
import type { SignIn } from './tokens.ts'
import { accountId, lineId, userName, type UserId } from './user-id.ts'

export type CibaGrantConfig = {
  gateway: SyncGateway
  signUp: (line: string, lastDigits: string, known: Document | undefined, signal: AbortSignal) => Promise<SignedUp>
  decision: Decision
  pace: PollPace
  /** Seconds since 1970. */
  now: () => number
}

/**
 * What the app presents; `jkt` is the thumbprint of the key that it proved to hold, if any; `arrivedAt` is in milliseconds since 1970; `hold` says how long
 * the answer may wait for the decision.
 */
export type Presented = {
  authReqId: string; client: string; jkt: string | undefined; lineKey: string; tokenKeys: readonly string[]; arrivedAt: number; hold: Hold | undefined
}
/** `callId` is that of the call that was redeemed just now, and `isNew` says that it made the account. */
export type Granted = { signIn: SignIn; refreshToken: RefreshToken; callId?: string; isNew?: boolean }

type Own = { client: string; secretHash: string }
type Approved = Presented & { secret: string; secretHash: string; line: string; device: string; document: Document | undefined }

/** Throws what CIBA Core 1.0 section 11 says of a call that is not, or no longer, to be redeemed by whoever asks. */
export const cibaGrant = ({ gateway, signUp, decision, pace, now }: CibaGrantConfig) => {
  const ownCall = ({ call }: Line, { client, secretHash }: Own): Call | undefined =>
    call && equal(call.secretHash, secretHash) && call.client === client ? call : undefined

  const approvedCall = (line: Line, approved: Approved): Call => {
    const { jkt } = approved
    const call = ownCall(line, approved)
    if (!call) throw unknown()
    const decided = verdict(call, now())
    if (decided === 'approved') {
      if (call.jkt !== undefined && call.jkt !== jkt) throw new Refusal('invalid_dpop_proof', 'This call was asked for with the dpop_jkt of another key.')
      return call
    }
    throw new Refusal(decided.code, decided.description, decided)
  }

  /** The document of the line: decided, if it can be within the time that its poll may take. Throws `slow_down` at a pending one that is polled too fast. */
  const readLine = async (id: string, own: Own, { arrivedAt, hold }: Presented, signal: AbortSignal) => {
    const callOf = (document: Document | undefined) => ownCall(lineKind.read(document), own)
    const pendingUntil = (document: Document | undefined) => {
      const call = callOf(document)
      return call && isPending(call, now()) ? call.expires * 1000 : undefined
    }
    const seen = await decision.read(id, hold, signal)
    if (pendingUntil(seen.document) === undefined) return seen.document
    if (pace.tooSoon(own.secretHash, arrivedAt)) throw new Refusal('slow_down', 'You poll too fast: wait five seconds more between polls from now on.')
    // Who asks for progress has not been told yet that the phone was answered.
    const isNews = (document: Document | undefined) => hold?.withProgress && callOf(document)?.answered
    if (!hold || isNews(seen.document)) return seen.document
    const kept = () => {
      pace.waited(own.secretHash)
      hold.kept()
    }
    const silentUntil = (document: Document | undefined) => (isNews(document) ? undefined : pendingUntil(document))
    return decision.wait(id, seen, silentUntil, { ...hold, kept }, signal)
  }

  /** The redemption whose reply may have been lost: only whoever holds the key that it was bound to gets it again. */
  const redeemedBefore = ({ redeemed }: Line, { client, secretHash, jkt }: Approved): Redeemed | undefined =>
    redeemed?.jkt !== undefined && redeemed.jkt === jkt && redeemed.client === client && equal(redeemed.secretHash, secretHash) && now() < redeemed.expires
      ? redeemed
      : undefined

  /** The account that the line opens, made if there is none. */
  const openAccount = async ({ line, document }: Approved, call: Call, signal: AbortSignal) => {
    const { account } = lineKind.read(document)
    if (account?.state === 'ready') {
      const read = await gateway.readDocument(accountId(account.id), signal)
      if (opens(accountKind.read(read), line)) return { user: account.id, account: read, line: document, isNew: false, isMade: false }
    }
    const signedUp = await signUp(line, call.lastDigits, document, signal)
    return { ...signedUp, isNew: signedUp.account !== undefined, isMade: true }
  }

  /** Adds the device, if the account may still be used. Its id comes from the call's secret, so a repeat adds the same one. */
  const admit = async (user: UserId, known: Document | undefined, callId: string, { line, device, client, jkt, secret, tokenKeys }: Approved, signal: AbortSignal) => {
    const { result } = await change<Account | undefined, { refreshToken: RefreshToken; signedInAt: number; dropsOthers: boolean }>(gateway, {
      id: accountId(user), kind: accountKind, signal, ...(known ? { known } : {}),
      decide: (current) => {
        const account = usable(current, line)
        if (isEnded(account, device)) throw unknown()
        const refreshToken = firstRefreshToken(firstKey(tokenKeys), user, device, secret)
        // Another redemption of the same call was faster, and its tokens may have rotated already.
        const there = account.devices[device]
        if (there && there.jkt !== jkt) throw new Refusal('invalid_dpop_proof', 'This call is being redeemed with another key.')
        if (there) return { result: { refreshToken, signedInAt: there.created, dropsOthers: false } }
        const signedInAt = now()
        const made = { client, call: callId, created: signedInAt, lastUsed: signedInAt, refresh: firstRotation(refreshToken), ...(jkt === undefined ? {} : { jkt }) }
        const next = withDevice(account, device, made, signedInAt)
        return { next, result: { refreshToken, signedInAt, dropsOthers: Object.keys(next.devices).length <= Object.keys(account.devices).length } }
      },
    })
    if (result.dropsOthers) await gateway.endSessions(userName(user), signal)
    return result
  }

  /** Uses the approval up: of any number that redeem it, one gets past here, and its own repeats. */
  const consume = (approved: Approved, known: Document | undefined, authTime: number, signal: AbortSignal) =>
    change<Line, Redeemed>(gateway, {
      id: lineId(approved.line), kind: lineKind, known, signal,
      decide: (current) => {
        const before = redeemedBefore(current, approved)
        if (before) return { result: before }
        const { expires, scope, idempotency } = approvedCall(current, approved)
        const { secretHash, client, device, jkt } = approved
        const redeemed = { secretHash, client, expires, device, scope, authTime, ...(jkt === undefined ? {} : { jkt }), ...(idempotency ? { idempotency } : {}) }
        const { call: _used, ...rest } = current
        return { next: { ...rest, redeemed }, result: redeemed }
      },
    })

  const repeat = async (line: Line, { line: name, secret, tokenKeys }: Approved, redeemed: Redeemed, signal: AbortSignal): Promise<Granted> => {
    const { client, device, scope, authTime, jkt } = redeemed
    const user = line.account?.id
    if (!user) throw unknown()
    const account = usable(accountKind.read(await gateway.readDocument(accountId(user), signal)), name)
    const refresh = account.devices[device]?.refresh
    if (!refresh) throw new Refusal('invalid_grant', 'This device was signed out meanwhile.')
    const known = [refresh.current, ...refresh.previous.map(({ hash }) => hash)]
    const refreshToken = tokenKeys.map((key) => firstRefreshToken(key, user, device, secret)).find(({ text }) => known.includes(hashed(text)))
    if (!refreshToken) throw unknown()
    return { signIn: { user, device, client, scope, authTime, jkt }, refreshToken }
  }

  return async (presented: Presented, signal: AbortSignal): Promise<Granted> => {
    const { handle, secret } = parseAuthReqId(presented.authReqId)
    const line = lineOf(handle, presented.lineKey)
    const secretHash = secretHashOf(secret)
    const document = await readLine(lineId(line), { client: presented.client, secretHash }, presented, signal)
    const device = deviceIdOf(secret, firstKey(presented.tokenKeys))
    const approved: Approved = { ...presented, secret, secretHash, line, device, document }
    const current = lineKind.read(document)
    const before = redeemedBefore(current, approved)
    if (before) return repeat(current, approved, before, signal)
    const call = approvedCall(current, approved)
    // The approval is used up last: whatever fails before it, the app polls again and costs nobody a second call.
    const opened = await openAccount(approved, call, signal)
    const { refreshToken, signedInAt } = await admit(opened.user, opened.account, call.id, approved, signal).catch(async (error: unknown) => {
      if (opened.isMade && error instanceof Refusal) await finishDeletion(gateway, opened.user, signal)
      throw error
    })
    const { result } = await consume(approved, opened.line, signedInAt, signal)
    const { client, scope, authTime, jkt } = result
    return { signIn: { user: opened.user, device: result.device, client, scope, authTime, jkt }, refreshToken, callId: call.id, isNew: opened.isNew }
  }
}

const unknown = () => new Refusal('invalid_grant', 'This auth_req_id is not known, or was used before.')

const usable = (account: Account | undefined, line: string): LivingAccount => {
  if (!opens(account, line)) throw new Refusal('invalid_grant', 'This account has changed meanwhile. Sign in again.')
  if (account.status !== 'active') throw new Refusal('access_denied', 'This account is disabled.', { reason: 'disabled' })
  return account
}
