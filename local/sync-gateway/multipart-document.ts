// A document with its attachments as the parts of one multipart body. Source: ReadMultipartDocument in rest/multipart.go.
import { createHash } from 'node:crypto'
import type { Exchange } from './exchange.ts'
import { HttpError } from './http-error.ts'
import type { Json, JsonObject } from './json.ts'
import { isObject, objectIn, objectOf, without, wholeNumber } from './json.ts'
import { decoded, readObject } from './request-body.ts'

type Part = Pick<Exchange, 'headers' | 'body'>

/** The first part is the document; the others are its attachments that `follows`, each known by its digest. Throws an HttpError. */
export const readMultipartDocument = (exchange: Exchange): JsonObject | null => {
  const [main, ...rest] = partsOf(exchange)
  if (!main) throw new HttpError(500, 'Internal error: multipart: NextPart: EOF')
  const document = readObject({ headers: main.headers, body: decoded(main) })
  if (!document) return null
  const attachments = objectIn(document['_attachments'])
  const waiting = new Map(Object.entries(attachments).filter((entry): entry is [string, JsonObject] => isObject(entry[1]) && entry[1]['follows'] === true))
  const count = waiting.size
  if (rest.length < count) throw new HttpError(400, `Too few MIME parts: expected ${count} attachments, got ${rest.length}`)
  const filled = rest.slice(0, count).map(({ body }, index) => filledBy(waiting, body, index + 2))
  if (rest.length > count) throw new HttpError(400, `Too many MIME parts (expected ${count + 1})`)
  return count === 0 ? document : objectOf([...Object.entries(document), ['_attachments', objectOf([...Object.entries(attachments), ...filled])]])
}

/** The attachment of these bytes, which then waits no longer. */
const filledBy = (waiting: Map<string, JsonObject>, data: Buffer, number: number): [string, Json] => {
  const digest = digestOf('sha1', data)
  const found = [digest, digestOf('md5', data)].map((wanted) => [...waiting].find(([, meta]) => meta['digest'] === wanted)).find((entry) => entry !== undefined)
  if (!found) throw new HttpError(400, `MIME part #${number} doesn't match any attachment`)
  const [name, meta] = found
  waiting.delete(name)
  const length = wholeNumber(meta['encoded_length']) ?? wholeNumber(meta['length'])
  if (length !== undefined && length !== BigInt(data.length)) {
    throw new HttpError(400, `Attachment length mismatch for ${JSON.stringify(name)}: read ${data.length} bytes, should be ${length}`)
  }
  return [name, objectOf([...Object.entries(without(meta, ['follows'])), ['data', data.toString('base64')], ['digest', digest]])]
}

const digestOf = (algorithm: 'sha1' | 'md5', data: Buffer) => `${algorithm}-${createHash(algorithm).update(data).digest('base64')}`

/** Lines may end with or without a carriage return. Throws a 500 for a body that does not end as it should. */
const partsOf = ({ headers, body }: Exchange): Part[] => {
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(headers['content-type'] ?? '')?.slice(1).find((text) => text !== undefined)
  if (boundary === undefined) throw new HttpError(500, 'Internal error: multipart: boundary is empty')
  const line = new RegExp(String.raw`\r?\n--${boundary.replaceAll(/[^\w]/g, String.raw`\$&`)}(--)?[ \t]*(?:\r?\n|$)`)
  const [, ...pieces] = `\n${body.toString('latin1')}`.split(line)
  const end = pieces.findIndex((piece, index) => index % 2 === 0 && piece === '--')
  if (end < 0) throw new HttpError(500, 'Internal error: multipart: NextPart: EOF')
  return pieces.slice(0, end).filter((_piece, index) => index % 2 === 1).map(partOf)
}

const partOf = (text: string): Part => {
  const [, head = '', content = ''] = /^(?:([\s\S]*?)\r?\n)?\r?\n([\s\S]*)$/.exec(text) ?? []
  const headers = head.split(/\r?\n/).map((field) => /^([^:]+):\s*(.*?)\s*$/.exec(field)).flatMap((found) => (found ? [[String(found[1]).toLowerCase(), found[2] ?? '']] : []))
  return { headers: Object.fromEntries(headers) as Part['headers'], body: Buffer.from(content, 'latin1') }
}
