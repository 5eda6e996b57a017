// What only an administrator may do with documents: see them with their metadata, and forget them for good.
import { canonical } from './canonical-json.ts'
import type { Collection } from './collection.ts'
import type { Document, Removal } from './document.ts'
import { currentOf, isDeleted } from './document.ts'
import type { CollectionCall, Reply } from './exchange.ts'
import { flag, pathVar } from './exchange.ts'
import { shownTime } from './expiry.ts'
import { HttpError } from './http-error.ts'
import { documentFor } from './import.ts'
import type { Json, JsonObject } from './json.ts'
import { objectOf } from './json.ts'
import { json, plainJson } from './reply.ts'
import { readObject } from './request-body.ts'

/** The stored body, with what Sync Gateway keeps in extended attributes; of `_sync` not all that the real server has. */
export const getRawDocument = (call: CollectionCall): Reply => {
  const redacts = flag(call, 'redact')
  if (redacts && flag(call, 'include_doc')) {
    throw new HttpError(400, 'redact and include_doc cannot be true at the same time. If you want to redact you must specify include_doc=false')
  }
  const document = documentFor(call, pathVar(call, 'docid'))
  const revision = currentOf(document)
  const body = redacts || call.query.get('include_doc') === 'false' || revision?.deleted ? undefined : revision?.body
  const [version = '', source = ''] = document.version.split('@')
  const ver = littleEndian(version)
  const attributes = objectOf([
    ['_sync', syncOf(call, document, objectOf([['rev', document.current], ['src', source], ['ver', ver]]))],
    ['_vv', objectOf([['cvCas', ver], ['src', source], ['ver', ver]])],
    ['_mou', null],
    ['_globalSync', revision?.attachments ? objectOf([['attachments_meta', revision.attachments]]) : null],
  ])
  return json(call, objectOf([...Object.entries(body ?? {}), ['_xattrs', attributes]]))
}

const littleEndian = (hex: string) => `0x${Buffer.from(hex.padStart(16, '0'), 'hex').reverse().toString('hex')}`

const syncOf = ({ collection: { data } }: CollectionCall, document: Document, rev: JsonObject): JsonObject => {
  const channels = [...document.channels].map(([channel, removal]): [string, Json] => [channel, removal ? removalJson(removal) : null])
  const granted = (by: ReadonlyMap<string, ReadonlyMap<string, number>>) => (by.size > 0 ? objectOf([...by].map(([name, set]) => [name, objectOf(set)])) : undefined)
  const revisions = [...document.revisions.values()]
  return objectOf([
    ['rev', rev], ['flags', isDeleted(document) ? 1 : undefined], ['sequence', document.sequence], ['recent_sequences', [...document.recentSequences]],
    ['channels', channels.length > 0 ? objectOf(channels) : undefined],
    ['access', granted(data.channelGrants.by(document.id))], ['role_access', granted(data.roleGrants.by(document.id))],
    ['exp', document.expires === undefined ? undefined : shownTime(document.expires)],
    ['history', objectOf([['revs', revisions.map(({ id }) => id)], ['parents', revisions.map(({ parent }) => revisions.findIndex(({ id }) => id === parent))]])],
  ])
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
    return readObject(call) ?? {}
  } catch {
    throw new HttpError(400, "_purge document ID's must be passed as a JSON")
  }
}

const forget = ({ data }: Collection, id: string) => {
  const document = data.documents.get(id)
  document?.stopExpiry()
  for (const channel of document?.channels.keys() ?? []) data.channels.get(channel)?.delete(id)
  data.channelGrants.set(id, new Map(), 0)
  data.roleGrants.set(id, new Map(), 0)
  return data.documents.delete(id)
}
