// Answers of several parts, written as Go's mime/multipart writes them.
import { randomBytes } from 'node:crypto'
import { canonical } from './canonical-json.ts'
import type { Exchange, Reply } from './exchange.ts'
import { accepts } from './exchange.ts'
import { HttpError } from './http-error.ts'
import type { JsonObject } from './json.ts'
import { isObject, objectOf, textOf } from './json.ts'

export type Part = { headers: Record<string, string>; body: Buffer }

/** Refuses with 406 if the client takes no multipart answer. */
export const multipart = (exchange: Exchange, subtype: string, parts: readonly Part[], headers: Record<string, string> = {}): Reply => {
  refuseOtherThanMultipart(exchange)
  const { boundary, body } = joined(parts)
  return { status: 200, headers: { ...headers, 'content-type': `multipart/${subtype}; boundary="${boundary}"` }, body }
}

export const refuseOtherThanMultipart = (exchange: Exchange) => {
  if (!accepts(exchange, 'multipart/')) throw new HttpError(406, 'Response is multipart')
}

const joined = (parts: readonly Part[]) => {
  const boundary = randomBytes(30).toString('hex')
  const pieces = parts.flatMap(({ headers, body }, index) => {
    const lines = Object.entries(headers).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}: ${value}\r\n`)
    return [Buffer.from(`${index === 0 ? '' : '\r\n'}--${boundary}\r\n${lines.join('')}\r\n`), body]
  })
  return { boundary, body: Buffer.concat([...pieces, Buffer.from(`\r\n--${boundary}--\r\n`)]) }
}

/** A revision as one part; with attachments that carry data it is a multipart itself. */
export const revisionPart = (body: JsonObject, isError = false): Part => {
  if (!carriesData(body)) return { headers: { 'Content-Type': `application/json${isError ? '; error="true"' : ''}` }, body: Buffer.from(canonical(body)) }
  const { boundary, body: inner } = joined(documentParts(body))
  // Sync Gateway cuts the last line break of an inner multipart.
  const headers = { 'Content-Type': `multipart/related; boundary="${boundary}"`, 'X-Doc-Id': textOf(body['_id']), 'X-Rev-Id': textOf(body['_rev']) }
  return { headers, body: inner.subarray(0, -2) }
}

const carriesData = ({ _attachments: attachments }: JsonObject) =>
  isObject(attachments) && Object.values(attachments).some((meta) => isObject(meta) && meta['data'] !== undefined)

const inlineBytesMax = 200

/** The document, then each attachment that is too big to stay inside. */
export const documentParts = (body: JsonObject): Part[] => {
  const attachments = Object.entries(isObject(body['_attachments']) ? body['_attachments'] : {})
  const following: Part[] = []
  const kept = attachments.map(([name, meta]): [string, JsonObject] => {
    const given = isObject(meta) ? meta : {}
    const data = typeof given['data'] === 'string' ? Buffer.from(given['data'], 'base64') : undefined
    if (!data || data.length <= inlineBytesMax) return [name, given]
    const type = given['content_type']
    following.push({ headers: { ...(typeof type === 'string' ? { 'Content-Type': type } : {}), 'Content-Disposition': `attachment; filename=${JSON.stringify(name)}` }, body: data })
    return [name, objectOf([...Object.entries(given).filter(([member]) => member !== 'data'), ['follows', true]])]
  })
  const document = attachments.length === 0 ? body : objectOf([...Object.entries(body), ['_attachments', objectOf(kept)]])
  return [{ headers: { 'Content-Type': 'application/json' }, body: Buffer.from(canonical(document)) }, ...following]
}
