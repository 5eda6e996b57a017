// Revision ids: a generation and a digest of parent and content, so that the same change has the same id everywhere.
import { createHash } from 'node:crypto'
import { canonical } from './canonical-json.ts'
import type { JsonObject } from './json.ts'
import { isObject, strings, wholeNumber } from './json.ts'

/** 0 for no revision, -1 for a text that is none. */
export const generationOf = (id: string) => {
  if (id === '') return 0
  const generation = /^([+]?\d+)-/.exec(id)?.[1]
  return generation !== undefined && Number(generation) >= 1 ? Number(generation) : -1
}

/** MD5 over one byte with the length of the parent's id, that id, and the body with sorted members. */
export const digestOf = (generation: number, parent: string, body: JsonObject) => {
  const digest = createHash('md5')
  digest.update(Buffer.from([Buffer.byteLength(parent) & 0xff]))
  digest.update(parent)
  digest.update(canonical(body))
  return `${generation}-${digest.digest('hex')}`
}

/** The history that a writer sends: `_revisions`, or `_rev` alone. Undefined if it says neither. */
export const revisionsIn = (body: JsonObject): string[] | undefined => {
  const sent = body['_revisions']
  if (!isObject(sent)) {
    const id = body['_rev']
    return typeof id === 'string' && generationOf(id) >= 1 ? [id] : undefined
  }
  const start = Number(wholeNumber(sent['start']) ?? -1n)
  const ids = strings(sent['ids']) ?? []
  if (ids.length === 0 || start < ids.length) return undefined
  return ids.map((id, index) => `${start - index}-${id}`)
}

/** The member `_revisions` of an answer, cut after an ancestor that the client has, or to `limit`. */
export const revisionsOf = (history: readonly string[], known: readonly string[], limit: number): JsonObject => {
  const found = known.map((id) => history.indexOf(id)).find((index) => index >= 0)
  const shown = found === undefined ? history.slice(0, limit) : history.slice(0, found + 1)
  return { start: generationOf(history[0] ?? ''), ids: shown.map((id) => id.slice(id.indexOf('-') + 1)) }
}
