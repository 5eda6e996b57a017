// What a Sync Gateway user may do, made to follow what the account says.
import { accountKind, type Account } from './account.ts'
import type { SyncGateway } from './sync-gateway.ts'
import { UpstreamError } from './upstream-error.ts'
import { accountId, userChannel, userName, type UserId } from './user-id.ts'

export type UserAccessConfig = {
  gateway: SyncGateway
  roles: string[]
  channels: string[]
  random: (bytes: number) => Buffer
}

const roundsMax = 8

export const userAccess = ({ gateway, roles, channels, random }: UserAccessConfig) => {
  const open = async (user: UserId, signal: AbortSignal) => {
    const wanted = { channels: [userChannel(user), ...channels], roles }
    const made = await gateway.createUser(userName(user), { ...wanted, password: random(32).toString('base64url') }, signal)
    if (made === 'exists') await gateway.updateUser(userName(user), { ...wanted, disabled: false }, signal)
  }

  // Without its channels an open replication neither pulls nor pushes; sessions alone, or even the user, could go and it would run on.
  const close = async (user: UserId, signal: AbortSignal) => {
    const found = await gateway.readUser(userName(user), signal)
    if (found) await gateway.updateUser(userName(user), { disabled: true, channels: [], roles: [] }, signal)
    await gateway.endSessions(userName(user), signal)
  }

  const apply = async (user: UserId, status: Account['status'], signal: AbortSignal) => {
    switch (status) {
      case 'active': return open(user, signal)
      case 'disabled': return close(user, signal)
      case 'spent':
        await close(user, signal)
        return gateway.deleteUser(userName(user), signal)
      default: return status satisfies never
    }
  }

  const statusOf = async (user: UserId, signal: AbortSignal) => {
    const account = accountKind.read(await gateway.readDocument(accountId(user), signal))
    if (account) return account.status
    throw new UpstreamError('sync-gateway', 'readAccount', 'unexpected', { status: 404 })
  }

  /**
   * To be called after every change of an account's status. The account goes first both ways: until the user has followed, an enabled person is still out,
   * and a disabled one gets no new session. The status is read again afterwards, because two operators may disagree: whoever writes the user last
   * then also sees the status that was set last. May be repeated.
   */
  return async (user: UserId, signal: AbortSignal) => {
    let status = await statusOf(user, signal)
    for (let round = 0; round < roundsMax; round++) {
      await apply(user, status, signal)
      const latest = await statusOf(user, signal)
      if (latest === status) return
      status = latest
    }
    throw new UpstreamError('sync-gateway', 'updateUser', 'unavailable')
  }
}

export type FollowAccount = ReturnType<typeof userAccess>
