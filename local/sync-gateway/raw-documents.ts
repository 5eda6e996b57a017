// What only an administrator may do with documents: see them with their metadata, and forget them for good.
import { canonical } from './canonical-json.ts'
import type { Collection } from './collection.ts'
import type { Removal } from './document.ts'
import { currentOf, leavesOf } from './document.ts'
import type { CollectionCall, Reply } from './exchange.ts'
import { pathVar } from './exchange.ts'
import { HttpError } from './http-error.ts'
import { documentFor } from './import.ts'
import type { Json, JsonObject } from './json.ts'
import { isObject, objectOf } from './json.ts'
import { json, plainJson } from './reply.ts'
import { decode } from './go-json.ts'

export const getRawDocument = (call: CollectionCall): Reply => {
  const document = documentFor(call, pathVar(call, 'docid'))
  const revision = currentOf(document)
  const body: JsonObject = call.query.get('include_doc') === 'false' ? {} : revision?.deleted ? objectOf([['_deleted', true]]) : (revision?.body ?? {})
  const channels = [...document.channels].map(([channel, removal]): [string, Json] => [channel, removal ? removalJson(removal) : null])
  const { data } = call.collection
  const granted = (by: ReadonlyMap<string, ReadonlyMap<string, number>>) => (by.size > 0 ? objectOf([...by].map(([name, set]) => [name, objectOf(set)])) : undefined)
  const sync = objectOf([
    ['rev', document.current], ['sequence', document.sequence], ['recent_sequences', [document.sequence]], ['channels', objectOf(channels)],
    ['history', objectOf([['revs', [...document.revisions.keys()]], ['leaves', leavesOf(document).map(({ id }) => id)]])],
    ['access', granted(data.channelGrants.by(document.id))], ['role_access', granted(data.roleGrants.by(document.id))],
    ['exp', document.expires === undefined ? undefined : new Date(document.expires).toISOString()], ['cv', document.version],
    ['attachments', revision?.attachments],
  ])
  return json(call, objectOf([...Object.entries(body), ['_sync', sync]]))
}

const removalJson = ({ sequence, revision, deleted }: Removal) => objectOf([['seq', sequence], ['rev', revision], ['del', deleted ? true : undefined]])

/** Takes `{id: ["*"]}`; what is anything else, or is not there, is passed over. */
export const purge = (call: CollectionCall): Reply => {
  const purged = Object.entries(sentIds(call)).flatMap(([id, revisions]) =>
    Array.isArray(revisions) && revisions.length === 1 && revisions[0] === '*' && forget(call.collection, id) ? [id] : [],
  )
  return plainJson(`{"purged":{\r\n${purged.map((id) => `${canonical(id)} : ["*"]\n`).join(',')}}\n}\n`, { 'cache-control': 'private, max-age=0, no-cache, no-store' })
}

const sentIds = (call: CollectionCall): JsonObject => {
  try {
    const sent = decode(call.body.toString())
    if (isObject(sent)) return sent
  } catch { /* The answer is the same as for another type. */ }
  throw new HttpError(400, "_purge document ID's must be passed as a JSON")
}

const forget = ({ data }: Collection, id: string) => {
  const document = data.documents.get(id)
  document?.stopExpiry()
  for (const channel of document?.channels.keys() ?? []) data.channels.get(channel)?.delete(id)
  data.channelGrants.set(id, new Map(), 0)
  data.roleGrants.set(id, new Map(), 0)
  return data.documents.delete(id)
}
