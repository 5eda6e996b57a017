// For operators, by IAM and without a route: find, disable, enable, delete or move an account, sign it out, lift the quiet of a number.
import type { Context } from 'aws-lambda'
import { accountKind, type Account, type LivingAccount } from '../shared/account.ts'
import { accountSearch, type Found } from '../shared/account-search.ts'
import type { AccountView } from '../shared/account-view.ts'
import { change } from '../shared/change.ts'
import { ConfigurationError } from '../shared/configuration-error.ts'
import { configuration } from '../shared/configuration.ts'
import { openGateway, openSecrets } from '../shared/connections.ts'
import { millisecondsLeft } from '../shared/deadline.ts'
import { deleteAccount } from '../shared/deletion.ts'
import { lineKind, type Line } from '../shared/line.ts'
import { lineOwner } from '../shared/line-owner.ts'
import { errorFields, logUpstreamFailure, type Log } from '../shared/log.ts'
import { moveAccount } from '../shared/move.ts'
import { NotDone } from '../shared/not-done.ts'
import { once } from '../shared/once.ts'
import { openedLog } from '../shared/opened-log.ts'
import { parseOrder, type Order } from '../shared/operator-order.ts'
import { lambda, nowSeconds, type Runtime } from '../shared/runtime.ts'
import { signOut } from '../shared/sign-out.ts'
import { UpstreamError } from '../shared/upstream-error.ts'
import { userAccess } from '../shared/user-access.ts'
import { accountId, lineId, type UserId } from '../shared/user-id.ts'

export const manageAccounts = (runtime: Runtime) => {
  const openLog = openedLog(runtime)
  const open = once(() => {
    const { ROLES, CHANNELS } = configuration(runtime.environment(), ['ROLES', 'CHANNELS'])
    const vault = openSecrets(runtime, 'phone-pepper', 'line-key', 'sync-gateway')
    const gateway = openGateway(runtime, vault)
    return {
      gateway,
      search: accountSearch({ gateway, vault, now: runtime.now }),
      owner: lineOwner({ gateway, now: runtime.now }),
      follow: userAccess({ gateway, roles: ROLES, channels: CHANNELS, random: runtime.random }),
    }
  })

  const setStatus = async (user: UserId, status: LivingAccount['status'], signal: AbortSignal) => {
    await change<Account | undefined, undefined>(open().gateway, {
      id: accountId(user), kind: accountKind, signal,
      decide: (current) => (living(current).status === status ? { result: undefined } : { next: { ...living(current), status }, result: undefined }),
    })
    await open().follow(user, signal)
  }

  const move = async (found: Found, { to, signOut: ending }: Extract<Order, { action: 'move' }>, signal: AbortSignal): Promise<Found> => {
    const { gateway, owner, search } = open()
    const line = await search.lineOfNumber(to.number, signal)
    // Once an account has moved, its old number names it no longer; whether this is the same move again, the account itself knows.
    const user = found.user ?? (found.line === undefined ? undefined : await search.movedBetween(found.line, line, signal))
    await moveAccount(gateway, owner, { user: existing(user), to: { line, lastDigits: to.lastDigits }, signOut: ending, living, now: nowSeconds(runtime) }, signal)
    return { ...(user ? { user } : {}), line }
  }

  const liftQuiet = async (line: string | undefined, signal: AbortSignal) => {
    if (line === undefined) throw deleted()
    await change<Line, undefined>(open().gateway, {
      id: lineId(line), kind: lineKind, signal,
      decide: ({ quietUntil, wrongAt, ...next }) => (quietUntil === undefined && !wrongAt?.length ? { result: undefined } : { next, result: undefined }),
    })
  }

  /** Does it, and answers whose account and line it then was about. */
  const carryOut = async (order: Order, found: Found, signal: AbortSignal): Promise<Found> => {
    const { gateway, owner, follow } = open()
    switch (order.action) {
      case 'find': return found
      case 'disable': await setStatus(existing(found.user), 'disabled', signal); return found
      case 'enable': await setStatus(existing(found.user), 'active', signal); return found
      // A number without account is what a deletion by number leaves, so a repeat of it is done.
      case 'delete': if (found.user) await deleteAccount(gateway, owner, follow, { user: found.user, by: order.number && found.line }, signal); return found
      case 'move': return move(found, order, signal)
      case 'sign-out':
        await signOut(gateway, { user: existing(found.user), admitted: living, which: (device) => order.all === true || device === order.device, now: nowSeconds(runtime), signal })
        return found
      case 'lift-quiet': await liftQuiet(found.line, signal); return found
      default: return order satisfies never
    }
  }

  const work = async (event: unknown, context: Context, log: Log) => {
    configuration(runtime.environment(), ['LOG_LEVEL'])
    const order = parseOrder(event)
    const signal = AbortSignal.timeout(millisecondsLeft(context))
    const { search } = open()
    const named = order.number ? await search.byLine(await search.lineOfNumber(order.number.number, signal), signal) : await search.byUser(order.user, signal)
    const found = await carryOut(order, named, signal)
    log('info', 'account_managed', { operation: order.action, ...(found.user ? { userId: found.user } : {}) })
    return search.look(found, signal)
  }

  /** Every action may be repeated after any failure. Throws an Error with a sentence, which is what `serverless invoke` shows. */
  return async (event: unknown, context: Context): Promise<AccountView> => {
    const log: Log = (level, what, fields, metrics) =>
      openLog()(level, what, { function: 'manage-accounts', requestId: context.awsRequestId, ...fields }, metrics)
    try {
      return await work(event, context, log)
    } catch (error) {
      throw told(error, log)
    }
  }
}

const living = (account: Account | undefined): LivingAccount => {
  if (account && account.status !== 'spent') return account
  throw deleted()
}

const deleted = () => new NotDone('This account is deleted, and its number is never given out again.')

const existing = (user: UserId | undefined) => {
  if (user) return user
  throw new NotDone('No account has this number. If it was moved, find it by its new number or its id.')
}

/** What the operator is told. Lambda logs its message, so that of an unknown error, which may quote anything, is left out. */
const told = (error: unknown, log: Log): Error => {
  if (error instanceof NotDone) {
    log('info', 'refused', { problem: error.message })
    return error
  }
  if (error instanceof UpstreamError) {
    const { system, operation, failure, status } = error
    logUpstreamFailure(log, error)
    return new NotDone(`${system} failed at ${operation}: ${failure}${status === undefined ? '' : `, status ${status}`}. It may be half done; the same event again does the rest.`)
  }
  log('error', 'failed', errorFields(error))
  return error instanceof ConfigurationError ? error : new NotDone('This function has made a mistake, and its log says where.')
}

export const handler = manageAccounts(lambda)
