// Making an account: a saga whose every step can be repeated, so that one that died is picked up at the next sign-in with the same number.
import { accountKind, opens, type Account } from './account.ts'
import { change } from './change.ts'
import { lineKind, type Line } from './line.ts'
import type { Document, SyncGateway } from './sync-gateway.ts'
import { UpstreamError } from './upstream-error.ts'
import { accountId, lineId, userChannel, userId, userName, type UserId } from './user-id.ts'

export type SignUpConfig = {
  gateway: SyncGateway
  /** Numbers that nobody else gets; a lost one is a gap. */
  counter: { next: (delta?: number) => Promise<number> }
  roles: string[]
  channels: string[]
  now: () => number
  random: (bytes: number) => Buffer
}

/** `line` is its document as it was written last; `account` is there if it is new, which is told once of each. */
export type SignedUp = { user: UserId; line: Document | undefined; account: Document | undefined }

// Doubling steps leap over more than a million numbers that a counter set back gives out again.
const collisionsMax = 20

/** Makes what is not there yet of the account of a line. Rejects with an UpstreamError, and may then be called again. */
export const signUp = ({ gateway, counter, roles, channels, now, random }: SignUpConfig) => {
  /** The number that the line is making; `taken` is one found to belong to somebody else. */
  const claimNumber = async (line: string, taken: UserId | undefined, step: number, known: Document | undefined, signal: AbortSignal) => {
    const settled = (current: Line) => (current.account && current.account.id !== taken ? current.account.id : undefined)
    const already = settled(lineKind.read(known))
    if (already) return { result: already, document: known }
    const fresh = userId(await counter.next(step)) // A lost reply burns a number. Gaps are fine; reuse is not.
    return change<Line, UserId>(gateway, {
      id: lineId(line), kind: lineKind, known, signal,
      decide: (latest) => {
        const other = settled(latest)
        return other ? { result: other } : { next: { ...latest, account: { state: 'creating', id: fresh } }, result: fresh }
      },
    })
  }

  /** Whose the account of this number is, made now or before. */
  const claimAccount = async (id: UserId, line: string, lastDigits: string, signal: AbortSignal) => {
    const fresh: Account = { type: 'account', status: 'active', line, lastDigits, createdAt: new Date(now()).toISOString(), devices: {} }
    const made = await gateway.createDocument(accountId(id), fresh, signal)
    if (made) return { whose: 'ours', made } as const
    const account = accountKind.read(await gateway.readDocument(accountId(id), signal))
    return { whose: opens(account, line) ? (account.status === 'disabled' ? 'disabled' : 'ours') : 'taken', made: undefined } as const
  }

  const makeUser = async (id: UserId, signal: AbortSignal) => {
    const wanted = { channels: [userChannel(id), ...channels], roles }
    const made = await gateway.createUser(userName(id), { ...wanted, password: random(32).toString('base64url') }, signal)
    if (made === 'created') return
    const user = await gateway.readUser(userName(id), signal)
    if (user && sameTexts(user.channels, wanted.channels) && sameTexts(user.roles, wanted.roles)) return
    // A user with other channels is somebody else's, or was made by hand: nobody may be let in as it.
    throw new UpstreamError('sync-gateway', 'createUser', 'unexpected', { status: 409 })
  }

  const markReady = (id: UserId, line: string, known: Document | undefined, signal: AbortSignal) =>
    change<Line, undefined>(gateway, {
      id: lineId(line), kind: lineKind, known, signal,
      decide: (latest) => (latest.account?.id === id ? { next: { ...latest, account: { state: 'ready', id } }, result: undefined } : { result: undefined }),
    })

  /** `known` is the line's document as it was read last. */
  return async (line: string, lastDigits: string, known: Document | undefined, signal: AbortSignal): Promise<SignedUp> => {
    let taken: UserId | undefined
    let document = known
    for (let collisions = 0; collisions <= collisionsMax; collisions++) {
      const claimed = await claimNumber(line, taken, 2 ** collisions, document, signal)
      const id = claimed.result
      document = claimed.document
      const { whose, made } = await claimAccount(id, line, lastDigits, signal)
      if (whose === 'disabled') return { user: id, line: document, account: undefined }
      if (whose === 'ours') {
        await gateway.createDocument(id, { type: 'profile', createdAt: new Date(now()).toISOString() }, signal)
        await makeUser(id, signal)
        const ready = await markReady(id, line, document, signal)
        return { user: id, line: ready.document, account: made }
      }
      taken = id
    }
    throw new UpstreamError('couchbase', 'next', 'unexpected')
  }
}

const sameTexts = (left: string[], right: string[]) => [...left].sort().join('\n') === [...right].sort().join('\n')
