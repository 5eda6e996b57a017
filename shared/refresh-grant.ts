// The refresh_token grant and revocation: a device goes on by itself, until it is signed out, idle for too long, or shows a token that it should not have.
import { accountKind, deviceOf, isJustEnded, withoutDevices, type Account, type Device } from './account.ts'
import { change } from './change.ts'
import { idleSeconds, isOurs, parseRefreshToken, present, type RefreshToken } from './refresh-token.ts'
import { Refusal } from './refusal.ts'
import type { SyncGateway } from './sync-gateway.ts'
import type { SignIn } from './tokens.ts'
import { accountId, userName } from './user-id.ts'

export type RefreshGrantConfig = { gateway: SyncGateway; /** Seconds since 1970. */ now: () => number }
type Presented = { refreshToken: string; client: string; tokenKeys: readonly string[] }

/** What to do with the account of a token: nothing, or take the device out of it because its tokens are in the wrong hands. */
type Outcome = { signIn: SignIn; successor: RefreshToken } | 'end' | 'unknown' | 'disabled'

export const refreshGrant = ({ gateway, now }: RefreshGrantConfig) => {
  const outcomeOf = (account: Account | undefined, token: RefreshToken, { client, tokenKeys }: Presented, jkt: string | undefined): { outcome: Outcome; device?: Device } => {
    const device = deviceOf(account, token.device)
    if (!account || account.status === 'spent') return { outcome: 'unknown' }
    if (!device) return { outcome: isJustEnded(account, token.device, now()) && isOurs(tokenKeys, token) ? 'end' : 'unknown' }
    if (device.client !== client) return { outcome: 'unknown' }
    if (account.status === 'disabled') return { outcome: 'disabled' }
    const presented = present(device.refresh, token, { keys: tokenKeys, bound: device.jkt !== undefined, now: now() })
    // A made-up token must end nobody's device; one that was made here and is not good any more was copied, or kept for too long.
    if (presented.outcome === 'stale') return { outcome: isOurs(tokenKeys, token) ? 'end' : 'unknown' }
    if (now() >= device.lastUsed + idleSeconds) return { outcome: 'end' }
    if (device.jkt !== undefined && device.jkt !== jkt) throw new Refusal('invalid_dpop_proof', 'This refresh token is bound to another key.')
    const signIn = { user: token.user, device: token.device, client, scope: 'openid', authTime: device.created, jkt: device.jkt }
    const outcome = { signIn, successor: presented.successor }
    return presented.outcome === 'repeated' ? { outcome } : { outcome, device: { ...device, lastUsed: now(), refresh: presented.rotation } }
  }

  /** Ends the device of a token: the account first, then the sessions, also those that an ending left that died in between. */
  const end = async ({ user, device }: RefreshToken, signal: AbortSignal) => {
    const { result } = await change<Account | undefined, boolean>(gateway, {
      id: accountId(user), kind: accountKind, signal,
      decide: (account) => {
        if (!account || account.status === 'spent') return { result: false }
        return Object.hasOwn(account.devices, device) ? { next: withoutDevices(account, [device], now()), result: true } : { result: isJustEnded(account, device, now()) }
      },
    })
    if (result) await gateway.endSessions(userName(user), signal)
  }

  return {
    /**
     * RFC 6749 section 6. `proven` is asked for the thumbprint of a demanded DPoP proof when the device is bound to a key. Throws `invalid_grant`, and ends the
     * device when the token is one that was traded too long ago.
     */
    refresh: async (presented: Presented, proven: () => Promise<string>, signal: AbortSignal): Promise<{ signIn: SignIn; successor: RefreshToken }> => {
      const token = parseRefreshToken(presented.refreshToken)
      if (!token) throw unknown()
      const document = await gateway.readDocument(accountId(token.user), signal)
      const account = accountKind.read(document)
      const jkt = deviceOf(account, token.device)?.jkt !== undefined ? await proven() : undefined
      const { result } = await change<Account | undefined, Outcome>(gateway, {
        id: accountId(token.user), kind: accountKind, known: document, signal,
        decide: (current) => {
          const { outcome, device } = outcomeOf(current, token, presented, jkt)
          if (!device || !current || current.status === 'spent') return { result: outcome }
          return { next: { ...current, devices: { ...current.devices, [token.device]: device } }, result: outcome }
        },
      })
      if (typeof result === 'object') return result
      if (result === 'end') await end(token, signal)
      throw result === 'disabled' ? new Refusal('invalid_grant', 'This account is disabled.', { reason: 'disabled' }) : unknown()
    },

    /** RFC 7009: whoever has a token of the device may end it; what is not known, or another client's, is done already. */
    revoke: async ({ refreshToken, client, tokenKeys }: Presented, signal: AbortSignal) => {
      const token = parseRefreshToken(refreshToken)
      if (!token) return
      const account = accountKind.read(await gateway.readDocument(accountId(token.user), signal))
      const device = deviceOf(account, token.device)
      if (device && device.client !== client) return
      const isCurrent = device !== undefined && present(device.refresh, token, { keys: tokenKeys, bound: true, now: now() }).outcome !== 'stale'
      if (isCurrent || isOurs(tokenKeys, token)) await end(token, signal)
    },
  }
}

const unknown = () => new Refusal('invalid_grant', 'This refresh token is not good any more. Sign in again.')
