// Many accounts at once, put straight into the memory of the stand-in, as sign-ups would have left them there.
import type { Collection } from '../local/sync-gateway/collection.ts'
import { nextSequence, nextVersion, type Database } from '../local/sync-gateway/database.ts'
import { objectOf, type JsonObject } from '../local/sync-gateway/json.ts'
import type { TimedSet, User } from '../local/sync-gateway/principal.ts'
import { handleOf, lineOf } from '../shared/sign-in-request.ts'
import { accountId, lineId, userChannel, userId, userName } from '../shared/user-id.ts'

export type Crowd = { count: number; /** The number of the account before the first. */ after: number; pepper: string; lineKey: string }

const revision = '1-00000000000000000000000000000000'
const createdAt = '2026-01-01T00:00:00.000Z'
// Idle users and documents have these in common: nothing of theirs is ever changed in place.
const none: TimedSet = new Map()
const jwt: User['jwt'] = { issuer: '', roles: none, channels: none }
const stopExpiry = () => undefined

/** Each has a telephone number: `numberOf`. */
export const seedCrowd = (db: Database, { count, after, pepper, lineKey }: Crowd) => {
  const [collection] = [...db.collections.values()]
  if (!collection) throw new TypeError('The database has no collection.')
  for (let at = 1; at <= count; at++) {
    const id = userId(after + at)
    const line = lineOf(handleOf(numberOf(at), pepper), lineKey)
    write(db, collection, id, { type: 'profile', createdAt })
    write(db, collection, accountId(id), { type: 'account', status: 'active', line, lastDigits: numberOf(at).slice(-2), createdAt, devices: objectOf([]) })
    write(db, collection, lineId(line), { type: 'line', account: objectOf([['state', 'ready'], ['id', id]]), wrongAt: [] })
    const name = userName(id)
    const sequence = nextSequence(db)
    const channels = new Map([[collection.keyspace, new Map([[userChannel(id), sequence]])]])
    db.meta.users.set(name, { kind: 'user', name, channels, sequence, email: '', disabled: false, password: undefined, roles: none, sessionMark: '', jwt })
  }
}

/** Ten million numbers of New York, of which any may be called. */
export const numberOf = (at: number) => `+1${at < 5_000_000 ? 212 : 646}${2_000_000 + (at % 5_000_000)}`

const write = (db: Database, collection: Collection, id: string, body: Record<string, JsonObject[string]>) => {
  const channels = [id]
  const sequence = nextSequence(db)
  const made = { id: revision, parent: undefined, deleted: false, channels, body: objectOf(Object.entries(body)), attachments: undefined, version: undefined }
  collection.data.documents.set(id, {
    id, revisions: new Map([[revision, made]]), current: revision, sequence, recentSequences: [sequence], version: nextVersion(db),
    channels: new Map([[id, undefined]]), expires: undefined, stopExpiry,
  })
  collection.data.channels.set(id, new Set(channels))
}
