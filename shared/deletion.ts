// Deleting an account: spent for ever first, then everything else that there is of the person.
import { accountKind, type Account } from './account.ts'
import { change, type Kind } from './change.ts'
import type { LineOwner } from './line-owner.ts'
import { NotDone } from './not-done.ts'
import type { Document, SyncGateway } from './sync-gateway.ts'
import type { FollowAccount } from './user-access.ts'
import { accountId, userName, type UserId } from './user-id.ts'

/**
 * `by` is the line that the account was found by: the last thing to go, so that a repeat finds it again.
 * Throws NotDone if there never was such an account. May be repeated after any failure, and after it is done.
 */
export const deleteAccount = async (gateway: SyncGateway, owner: LineOwner, follow: FollowAccount, { user, by }: { user: UserId; by: string | undefined }, signal: AbortSignal) => {
  const id = accountId(user)
  const { result: lines } = await change<Account | undefined, string[]>(gateway, { id, kind: accountKind, signal, decide: spent })
  await follow(user, signal)
  await deleteProfile(gateway, user, signal)
  for (const line of lines.filter((other) => other !== by)) await owner.take(line, user, signal)
  await change<Account | undefined, undefined>(gateway, { id, kind: accountKind, signal, decide: forgotten })
  if (by !== undefined) await owner.take(by, user, signal)
}

/** For whoever made the user and the profile of an account that was deleted meanwhile: the deletion came too early for them. Any other account stays. */
export const finishDeletion = async (gateway: SyncGateway, user: UserId, signal: AbortSignal) => {
  const account = accountKind.read(await gateway.readDocument(accountId(user), signal))
  if (account?.status !== 'spent') return
  await gateway.deleteUser(userName(user), signal)
  await deleteProfile(gateway, user, signal)
}

const deleteProfile = (gateway: SyncGateway, user: UserId, signal: AbortSignal) =>
  change<Document | undefined, undefined>(gateway, {
    id: user, kind: tombstone, signal,
    decide: (profile) => (profile ? { next: profile, result: undefined } : { result: undefined }),
  })

/** The lines are kept until they are tidied, so that a repeat by the account's id still finds them. */
const spent = (account: Account | undefined) => {
  if (!account) throw new NotDone('There is no such account.')
  if (account.status === 'spent') return { result: account.lines ?? [] }
  const { type, createdAt, line, movingTo, movedFrom } = account
  const lines = [line, movingTo, movedFrom].filter((name) => name !== undefined)
  return { next: { type, status: 'spent', createdAt, lines } satisfies Account, result: lines }
}

const forgotten = (account: Account | undefined) => {
  if (account?.status !== 'spent' || !account.lines) return { result: undefined }
  const { lines: _lines, ...rest } = account
  return { next: rest, result: undefined }
}

const tombstone: Kind<Document | undefined> = { read: (document) => document, written: () => ({ _deleted: true }) }
