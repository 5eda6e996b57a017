// Attachments that come inside a document, and those that it repeats as stubs. Source: db/attachment.go.
import { createHash } from 'node:crypto'
import type { Collection } from './collection.ts'
import type { Document } from './document.ts'
import { historyOf, leavesOf } from './document.ts'
import { HttpError } from './http-error.ts'
import type { Json, JsonObject } from './json.ts'
import { isNumber, isObject, literal, objectOf, textOf } from './json.ts'
import { generationOf } from './revision-id.ts'

const attachmentBytesMax = 20 * 1024 * 1024

export const attachmentKey = (document: string, digest: string) => `${document}\n${digest}`

type Sent = { id: string; parent: string | undefined; attachments: JsonObject | undefined }

/** Keeps the data apart, and answers what the document keeps of them. Undefined without attachments. */
export const storeAttachments = (collection: Collection, document: Document, { id, parent, attachments }: Sent): JsonObject | undefined => {
  if (!attachments || Object.keys(attachments).length === 0) return undefined
  const held = heldBy(document, parent)
  const stored = Object.entries(attachments).map(([name, value]): [string, Json] => {
    if (!isObject(value)) throw new HttpError(400, 'Invalid _attachments')
    if ((value['data'] ?? null) === null) return [name, repeated(name, value, held)]
    const data = decodeData(value['data'] ?? null)
    const meta = metaOf(value, data, generationOf(id))
    collection.data.attachments.set(attachmentKey(document.id, textOf(meta['digest'])), data)
    return [name, meta]
  })
  return objectOf(stored)
}

/** The server looks at this only after the sync function has passed the document. */
export const refuseLargeAttachments = ({ data }: Collection, document: string, attachments: JsonObject | undefined) => {
  for (const meta of Object.values(attachments ?? {})) {
    const stored = isObject(meta) ? data.attachments.get(attachmentKey(document, textOf(meta['digest']))) : undefined
    if (stored && stored.length > attachmentBytesMax) throw new HttpError(413, 'Attachment too large')
  }
}

const repeated = (name: string, value: JsonObject, held: JsonObject | undefined): JsonObject => {
  if (value['stub'] !== true) throw new HttpError(400, `Missing data of attachment ${JSON.stringify(name)}`)
  const known = held?.[name]
  if (isObject(known)) return known
  if (!held && (value['digest'] ?? null) === null) throw new HttpError(400, `Missing digest in stub attachment ${JSON.stringify(name)}`)
  return value
}

const heldBy = (document: Document, parent: string | undefined) =>
  (parent === undefined ? [] : historyOf(document, parent))
    .map((id) => document.revisions.get(id))
    .find((revision) => revision?.body !== undefined)?.attachments

const metaOf = (value: JsonObject, data: Buffer, revpos: number) => {
  const encoded = (value['encoding'] ?? null) !== null
  return objectOf([
    ['stub', true],
    ['digest', `sha1-${createHash('sha1').update(data).digest('base64')}`],
    ['revpos', revpos],
    ['content_type', typeof value['content_type'] === 'string' ? value['content_type'] : undefined],
    ['encoding', encoded ? value['encoding'] : undefined],
    ['encoded_length', encoded ? data.length : undefined],
    ['length', encoded ? value['length'] : data.length],
  ])
}

const decodeData = (data: Json) => {
  if (typeof data !== 'string') throw new HttpError(400, `invalid attachment data (type ${goType(data)})`)
  const text = data.replaceAll(/[\r\n]/g, '')
  const bad = /[^A-Za-z0-9+/=]|=(?=.*[^=])|={3}/.exec(text)?.index ?? (text.length % 4 === 0 ? -1 : text.length - (text.length % 4))
  if (bad >= 0) throw new HttpError(400, `illegal base64 data at input byte ${bad}`)
  return Buffer.from(text, 'base64')
}

const goType = (value: Json) => {
  if (isNumber(value)) return 'json.Number'
  if (Array.isArray(value)) return '[]interface {}'
  return typeof value === 'boolean' ? 'bool' : 'map[string]interface {}'
}

/** With the data of those that changed from generation `since` on, in base64. Throws a 404 if the data are there no more. */
export const withData = (collection: Collection, document: string, attachments: JsonObject, since: number): JsonObject =>
  objectOf(
    Object.entries(attachments).map(([name, meta]) => {
      if (!isObject(meta) || !isNumber(meta['revpos']) || Number(literal(meta['revpos'])) < since) return [name, meta]
      const data = collection.data.attachments.get(attachmentKey(document, textOf(meta['digest'])))
      if (!data) throw new HttpError(404, 'missing')
      return [name, objectOf([...Object.entries(meta).filter(([member]) => member !== 'stub'), ['data', data.toString('base64')]])]
    }),
  )

/** The digests of what the leaves of the document hold. */
export const leafDigests = (document: Document) =>
  new Set(leavesOf(document).flatMap(({ attachments }) => Object.values(attachments ?? {}).map((meta) => (isObject(meta) ? textOf(meta['digest']) : ''))))

/** Data that no leaf holds any more are deleted at once, so that an old revision still names them and cannot give them. */
export const dropObsolete = ({ data }: Collection, document: Document, before: ReadonlySet<string>) => {
  const held = leafDigests(document)
  for (const digest of before) if (!held.has(digest)) data.attachments.delete(attachmentKey(document.id, digest))
}
