// A document with its tree of revisions.
import type { JsonObject } from './json.ts'
import { generationOf } from './revision-id.ts'

export type Revision = {
  id: string
  parent: string | undefined
  deleted: boolean
  channels: readonly string[]
  /** Undefined for an ancestor of which only the id is known. */
  body: JsonObject | undefined
  attachments: JsonObject | undefined
  /** Its version, if somebody read it while it was current: only then does Sync Gateway still know it later, from its cache. */
  version: string | undefined
}

/** A channel that the document left, and by which revision. */
export type Removal = { sequence: number; revision: string; deleted: boolean }

export type Document = {
  id: string
  revisions: Map<string, Revision>
  current: string
  sequence: number
  /** The last twenty, with the current one. */
  recentSequences: readonly number[]
  /** Version vector entry, `hex@source`. */
  version: string
  channels: Map<string, Removal | undefined>
  /** Milliseconds since 1970. */
  expires: number | undefined
  stopExpiry: () => void
}

export const currentOf = (document: Document): Revision | undefined => document.revisions.get(document.current)

export const isDeleted = (document: Document) => currentOf(document)?.deleted ?? false

export const leavesOf = ({ revisions }: Document) => {
  const parents = new Set([...revisions.values()].map(({ parent }) => parent))
  return [...revisions.values()].filter(({ id }) => !parents.has(id))
}

export const isLeaf = (document: Document, id: string) => leavesOf(document).some((leaf) => leaf.id === id)

/** The leaf that counts: a live one before a tombstone, then the longer history, then the greater digest. */
export const winnerOf = (document: Document) =>
  leavesOf(document).toSorted(
    (a, b) => Number(a.deleted) - Number(b.deleted) || generationOf(b.id) - generationOf(a.id) || (a.id < b.id ? 1 : -1),
  )[0]

/** From the revision back to the oldest ancestor that is known. */
export const historyOf = ({ revisions }: Document, id: string): string[] => {
  const history: string[] = []
  for (let revision = revisions.get(id); revision; revision = revision.parent === undefined ? undefined : revisions.get(revision.parent)) {
    history.push(revision.id)
  }
  return history
}

/** Cuts every branch to so many revisions. */
export const prune = (document: Document, limit: number) => {
  const kept = new Set(leavesOf(document).flatMap(({ id }) => historyOf(document, id).slice(0, limit)))
  for (const [id, revision] of document.revisions) {
    if (!kept.has(id)) document.revisions.delete(id)
    else if (revision.parent !== undefined && !kept.has(revision.parent)) revision.parent = undefined
  }
}
