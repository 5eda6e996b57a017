// Attachments one by one: GET, PUT, DELETE of `/{keyspace}/{id}/{attachment}`. Source: rest/doc_api.go.
import { createHash } from 'node:crypto'
import { attachmentKey } from './attachments.ts'
import { byteRange } from './byte-range.ts'
import { writtenBody } from './document-routes.ts'
import { versionFor } from './document-version.ts'
import type { CollectionCall, Reply } from './exchange.ts'
import { flag, pathVar } from './exchange.ts'
import { HttpError } from './http-error.ts'
import type { Json, JsonObject } from './json.ts'
import { isObject, objectOf, textOf } from './json.ts'
import { readRevision } from './read-document.ts'
import { json } from './reply.ts'
import { put } from './write-document.ts'

export const getAttachment = (call: CollectionCall): Reply => {
  const [id, name] = [pathVar(call, 'docid'), pathVar(call, 'attach')]
  const meta = attachmentsIn(readRevision(call, id, call.query.get('rev') ?? ''))[name]
  if (!isObject(meta)) throw new HttpError(404, `missing attachment ${name}`)
  const digest = textOf(meta['digest'])
  const data = call.collection.data.attachments.get(attachmentKey(id, digest))
  if (!data) throw new HttpError(404, 'missing')
  if (flag(call, 'meta')) return json(call, objectOf([...Object.entries(meta), ['key', bucketKey(id, digest)], ['ver', 2]]))
  const range = byteRange(call.headers.range, data.length)
  if (range === 'unsatisfiable') throw new HttpError(416, '')
  const headers = { 'accept-ranges': 'bytes', etag: `"${digest}"`, ...typeHeaders(call, meta) }
  if (!range) return { status: 200, headers, body: data }
  const shown = { ...headers, 'content-range': `bytes ${range.start}-${range.end}/${data.length}` }
  return { status: 206, headers: shown, body: data.subarray(range.start, range.end + 1) }
}

const bucketKey = (id: string, digest: string) => `_sync:att2:${createHash('sha256').update(id).digest('base64')}:${digest}`

const risky = new Set(['', 'text/html', 'application/xhtml+xml', 'image/svg+xml'])

/** A browser is told to store what could run a script; the admin port always says so. */
const typeHeaders = (call: CollectionCall, meta: JsonObject): Record<string, string> => {
  const type = typeof meta['content_type'] === 'string' ? meta['content_type'] : undefined
  const encoding = typeof meta['encoding'] === 'string' ? meta['encoding'] : undefined
  const download = call.user === undefined || (!call.db.settings.serveInsecureAttachments && (type === undefined || risky.has(type.split(';')[0] ?? '')))
  const open = call.query.get('content_encoding') !== 'false'
  return {
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(encoding === undefined ? {} : open ? { 'content-encoding': encoding } : { 'x-content-encoding': encoding, 'content-type': 'application/gzip' }),
    ...(download ? { 'content-disposition': 'attachment' } : {}),
  }
}

export const putAttachment = (call: CollectionCall): Reply => {
  const version = versionFor(call, objectOf([]))
  const { body = version } = bodyForChange(call, version)
  const attachment = objectOf([['data', call.body.toString('base64')], ['content_type', call.headers['content-type'] ?? 'application/octet-stream']])
  return changed(call, body, [...Object.entries(attachmentsIn(body)), [pathVar(call, 'attach'), attachment]], 201)
}

export const deleteAttachment = (call: CollectionCall): Reply => {
  const version = versionFor(call, objectOf([]))
  const { body, refusal } = bodyForChange(call, version)
  if (!body) throw refusal === 'missing' ? new HttpError(409, 'Incorrect revision ID specified') : new HttpError(404, 'Document specified is not found')
  const name = pathVar(call, 'attach')
  if (attachmentsIn(body)[name] === undefined) throw new HttpError(404, `Attachment ${name} is not found`)
  return changed(call, body, Object.entries(attachmentsIn(body)).filter(([held]) => held !== name), 200)
}

/** The revision that is to change, or why there is none. */
const bodyForChange = (call: CollectionCall, version: JsonObject): { body?: JsonObject; refusal?: string } => {
  const wanted = textOf(version['_rev'] ?? version['_cv'])
  const found = readOrNothing(call, wanted)
  if (found.body && wanted === '') throw new HttpError(409, 'Cannot modify attachments without a specific rev ID')
  return found
}

const readOrNothing = (call: CollectionCall, wanted: string) => {
  try {
    return { body: readRevision(call, pathVar(call, 'docid'), wanted) }
  } catch (cause) {
    if (cause instanceof HttpError && cause.status === 404) return { refusal: cause.reason }
    throw cause
  }
}

const changed = (call: CollectionCall, body: JsonObject, attachments: [string, Json][], status: number): Reply => {
  const written = put(call, pathVar(call, 'docid'), objectOf([...Object.entries(body), ['_attachments', objectOf(attachments)]]))
  return json(call, writtenBody(written), { status, headers: { etag: `"${written.revision}"` } })
}

const attachmentsIn = (body: JsonObject): JsonObject => (isObject(body['_attachments']) ? body['_attachments'] : objectOf([]))
