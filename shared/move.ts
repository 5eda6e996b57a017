// Moving an account to another phone number, step by step, so that a sign-in with either number may run at any moment.
import { accountKind, opens, withoutDevices, type Account, type LivingAccount } from './account.ts'
import { change, type Decision } from './change.ts'
import type { LineOwner } from './line-owner.ts'
import { NotDone } from './not-done.ts'
import type { SyncGateway } from './sync-gateway.ts'
import { accountId, userName, type UserId } from './user-id.ts'

export type Move = {
  user: UserId
  to: { line: string; lastDigits: string }
  /** Whether all devices are signed out when the number changes. */
  signOut: boolean
  /** Throws for an account that cannot be moved. */
  living: (account: Account | undefined) => LivingAccount
  /** Seconds since 1970. */
  now: number
}

/**
 * The account names the new line before the line names the account, so a sign-in with the new number finds either nothing or all of it; and one
 * compare-and-set then closes the old line. Until then the old number opens the account, from then on the new one: at no step is it out of reach.
 * Throws NotDone if the new number has an account. May be repeated after any failure.
 */
export const moveAccount = async (gateway: SyncGateway, owner: LineOwner, order: Move, signal: AbortSignal) => {
  const { user, to, signOut, living } = order
  const update = async <R>(decide: (account: LivingAccount) => Decision<Account, R>) =>
    (await change<Account | undefined, R>(gateway, { id: accountId(user), kind: accountKind, signal, decide: (current) => decide(living(current)) })).result

  // The account may have been deleted, or moved elsewhere, meanwhile.
  const takeBack = async () => {
    const { result: isOpen } = await change<Account | undefined, boolean>(gateway, {
      id: accountId(user), kind: accountKind, signal,
      decide: (account) => {
        if (account?.status === 'spent' || account?.movingTo !== to.line) return { result: opens(account, to.line) }
        const { movingTo: _movingTo, ...next } = account
        return { next, result: opens(next, to.line) }
      },
    })
    if (!isOpen) await owner.take(to.line, user, signal)
  }

  await owner.refuseTaken(to.line, user, signal)
  const { line, left } = await update((account) => announced(account, to.line))
  for (const other of left) await owner.take(other, user, signal)
  try {
    await owner.give(to.line, user, await owner.progress(line, user, signal), signal)
    const before = await update((account) => switched(account, order))
    if (signOut) await gateway.endSessions(userName(user), signal)
    if (before !== undefined) await owner.take(before, user, signal)
  } catch (error) {
    if (error instanceof NotDone) await takeBack()
    throw error
  }
}

/** The account names the new line too; `line` is the one it still has, `left` are those that earlier moves may have left behind. */
const announced = (account: LivingAccount, to: string): Decision<Account, { line: string; left: string[] }> => {
  const { movingTo, ...rest } = account
  const result = { line: account.line, left: [movingTo, account.movedFrom].filter((other) => other !== undefined).filter((other) => other !== to && other !== account.line) }
  if (account.line === to) return movingTo === undefined ? { result } : { next: rest, result }
  return movingTo === to ? { result } : { next: { ...rest, movingTo: to }, result }
}

/** The account names the new line alone; the result is the line before it. */
const switched = (account: LivingAccount, { to: { line, lastDigits }, signOut, now }: Move): Decision<Account, string | undefined> => {
  const { movingTo, ...rest } = account
  if (account.line === line) return { result: account.movedFrom }
  if (movingTo !== line) throw new NotDone('This account was moved elsewhere at the same moment. Find it, and decide again.')
  const next = { ...rest, line, movedFrom: account.line, lastDigits }
  return { next: signOut ? withoutDevices(next, Object.keys(next.devices), now) : next, result: account.line }
}
