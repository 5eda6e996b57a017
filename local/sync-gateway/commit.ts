// Puts a new revision into a document, if the sync function lets it: channels, grants, sequence, expiry, and the news of it.
import { allChannels, rolesOf } from './access.ts'
import { refuseLargeAttachments } from './attachments.ts'
import { canonical } from './canonical-json.ts'
import type { Collection } from './collection.ts'
import type { Database } from './database.ts'
import { nextSequence, nextVersion } from './database.ts'
import type { Document, Revision } from './document.ts'
import { historyOf, isDeleted, prune, winnerOf } from './document.ts'
import { askedExpiry } from './expiry.ts'
import { HttpError } from './http-error.ts'
import type { JsonObject } from './json.ts'
import { objectOf } from './json.ts'
import type { User } from './principal.ts'
import type { Outcome, Writer } from './sync-function.ts'
import { scheduleExpiry } from './timer.ts'

/** A revision that wants to be; `between` are the ids of unseen ancestors, newest first. */
export type Draft = {
  id: string
  parent: string | undefined
  between: readonly string[]
  deleted: boolean
  body: JsonObject
  attachments: JsonObject | undefined
  /** Milliseconds since 1970. */
  expires: number | undefined
}

export type Place = { db: Database; collection: Collection; user: User | undefined }

const bodyBytesMax = 20 * 1024 * 1024
const recentSequencesMax = 20

/** `oldDoc` is what the function sees as such. Throws the function's refusal; then nothing has changed. */
export const commit = (place: Place, document: Document, draft: Draft, oldDoc: JsonObject | null, onExpiry: () => void) => {
  const { db, collection } = place
  const outcome = collection.sync(docOf(document.id, draft), oldDoc, writerOf(place))
  refuseLargeAttachments(collection, document.id, draft.attachments)
  if (Buffer.byteLength(canonical(draft.body)) > bodyBytesMax) throw new HttpError(413, 'Document too large!')
  const revision: Revision = {
    id: draft.id, parent: draft.between.at(0) ?? draft.parent, deleted: draft.deleted, channels: outcome.channels, body: draft.body, attachments: draft.attachments,
    version: undefined,
  }
  for (const [index, id] of draft.between.entries()) {
    const parent = draft.between[index + 1] ?? draft.parent
    document.revisions.set(id, { id, parent, deleted: false, channels: [], body: undefined, attachments: undefined, version: undefined })
  }
  document.revisions.set(revision.id, revision)
  document.sequence = nextSequence(db)
  document.recentSequences = [...document.recentSequences, document.sequence].slice(-recentSequencesMax)
  document.version = nextVersion(db)
  collection.data.documents.set(document.id, document)
  const asked = askedExpiry(outcome.expiry, db.clock.now()) ?? draft.expires
  document.expires = asked === 0 ? undefined : asked
  document.stopExpiry()
  document.stopExpiry = scheduleExpiry(db.clock, db.settings.importDocs ? document.expires : undefined, onExpiry)
  settle(place, document, revision, outcome)
  prune(document, db.settings.revisionsLimit)
}

/** The winner's channels and grants become the document's; a tombstone of an older branch may win again. */
const settle = (place: Place, document: Document, revision: Revision, outcome: Outcome) => {
  const before = document.current
  const winner = winnerOf(document) ?? revision
  document.current = winner.id
  if (winner.id === before && winner.id !== revision.id) return
  const won = winner.id === revision.id ? outcome : outcomeFor(place, document, winner)
  applyOutcome(place, document, won)
}

/** The sync function's word on a revision that is there already, as the administrator; a refusal leaves it in no channel. */
export const outcomeFor = ({ collection }: Place, document: Document, revision: Revision): Outcome => {
  const draft = { ...revision, body: revision.body ?? objectOf([]), between: [], expires: undefined }
  try {
    return collection.sync(docOf(document.id, draft), null, undefined)
  } catch {
    return { channels: [], access: new Map(), roles: new Map(), expiry: [] }
  }
}

export const applyOutcome = ({ db, collection }: Place, document: Document, { channels, access, roles }: Outcome) => {
  const changed = updateChannels(collection, document, channels)
  const granted = collection.data.channelGrants.set(document.id, access, document.sequence)
  const users = collection.data.roleGrants.set(document.id, roles, document.sequence)
  const principals = [...granted, ...users].map((name) => (name.startsWith('role:') ? `role ${name.slice(5)}` : `user ${name}`))
  db.waiters.notify([...principals, ...[...changed, '*'].map((channel) => `${collection.keyspace} ${channel}`)])
}

const updateChannels = ({ data }: Collection, document: Document, wanted: readonly string[]) => {
  const changed = new Set(wanted)
  for (const [channel, removal] of document.channels) {
    if (removal || changed.has(channel)) continue
    document.channels.set(channel, { sequence: document.sequence, revision: document.current, deleted: isDeleted(document) })
    changed.add(channel)
  }
  for (const channel of wanted) {
    document.channels.set(channel, undefined)
    data.channels.set(channel, (data.channels.get(channel) ?? new Set<string>()).add(document.id))
  }
  return changed
}

/** What the sync function sees of a revision: no attachments, no expiry. */
const docOf = (id: string, { id: revision, deleted, body }: Pick<Draft, 'id' | 'deleted' | 'body'>) =>
  objectOf([...Object.entries(body), ['_id', id], ['_rev', revision], ['_deleted', deleted ? true : undefined]])

/** The stored ancestor of a revision as the sync function sees it: with its attachments, without its revision. A tombstone's body is not stored. */
export const oldDocOf = (document: Document, parent: string | undefined): JsonObject | null => {
  const known = parent === undefined ? [] : historyOf(document, parent)
  const revision = known.map((id) => document.revisions.get(id)).find((ancestor) => ancestor?.body !== undefined)
  if (!revision?.body) return null
  if (revision.deleted) return objectOf([['_id', document.id], ['_deleted', true]])
  return objectOf([...Object.entries(revision.body), ['_id', document.id], ['_attachments', revision.attachments]])
}

const writerOf = ({ db, collection, user }: Place): Writer | undefined =>
  user && { name: user.name, roles: [...rolesOf(db, user).keys()], channels: [...allChannels(db, user, collection.keyspace).keys()] }
