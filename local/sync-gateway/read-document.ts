// Reading a revision as a client may see it. Source: getRev and Get1xRevBodyWithHistory in db/crud.go.
import { allChannels, maySee } from './access.ts'
import { withData } from './attachments.ts'
import type { Place } from './commit.ts'
import type { Document, Revision } from './document.ts'
import { currentOf, historyOf } from './document.ts'
import { shownTime } from './expiry.ts'
import { HttpError } from './http-error.ts'
import { documentFor } from './import.ts'
import type { JsonObject } from './json.ts'
import { objectOf } from './json.ts'
import { generationOf, revisionsOf } from './revision-id.ts'

export type Wish = {
  /** 0 for no `_revisions`. */
  revisionsMax: number
  revisionsFrom: readonly string[]
  /** Undefined for stubs only; otherwise revisions whose attachments the client has. */
  attachmentsSince: readonly string[] | undefined
  showExpiry: boolean
}

export const plainWish: Wish = { revisionsMax: 0, revisionsFrom: [], attachmentsSince: undefined, showExpiry: false }

/**
 * The revision with its `_id`, `_rev` and `_cv`; the current one if `wanted` is empty. A user who may not see it gets a 403, or, having named the
 * revision, is told only that it is gone. Throws 404 `missing` or `deleted`.
 */
export const readRevision = (place: Place, id: string, wanted: string, wish: Wish = plainWish): JsonObject => {
  const { document, revision } = find(place, id, wanted)
  if (revision.id === document.current) revision.version = document.version
  const names = revisionNames(document, revision, wish)
  if (!isVisible(place, revision.channels)) {
    if (wanted === '') throw new HttpError(403, 'forbidden')
    return objectOf([...names, ['_cv', wanted === revision.version ? wanted : undefined], [revision.deleted ? '_deleted' : '_removed', true]])
  }
  if (revision.deleted && wanted === '') throw new HttpError(404, 'deleted')
  if (!revision.body) throw new HttpError(404, 'missing')
  return objectOf([
    ...Object.entries(revision.body),
    ...names,
    ['_cv', revision.version],
    ['_deleted', revision.deleted ? true : undefined],
    ['_exp', wish.showExpiry && document.expires !== undefined ? shownTime(document.expires) : undefined],
    ['_attachments', attachmentsFor(place, document, revision, wish.attachmentsSince)],
  ])
}

/** As the revision cache answers it: a named revision is read as it was, though the document may have expired since. */
const find = (place: Place, id: string, wanted: string): { document: Document; revision: Revision } => {
  const document = wanted === '' ? documentFor(place, id) : place.collection.data.documents.get(id)
  const revision = document && (wanted === '' || wanted === document.version ? currentOf(document) : (document.revisions.get(wanted) ?? versioned(document, wanted)))
  if (!revision) throw new HttpError(404, 'missing')
  return { document, revision }
}

const versioned = ({ revisions }: Document, version: string) => [...revisions.values()].find((revision) => revision.version === version)

export const isVisible = ({ db, collection, user }: Place, channels: readonly string[]) =>
  user === undefined || maySee(allChannels(db, user, collection.keyspace), channels)

const revisionNames = (document: Document, { id }: Revision, { revisionsMax, revisionsFrom }: Wish): [string, JsonObject | string | undefined][] => [
  ['_id', document.id],
  ['_rev', id],
  ['_revisions', revisionsMax > 0 ? revisionsOf(historyOf(document, id), revisionsFrom, revisionsMax) : undefined],
]

const attachmentsFor = ({ collection }: Place, document: Document, { id, attachments }: Revision, since: readonly string[] | undefined) => {
  if (!attachments || !since) return attachments
  const shared = historyOf(document, id).find((ancestor) => since.includes(ancestor))
  return withData(collection, document.id, attachments, shared === undefined ? 1 : generationOf(shared) + 1)
}
