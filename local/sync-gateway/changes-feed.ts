// What changed since a sequence, channel by channel. Source: SimpleMultiChangesFeed in db/changes.go.
import { allChannels } from './access.ts'
import type { ChangesOptions } from './changes-options.ts'
import type { Document } from './document.ts'
import { isDeleted, leavesOf } from './document.ts'
import type { CollectionCall } from './exchange.ts'
import { HttpError } from './http-error.ts'
import { documentFor } from './import.ts'
import type { Json, JsonObject } from './json.ts'
import { objectOf } from './json.ts'
import type { TimedSet, User } from './principal.ts'
import { shownName } from './principal.ts'
import { readRevision } from './read-document.ts'
import type { SequenceId } from './sequence-id.ts'
import { isBefore, plainSequence, safeSequence, sequenceJson } from './sequence-id.ts'

export type Entry = { seq: SequenceId; id: string; revision: string | undefined; deleted: boolean; removed: string[] | undefined; gone: boolean }

/** The channels that the request may read, each since when. Without a user: those that it names, from the beginning. */
export const readableChannels = (call: CollectionCall, wanted: readonly string[]): TimedSet => {
  if (!call.user) return new Map(wanted.map((channel) => [channel, 0]))
  const held = allChannels(call.db, call.user, call.collection.keyspace)
  if (wanted.includes('*')) return held
  return new Map(wanted.flatMap((channel) => {
    const since = held.get(channel) ?? held.get('*')
    return since === undefined ? [] : [[channel, since]]
  }))
}

/** `fresh` are channels that the user got while waiting: they are sent from their beginning. */
export const changesSince = (call: CollectionCall, channels: TimedSet, fresh: ReadonlySet<string>, options: ChangesOptions): Entry[] => {
  const entries = [...channels].flatMap(([channel, since]) => channelEntries(call, channel, sinceFor(options.since, since, fresh.has(channel))))
  const merged = together([...entries, ...userEntries(call.user, options.since)])
  const shown = options.activeOnly ? merged.filter(({ deleted, gone }) => !deleted && !gone) : merged
  return options.limit > 0 ? shown.slice(0, options.limit) : shown
}

/** A channel that the user got after `since` is sent from its beginning, triggered by the grant. */
const sinceFor = (since: SequenceId, addedAt: number, fresh: boolean): SequenceId => {
  const required = addedAt > 1 && isBefore(since, plainSequence(addedAt))
  const pending = since.trigger === 0 || since.trigger < addedAt
  if (fresh || (required && pending)) return { low: 0, trigger: addedAt, seq: 0 }
  return since.trigger > addedAt ? plainSequence(since.trigger - 1) : since
}

const channelEntries = (call: CollectionCall, channel: string, since: SequenceId): Entry[] => {
  const { documents, channels } = call.collection.data
  const ids = channel === '*' ? documents.keys() : (channels.get(channel) ?? [])
  const found: Entry[] = []
  for (const id of ids) {
    const document = documents.get(id)
    const entry = document && entryIn(document, channel)
    if (!entry || entry.seq.seq <= safeSequence(since)) continue
    const triggered = since.trigger > 0 && entry.seq.seq < since.trigger
    if (triggered && (entry.deleted || entry.removed)) continue
    found.push({ ...entry, seq: { low: 0, trigger: triggered ? since.trigger : 0, seq: entry.seq.seq } })
  }
  return found
}

const entryIn = (document: Document, channel: string): Entry | undefined => {
  const removal = document.channels.get(channel)
  if (removal) return { seq: plainSequence(removal.sequence), id: document.id, revision: removal.revision, deleted: removal.deleted, removed: [channel], gone: true }
  if (channel !== '*' && !document.channels.has(channel)) return undefined
  return { seq: plainSequence(document.sequence), id: document.id, revision: document.current, deleted: isDeleted(document), removed: undefined, gone: false }
}

const userEntries = (user: User | undefined, since: SequenceId): Entry[] =>
  user && isBefore(since, plainSequence(user.sequence))
    ? [{ seq: plainSequence(user.sequence), id: `_user/${shownName(user)}`, revision: undefined, deleted: false, removed: undefined, gone: false }]
    : []

/** In order, with the entries of one sequence in one. */
const together = (entries: Entry[]) => {
  const merged: Entry[] = []
  for (const entry of entries.toSorted((a, b) => (isBefore(a.seq, b.seq) ? -1 : Number(isBefore(b.seq, a.seq))))) {
    const last = merged.at(-1)
    if (!last || last.seq.trigger !== entry.seq.trigger || last.seq.seq !== entry.seq.seq) {
      merged.push({ ...entry })
      continue
    }
    last.gone &&= entry.gone
    if (entry.removed) last.removed = [...new Set([...(last.removed ?? []), ...entry.removed])].toSorted()
  }
  return merged
}

/** The feed of `_doc_ids`: those documents that the request may see, as often as it names them. */
export const changesOf = (call: CollectionCall, ids: readonly string[], options: ChangesOptions): Entry[] => {
  const held = call.user && allChannels(call.db, call.user, call.collection.keyspace)
  const entries = ids.flatMap((id) => {
    const document = present(call, id)
    const entry = document && document.sequence > options.since.seq && visibleEntry(document, held, options.since.seq)
    return entry ? [entry] : []
  })
  const sorted = entries.toSorted((a, b) => a.seq.seq - b.seq.seq)
  return options.limit > 0 ? sorted.slice(0, options.limit) : sorted
}

const present = (call: CollectionCall, id: string) => {
  try {
    return documentFor(call, id)
  } catch (cause) {
    if (cause instanceof HttpError) return undefined
    throw cause
  }
}

const visibleEntry = (document: Document, held: TimedSet | undefined, since: number): Entry | undefined => {
  const entry: Entry = { seq: plainSequence(document.sequence), id: document.id, revision: document.current, deleted: isDeleted(document), removed: undefined, gone: false }
  if (!held || held.has('*')) return entry
  const seen = [...document.channels].filter(([channel, removal]) => held.has(channel) && (!removal || removal.sequence > since))
  if (seen.length === 0) return undefined
  const removed = seen.flatMap(([channel, removal]) => (removal ? [channel] : []))
  // Who saw it go by a deletion is told so, though it may have come back where he does not see it.
  const deleted = entry.deleted || seen.some(([, removal]) => removal?.deleted)
  return { ...entry, deleted, removed: removed.length > 0 ? removed.toSorted() : undefined }
}

export const entryJson = (call: CollectionCall, entry: Entry, options: ChangesOptions): JsonObject =>
  objectOf([
    ['seq', sequenceJson(entry.seq)],
    ['id', entry.id],
    ['deleted', entry.deleted ? true : undefined],
    ['removed', entry.removed],
    ['doc', options.includeDocs ? docOf(call, entry) : undefined],
    ['changes', revisionsOf(call, entry, options)],
  ])

const revisionsOf = (call: CollectionCall, { id, revision }: Entry, { allLeaves, activeOnly }: ChangesOptions): Json => {
  if (revision === undefined) return []
  const document = allLeaves ? call.collection.data.documents.get(id) : undefined
  const others = document ? leavesOf(document).filter((leaf) => leaf.id !== revision && !(activeOnly && leaf.deleted)) : []
  const branched = document && leavesOf(document).length > 1
  return [revision, ...(branched ? others.map((leaf) => leaf.id) : [])].map((rev) => objectOf([['rev', rev]]))
}

const docOf = (call: CollectionCall, { id, revision }: Entry) => {
  try {
    return revision === undefined ? undefined : readRevision(call, id, revision)
  } catch (cause) {
    if (cause instanceof HttpError) return undefined
    throw cause
  }
}
