// Many documents at once: `_bulk_docs`, `_bulk_get`, `_revs_diff`. Source: rest/bulk_api.go, RevDiff in db/database.go.
import { canonical } from './canonical-json.ts'
import type { Document } from './document.ts'
import { leavesOf } from './document.ts'
import { limitIn } from './document-routes.ts'
import type { CollectionCall, Reply } from './exchange.ts'
import { flag } from './exchange.ts'
import { stringListsOf } from './go-struct.ts'
import { asHttpError, bulkErrorName, HttpError } from './http-error.ts'
import type { Json, JsonObject } from './json.ts'
import { isObject, objectOf, strings, textOf, wholeNumber } from './json.ts'
import { putLocal } from './local-documents.ts'
import { multipart, refuseOtherThanMultipart, revisionPart } from './multipart.ts'
import { readRevision } from './read-document.ts'
import { json } from './reply.ts'
import { badJson, readJson, readObject } from './request-body.ts'
import { generationOf, revisionsIn } from './revision-id.ts'
import type { Written } from './write-document.ts'
import { post, put, putExisting } from './write-document.ts'

export const bulkDocs = (call: CollectionCall): Reply => {
  const body = readObject(call)
  const docs = body?.['docs']
  if (!Array.isArray(docs)) throw new HttpError(400, "missing 'docs' property")
  if (!docs.every(isObject)) throw new HttpError(400, 'Document body must be JSON')
  const isLocal = (doc: JsonObject) => typeof doc['_id'] === 'string' && doc['_id'].startsWith('_local/')
  const results = [
    ...docs.filter((doc) => !isLocal(doc)).map((doc) => outcome(doc, () => writeOne(call, doc, body?.['new_edits'] !== false))),
    ...docs.filter(isLocal).map((doc) => outcome(doc, () => localOne(call, doc))),
  ]
  return json(call, results, { status: 201 })
}

const writeOne = (call: CollectionCall, doc: JsonObject, newEdits: boolean): Written => {
  const id = typeof doc['_id'] === 'string' ? doc['_id'] : ''
  if (newEdits) return id === '' ? post(call, doc) : put(call, id, doc)
  const history = revisionsIn(doc)
  if (!history) throw new HttpError(400, 'Bad _revisions')
  return putExisting(call, id, doc, history)
}

const localOne = (call: CollectionCall, doc: JsonObject): Written => {
  const id = textOf(doc['_id'])
  return { id, revision: putLocal(call.collection, id.slice('_local/'.length), doc), version: undefined }
}

const outcome = (doc: JsonObject, write: () => Written): JsonObject => {
  try {
    const { id, revision, version } = write()
    return objectOf([['id', id], ['rev', revision], ['cv', version]])
  } catch (cause) {
    const { status, reason } = asHttpError(cause)
    const id = typeof doc['_id'] === 'string' && doc['_id'] !== '' ? doc['_id'] : undefined
    return objectOf([['id', id], ['error', bulkErrorName(status)], ['reason', reason], ['status', status]])
  }
}

export const bulkGet = (call: CollectionCall): Reply => {
  const docs = readObject(call)?.['docs']
  if (!Array.isArray(docs)) throw new HttpError(400, "missing 'docs' property")
  refuseOtherThanMultipart(call)
  return multipart(call, 'mixed', docs.map((doc) => getOne(call, isObject(doc) ? doc : {})))
}

const getOne = (call: CollectionCall, doc: JsonObject) => {
  const id = typeof doc['id'] === 'string' ? doc['id'] : ''
  const wanted = doc['rev'] ?? ''
  try {
    if (id === '' || typeof wanted !== 'string') throw new HttpError(400, 'Invalid doc/rev ID in _bulk_get')
    const { revisionsMax, from, since } = historyWish(call, doc, id)
    return revisionPart(readRevision(call, id, wanted, {
      revisionsMax,
      revisionsFrom: from ?? since ?? [],
      attachmentsSince: flag(call, 'attachments') ? (since ?? []) : undefined,
      showExpiry: flag(call, 'show_exp'),
    }))
  } catch (cause) {
    const { status, reason } = asHttpError(cause)
    const rev = typeof wanted === 'string' && wanted !== '' ? wanted : undefined
    return revisionPart(objectOf([['id', id], ['error', bulkErrorName(status)], ['reason', reason], ['status', status], ['rev', rev]]), true)
  }
}

/** Of several faults the last one counts, and a good `revs_from`, even none, makes up for those before it, because the real server keeps one error only. */
const historyWish = (call: CollectionCall, doc: JsonObject, id: string) => {
  const limited = flag(call, 'revs') ? limitOf(call, doc, id) : { max: 0, fault: undefined }
  const [since, from] = [listIn(doc, 'atts_since'), limited.max > 0 ? listIn(doc, 'revs_from') : undefined]
  const fault = from ? from.fault : (limited.fault ?? since.fault)
  if (fault !== undefined) throw new HttpError(400, fault)
  return { revisionsMax: limited.max, from: from?.list, since: since.list }
}

const limitOf = (call: CollectionCall, doc: JsonObject, id: string) => {
  if (doc['revs_limit'] === undefined) return { max: limitIn(call), fault: undefined }
  const limit = wholeNumber(doc['revs_limit'])
  if (limit === undefined || limit < 0n) return { max: limitIn(call), fault: `Invalid revs_limit for doc: ${id} in _bulk_get` }
  return { max: Number(limit), fault: undefined }
}

const listIn = (doc: JsonObject, name: string) => {
  const list = strings(doc[name])
  return { list, fault: doc[name] === undefined || list ? undefined : `${name} must be a string array` }
}

/** JSON that the real server labels as text, because it never says what it is. */
export const revsDiff = (call: CollectionCall): Reply => {
  const found = badJson(() => stringListsOf(readJson(call))).flatMap(([id, asked]): [string, Json][] => {
    if (!asked || (call.user && id.startsWith('_design/'))) return []
    const difference = differenceOf(call.collection.data.documents.get(id), asked)
    return difference ? [[id, difference]] : []
  })
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: canonical(objectOf(found)) }
}

const differenceOf = (document: Document | undefined, asked: string[]): Json | undefined => {
  if (!document) return objectOf([['missing', asked]])
  const missing = asked.filter((id) => !document.revisions.has(id))
  if (missing.length === 0) return undefined
  const possible = new Set(missing.flatMap((id) => ancestorsFor(document, generationOf(id), asked)))
  return objectOf([['missing', missing], ['possible_ancestors', possible.size > 0 ? [...possible] : undefined]])
}

const ancestorsFor = (document: Document, generation: number, asked: string[]) =>
  generation <= 1
    ? []
    : leavesOf(document).flatMap(({ id, parent }) => {
        const own = generationOf(id)
        if (asked.includes(id)) return []
        if (own < generation && own >= generation - 100) return [id]
        return own === generation && parent !== undefined ? [parent] : []
      })
