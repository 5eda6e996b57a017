// Finding an account for an operator, by its id or by its phone number.
import { accountKind, opens } from './account.ts'
import { accountView } from './account-view.ts'
import { lineKind } from './line.ts'
import { NotDone } from './not-done.ts'
import type { secretShapes } from './secret-shapes.ts'
import type { Secrets } from './secrets.ts'
import { handleOf, lineOf } from './sign-in-request.ts'
import type { SyncGateway } from './sync-gateway.ts'
import { accountId, lineId, type UserId } from './user-id.ts'

export type AccountSearchConfig = {
  gateway: SyncGateway
  vault: Secrets<Pick<typeof secretShapes, 'phone-pepper' | 'line-key' | 'sync-gateway'>>
  now: () => number
}

/** An account, a line, or both: the one that was named, and what was found by it. */
export type Found = { user?: UserId; line?: string }

export const accountSearch = ({ gateway, vault, now }: AccountSearchConfig) => {
  const readAccount = async (user: UserId, signal: AbortSignal) => accountKind.read(await gateway.readDocument(accountId(user), signal))
  const readLine = async (line: string, signal: AbortSignal) => lineKind.read(await gateway.readDocument(lineId(line), signal))

  /** The line of an E.164 number. */
  const lineOfNumber = async (number: string, signal: AbortSignal) => {
    const secrets = await vault.read(signal)
    return lineOf(handleOf(number, secrets['phone-pepper'].key), secrets['line-key'].key)
  }

  const byLine = async (line: string, signal: AbortSignal): Promise<Found> => {
    const { account: named } = await readLine(line, signal)
    const account = named && (await readAccount(named.id, signal))
    // A spent account whose line still names it is one whose deletion is not finished.
    return named && (opens(account, line) || account?.status === 'spent') ? { line, user: named.id } : { line }
  }

  /** Throws NotDone if there never was such an account. */
  const byUser = async (user: UserId, signal: AbortSignal): Promise<Found> => {
    const account = await readAccount(user, signal)
    if (!account) throw new NotDone('There is no such account.')
    return account.status === 'spent' ? { user } : { user, line: account.line }
  }

  /** What the account that was moved from one line to another is, if it was. */
  const movedBetween = async (from: string, to: string, signal: AbortSignal) => {
    const { user } = await byLine(to, signal)
    const account = user && (await readAccount(user, signal))
    return account && account.status !== 'spent' && account.movedFrom === from ? user : undefined
  }

  const look = async ({ user, line: given }: Found, signal: AbortSignal) => {
    const account = user && (await readAccount(user, signal))
    const line = account && account.status !== 'spent' ? account.line : given
    return accountView({ user, account, line: line === undefined ? undefined : await readLine(line, signal) }, now() / 1000)
  }

  return { lineOfNumber, byLine, byUser, movedBetween, look }
}
