// What an operator is shown of an account and its line: enough to help somebody on the phone, and nothing that signs in.
import type { Account } from './account.ts'
import { isOver, type Call } from './call.ts'
import type { Line } from './line.ts'
import type { UserId } from './user-id.ts'

/** `account` is null where no account was found, `line` where the account has none any more. */
export const accountView = ({ user, account, line }: { user: UserId | undefined; account: Account | undefined; line: Line | undefined }, nowSeconds: number) => ({
  account: user !== undefined && account ? { user, ...shown(account, line?.account?.id === user) } : null,
  line: line
    ? {
        signUp: { creating: 'unfinished', ready: 'finished', none: 'none' }[line.account?.state ?? 'none'],
        quietUntil: line.quietUntil !== undefined && line.quietUntil > nowSeconds ? iso(line.quietUntil) : null,
        call: line.call ? callState(line.call, nowSeconds) : 'none',
      }
    : null,
})

export type AccountView = ReturnType<typeof accountView>

const shown = (account: Account, isNamed: boolean) => {
  const { status, createdAt } = account
  if (account.status === 'spent') return { status, createdAt, unfinished: isNamed || account.lines !== undefined }
  const devices = Object.entries(account.devices).map(([device, { client, created, lastUsed }]) => ({ device, client, created: iso(created), lastUsed: iso(lastUsed) }))
  return { status, createdAt, unfinished: account.movingTo !== undefined, lastDigits: account.lastDigits, devices }
}

const callState = (call: Call, nowSeconds: number) => {
  if (call.state === 'denied' || call.state === 'ended') return call.reason ? `${call.state}: ${call.reason}` : call.state
  return isOver(call, nowSeconds) ? 'over' : call.state
}

const iso = (seconds: number) => new Date(seconds * 1000).toISOString()
