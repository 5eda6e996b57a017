// Signing out: a device, or all of them, leaves its account, and then every session of that person ends.
import { accountKind, withoutDevices, type Account, type LivingAccount } from './account.ts'
import { change } from './change.ts'
import type { SyncGateway } from './sync-gateway.ts'
import { accountId, userName, type UserId } from './user-id.ts'

export type SignOut = {
  user: UserId
  /** The account whose devices these are. Throws for one that whoever asks may not sign out of. */
  admitted: (account: Account | undefined) => LivingAccount
  which: (device: string, account: LivingAccount) => boolean
  /** Seconds since 1970. */
  now: number
  signal: AbortSignal
}

/**
 * The devices go before the sessions: a session made in between is checked in vain. The other devices get new sessions by their tokens. May be repeated.
 */
export const signOut = async (gateway: SyncGateway, { user, admitted, which, now, signal }: SignOut): Promise<LivingAccount> => {
  const { result } = await change<Account | undefined, LivingAccount>(gateway, {
    id: accountId(user), kind: accountKind, signal,
    decide: (current) => {
      const account = admitted(current)
      const ended = Object.keys(account.devices).filter((device) => which(device, account))
      const next = withoutDevices(account, ended, now)
      return ended.length ? { next, result: next } : { result: account }
    },
  })
  await gateway.endSessions(userName(user), signal)
  return result
}
