// Which account a line names, when an operator decides it.
import { accountKind, opens, type SpentAccount } from './account.ts'
import { change, type Kind } from './change.ts'
import { lineKind, type Line } from './line.ts'
import { NotDone } from './not-done.ts'
import type { SyncGateway } from './sync-gateway.ts'
import { UpstreamError } from './upstream-error.ts'
import { accountId, lineId, type UserId } from './user-id.ts'

type Progress = NonNullable<Line['account']>['state']

const roundsMax = 8

export const lineOwner = ({ gateway, now }: { gateway: SyncGateway; now: () => number }) => {
  const opensLine = async (user: UserId, line: string, signal: AbortSignal) =>
    opens(accountKind.read(await gateway.readDocument(accountId(user), signal)), line)

  /** How far the making of this account has come, by the line that it was made for. */
  const progress = async (line: string, user: UserId, signal: AbortSignal): Promise<Progress> => {
    const { account } = lineKind.read(await gateway.readDocument(lineId(line), signal))
    return account?.id === user ? account.state : 'ready'
  }

  /** Throws NotDone if this line opens the account of anybody else. */
  const refuseTaken = async (line: string, user: UserId, signal: AbortSignal) => {
    const { account } = lineKind.read(await gateway.readDocument(lineId(line), signal))
    if (account && account.id !== user && (await opensLine(account.id, line, signal))) throw taken(account.id)
  }

  /** A number that a sign-up has written into its line, and not yet made an account of, is used up here: that sign-up finds it spent, and looks at the line again. */
  const useUp = (number: UserId, signal: AbortSignal) => {
    const spent: SpentAccount = { type: 'account', status: 'spent', createdAt: new Date(now()).toISOString() }
    return gateway.createDocument(accountId(number), spent, signal)
  }

  /** The line names this account, made as far as it is. Throws NotDone if the line opens another. */
  const give = async (line: string, user: UserId, state: Progress, signal: AbortSignal) => {
    let free: UserId | undefined
    for (let round = 0; round < roundsMax; round++) {
      const { result: other } = await change<Line, UserId | undefined>(gateway, {
        id: lineId(line), kind: lineKind, signal,
        decide: (current) => {
          const named = current.account?.id
          if (named === user) return { result: undefined }
          if (named !== undefined && named !== free) return { result: named }
          return { next: { ...current, account: { state, id: user } }, result: undefined }
        },
      })
      if (other === undefined) return
      if (!(await useUp(other, signal)) && (await opensLine(other, line, signal))) throw taken(other)
      free = other
    }
    throw new UpstreamError('sync-gateway', 'writeDocument', 'unavailable')
  }

  /** The line names this account no longer; what keeps its phone from ringing stays. */
  const take = async (line: string, user: UserId, signal: AbortSignal) => {
    await change<Line, undefined>(gateway, {
      id: lineId(line), kind: leftLine, signal,
      decide: (current) => {
        if (current.account?.id !== user) return { result: undefined }
        const { account: _account, redeemed: _redeemed, ...rest } = current
        return { next: rest, result: undefined }
      },
    })
  }

  return { progress, refuseTaken, give, take }
}

export type LineOwner = ReturnType<typeof lineOwner>

const taken = (other: UserId) => new NotDone(`The new number has an account: ${other}. Nothing was moved.`)

const leftLine: Kind<Line> = {
  read: lineKind.read,
  written: (line) => (line.call || line.quietUntil !== undefined || line.wrongAt?.length ? lineKind.written(line) : { _deleted: true }),
}
