// `_resync`: runs the sync function over every document again, as the administrator, each as if it were new.
import { randomUUID } from 'node:crypto'
import { applyOutcome, outcomeFor } from './commit.ts'
import type { Collection } from './collection.ts'
import type { Database } from './database.ts'
import { currentOf } from './document.ts'
import type { DatabaseCall, Reply } from './exchange.ts'
import { HttpError } from './http-error.ts'
import type { JsonObject } from './json.ts'
import { objectOf } from './json.ts'
import { json } from './reply.ts'

export const getResync = (call: DatabaseCall): Reply => json(call, status(call.db))

/** The stand-in is done before it answers, but says `running` once, as the real server does. */
export const postResync = (call: DatabaseCall): Reply => {
  const action = call.query.get('action') || 'start'
  if (action !== 'start' && action !== 'stop') throw new HttpError(400, "Unknown parameter for 'action'. Must be start or stop")
  if (action === 'stop') throw new HttpError(400, 'Database _resync is not running')
  if (call.db.state !== 'Offline') throw new HttpError(503, `Database must be _offline before calling _resync, current state: ${call.db.state}`)
  const resync = { status: 'running' as const, id: randomUUID(), startedAt: call.db.clock.now(), processed: 0, changed: 0 }
  call.db.resync = resync
  const reply = json(call, status(call.db))
  const counts = [...call.db.collections.values()].map((collection) => resyncCollection(call.db, collection))
  const total = (member: 'processed' | 'changed') => counts.reduce((sum, count) => sum + count[member], 0)
  call.db.resync = { ...resync, status: 'completed', processed: total('processed'), changed: total('changed') }
  return reply
}

const resyncCollection = (db: Database, collection: Collection) => {
  const place = { db, collection, user: undefined }
  let changed = 0
  for (const document of collection.data.documents.values()) {
    const revision = currentOf(document)
    if (!revision) continue
    const outcome = outcomeFor(place, document, revision)
    const before = grantsText(collection, document.id, revision.channels)
    applyOutcome(place, document, outcome)
    revision.channels = outcome.channels
    if (grantsText(collection, document.id, outcome.channels) !== before) changed += 1
  }
  return { processed: collection.data.documents.size, changed }
}

const grantsText = ({ data }: Collection, id: string, channels: readonly string[]) =>
  JSON.stringify([channels.toSorted(), ...[data.channelGrants, data.roleGrants].map((grants) => [...grants.by(id)].map(([name, set]) => [name, ...set.keys()]))])

const status = ({ resync }: Database): JsonObject =>
  objectOf([
    ['status', resync?.status ?? 'completed'],
    ['start_time', resync ? new Date(resync.startedAt).toISOString() : '0001-01-01T00:00:00Z'],
    ['last_error', ''],
    ['resync_id', resync?.id ?? ''],
    ['docs_processed', resync?.processed ?? 0],
    ['docs_changed', resync?.changed ?? 0],
    ['docs_errored', 0],
    ['docs_targeted', resync?.processed ?? 0],
  ])
