// `_all_docs`: the live documents by id, or those of a list of keys. Source: handleAllDocs in rest/bulk_api.go.
import { allChannels } from './access.ts'
import { canonical } from './canonical-json.ts'
import type { Document } from './document.ts'
import { currentOf, historyOf, isDeleted } from './document.ts'
import { stringsIn } from './document-routes.ts'
import type { CollectionCall, Reply } from './exchange.ts'
import { flag } from './exchange.ts'
import { asHttpError, bulkErrorName, HttpError } from './http-error.ts'
import { documentFor } from './import.ts'
import type { Json, JsonObject } from './json.ts'
import { objectOf, strings, without } from './json.ts'
import type { TimedSet } from './principal.ts'
import { isVisible } from './read-document.ts'
import { plainJson } from './reply.ts'
import { readObject } from './request-body.ts'
import { revisionsOf } from './revision-id.ts'

export const allDocs = (call: CollectionCall): Reply => {
  if (call.port === 'public' && !call.db.settings.publicAllDocs) throw new HttpError(403, 'public access to _all_docs is disabled for this database')
  const keys = keysOf(call)
  const held = call.user && allChannels(call.db, call.user, call.collection.keyspace)
  const available = held?.has('*') ? undefined : held
  const limit = Number(/^\d+$/.exec(call.query.get('limit') ?? '')?.[0] ?? 0)
  const rows = keys ? (limit > 0 ? keys.slice(0, limit) : keys).map((key) => rowOfKey(call, key, available)) : rowsInRange(call, available, limit)
  return plainJson(`{"rows":[\n${rows.map((row) => `${canonical(row)}\n`).join(',')}],\n"total_rows":${rows.length},"update_seq":${call.db.meta.sequence}}`)
}

const keysOf = (call: CollectionCall): string[] | undefined => {
  if (call.method === 'POST') {
    const keys = strings(readObject(call)?.['keys'])
    if (!keys) throw new HttpError(400, 'Bad/missing keys')
    return keys
  }
  try {
    return call.method === 'GET' ? stringsIn(call, 'keys') : undefined
  } catch {
    throw new HttpError(400, 'Bad keys')
  }
}

const order = new Intl.Collator('und').compare

const rowsInRange = (call: CollectionCall, available: TimedSet | undefined, limit: number) => {
  const [start, end] = [key(call, 'startkey'), key(call, 'endkey')]
  const rows: JsonObject[] = []
  const documents = [...call.collection.data.documents.values()].filter((document) => !isDeleted(document)).toSorted((a, b) => order(a.id, b.id))
  for (const document of documents) {
    const channels = visible(document, available)
    if ((start !== '' && order(document.id, start) < 0) || (end !== '' && order(document.id, end) > 0) || !channels) continue
    rows.push(row(call, document, channels, document.version))
    if (rows.length === limit) break
  }
  return rows
}

const key = ({ query }: CollectionCall, name: string) => {
  const text = query.get(name) ?? ''
  return /^".*"$/s.test(text) ? text.slice(1, -1) : text
}

/** The document's channels that the user has, or nothing if there are none; an administrator sees also what is in no channel. */
const visible = ({ channels }: Document, available: TimedSet | undefined) => {
  const active = [...channels].flatMap(([channel, removal]) => (removal ? [] : [channel])).toSorted()
  if (!available) return active
  const seen = active.filter((channel) => available.has(channel))
  return seen.length > 0 ? seen : undefined
}

const rowOfKey = (call: CollectionCall, key: string, available: TimedSet | undefined): JsonObject => {
  const refused = (status: number) => objectOf([['key', key], ['error', bulkErrorName(status)], ['status', status]])
  try {
    const document = documentFor(call, key)
    const channels = isVisible(call, currentOf(document)?.channels ?? []) ? visible(document, available) : undefined
    if (!channels) return refused(403)
    return isDeleted(document) ? refused(404) : row(call, document, channels, undefined)
  } catch (cause) {
    return refused(asHttpError(cause).status)
  }
}

const row = (call: CollectionCall, document: Document, channels: string[], version: string | undefined): JsonObject => {
  const value = objectOf([
    ['rev', document.current],
    ['cv', version],
    ['channels', flag(call, 'channels') && channels.length > 0 ? channels : undefined],
    ['access', flag(call, 'access') && call.user === undefined ? accessOf(call, document) : undefined],
  ])
  const listed = version !== undefined && flag(call, 'update_seq') ? document.sequence : undefined
  return objectOf([['key', document.id], ['id', document.id], ['value', value], ['doc', flag(call, 'include_docs') ? docOf(call, document) : undefined], ['update_seq', listed]])
}

const docOf = (call: CollectionCall, document: Document): Json => {
  const revision = currentOf(document)
  const body = objectOf([...Object.entries(revision?.body ?? {}), ['_id', document.id], ['_rev', document.current], ['_attachments', revision?.attachments]])
  const history = flag(call, 'revs') ? revisionsOf(historyOf(document, document.current), [], Number.MAX_SAFE_INTEGER) : undefined
  return without(objectOf([...Object.entries(body), ['_revisions', history]]), ['_cv'])
}

const accessOf = ({ collection: { data } }: CollectionCall, { id }: Document): JsonObject | undefined => {
  const granted = [...data.channelGrants.by(id)].map(([name, channels]): [string, Json] => [name, [...channels.keys()].toSorted()])
  const roles = [...data.roleGrants.by(id)].map(([name, held]): [string, Json] => [`role:${name}`, [...held.keys()].toSorted()])
  return granted.length + roles.length > 0 ? objectOf([...granted, ...roles]) : undefined
}
