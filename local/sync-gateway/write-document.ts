// Writing documents: with a revision that the server makes, or with one that the writer chose. Source: Put and PutExistingRev in db/crud.go.
import { randomBytes } from 'node:crypto'
import { dropObsolete, leafDigests, storeAttachments } from './attachments.ts'
import type { Draft, Place } from './commit.ts'
import { commit, oldDocOf } from './commit.ts'
import type { Document } from './document.ts'
import { isDeleted, isLeaf } from './document.ts'
import { HttpError } from './http-error.ts'
import { importExpired, isExpired, onExpiry, refuseBadId } from './import.ts'
import type { JsonObject } from './json.ts'
import { objectOf } from './json.ts'
import { digestOf, generationOf } from './revision-id.ts'
import { refuseReserved, refuseSync, sentBody, sentExpiry, withLenientExpiry } from './sent-document.ts'

/** No version if nothing was written, because the revision was there already. */
export type Written = { id: string; revision: string; version: string | undefined }

/** A new revision on top of `_rev` or `_cv`; without them it creates, or follows a tombstone. */
export const put = (place: Place, id: string, body: JsonObject): Written => {
  const matchRevision = typeof body['_rev'] === 'string' ? body['_rev'] : ''
  const matchVersion = typeof body['_cv'] === 'string' ? body['_cv'] : ''
  if (generationOf(matchRevision) < 0) throw new HttpError(400, 'Invalid revision ID')
  const expires = sentExpiry(body, place.db.clock.now())
  refuseSync(body)
  const sent = { ...sentBody(body), expires }
  return write(place, id, sent.deleted, (document) => {
    const parent = matched(document, matchRevision, matchVersion, sent.deleted)
    const generation = Math.max(0, generationOf(parent)) + 1
    return { ...sent, id: digestOf(generation, parent, sent.content), parent: parent === '' ? undefined : parent, between: [] }
  })
}

/** Creates a document with the id that the body names, or with one that the server makes. */
export const post = (place: Place, body: JsonObject): Written => {
  if ((body['_rev'] ?? body['_cv'] ?? null) !== null) throw new HttpError(404, 'No previous revision to replace')
  return put(place, typeof body['_id'] === 'string' ? body['_id'] : randomBytes(16).toString('hex'), body)
}

/** The writer's own revision and its history, newest first. Nothing happens if it is there already. An `_exp` that is none counts as content. */
export const putExisting = (place: Place, id: string, body: JsonObject, history: readonly string[]): Written => {
  const [revision = ''] = history
  refuseSync(body)
  if (generationOf(revision) < 0) throw new HttpError(400, 'Invalid revision ID')
  const sent = withLenientExpiry(body, place.db.clock.now())
  return write(place, id, sent.deleted, (document) => {
    const known = history.findIndex((ancestor) => document?.revisions.has(ancestor))
    if (known === 0) return revision
    const parent = known < 0 ? undefined : history[known]
    if (document && isConflict(document, parent, sent.deleted, parent === undefined)) throw new HttpError(409, 'Document revision conflict')
    return { ...sent, id: revision, parent, between: history.slice(1, known < 0 ? undefined : known) }
  })
}

/** Makes a tombstone, also of a document that never was. */
export const remove = (place: Place, id: string, match: JsonObject): Written => put(place, id, objectOf([...Object.entries(match), ['_deleted', true]]))

const write = (place: Place, id: string, deletes: boolean, plan: (document: Document | undefined) => Draft | string): Written => {
  refuseBadId(id)
  const { db, collection } = place
  const known = collection.data.documents.get(id)
  if (known && isExpired(db, known)) importExpired(place, known, deletes)
  const draft = plan(known)
  if (typeof draft === 'string') return { id, revision: draft, version: undefined }
  const document = known ?? newDocument(id)
  const attachments = storeAttachments(collection, document, draft)
  refuseReserved(draft.body)
  const before = leafDigests(document)
  commit(place, document, { ...draft, attachments }, oldDocOf(document, draft.parent), onExpiry(db, collection, document))
  dropObsolete(collection, document, before)
  return { id, revision: draft.id, version: document.version }
}

const newDocument = (id: string): Document => ({
  id, revisions: new Map(), current: '', sequence: 0, recentSequences: [], version: '', channels: new Map(), expires: undefined, stopExpiry: () => {},
})

const matched = (document: Document | undefined, revision: string, version: string, deleted: boolean) => {
  const conflict = new HttpError(409, 'Document revision conflict')
  if (version !== '') {
    if (document?.version !== version) throw conflict
    return document.current
  }
  if (revision !== '') {
    if (!document || !isLeaf(document, revision) || isConflict(document, revision, deleted, true)) throw conflict
    return revision
  }
  if (document && !isDeleted(document)) throw new HttpError(409, 'Document exists')
  return document?.current ?? ''
}

/** Conflicts are never allowed: a revision follows the current one, ends another live branch, or begins anew over a tombstone. */
const isConflict = (document: Document, parent: string | undefined, deleted: boolean, beginsAnew: boolean) => {
  if (parent === document.current) return false
  if (deleted) return parent === undefined || !isLeaf(document, parent) || document.revisions.get(parent)?.deleted === true
  return !(isDeleted(document) && beginsAnew)
}
