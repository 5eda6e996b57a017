// What Sync Gateway does when the store has dropped an expired document: it takes the loss for somebody else's write, and imports it.
import type { Collection } from './collection.ts'
import type { Place } from './commit.ts'
import { commit } from './commit.ts'
import type { Database } from './database.ts'
import type { Document } from './document.ts'
import { HttpError } from './http-error.ts'
import { objectOf } from './json.ts'
import { digestOf, generationOf } from './revision-id.ts'
import { scheduleExpiry } from './timer.ts'

export const isExpired = ({ clock }: Database, { expires }: Document) => expires !== undefined && expires <= clock.now()

/** The document, or a 404. Reading one that has expired makes its tombstone. */
export const documentFor = (place: Place, id: string): Document => {
  refuseBadId(id)
  const document = place.collection.data.documents.get(id)
  if (!document) throw new HttpError(404, 'missing')
  if (isExpired(place.db, document)) importExpired(place, document, true)
  return document
}

/** At most 250 bytes, and no underscore in front. */
export const refuseBadId = (id: string) => {
  if (id === '' || Buffer.byteLength(id) > 250 || id.startsWith('_')) throw new HttpError(400, 'Invalid doc ID')
}

/**
 * Expired and unread: a read imports a deletion. A write imports what it would write over: a deletion if it deletes, else a live document
 * with an empty body, which then conflicts with the write.
 */
export const importExpired = ({ db, collection }: Place, document: Document, deleted: boolean) => {
  const content = objectOf([['_deleted', deleted ? true : undefined]])
  const id = digestOf(generationOf(document.current) + 1, document.current, content)
  const draft = { id, parent: document.current, between: [], deleted, body: objectOf([]), attachments: undefined, expires: undefined }
  commit({ db, collection, user: undefined }, document, draft, null, () => {})
}

/** With `import_docs` the store's news of an expiry is imported at once. */
export const onExpiry = (db: Database, collection: Collection, document: Document) => () => {
  if (isExpired(db, document) && collection.data.documents.get(document.id) === document) {
    importExpired({ db, collection, user: undefined }, document, true)
  }
}

/** Sets the timers anew after a change of the configuration. */
export const watchExpiries = (db: Database) => {
  for (const collection of db.collections.values()) {
    for (const document of collection.data.documents.values()) {
      document.stopExpiry()
      document.stopExpiry = scheduleExpiry(db.clock, db.settings.importDocs ? document.expires : undefined, onExpiry(db, collection, document))
    }
  }
}

export const stopExpiries = (db: Database) => {
  for (const { data } of db.collections.values()) for (const document of data.documents.values()) document.stopExpiry()
}
