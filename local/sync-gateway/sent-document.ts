// What a writer's JSON says besides the content of a document, and the members that it may not have. Source: db/crud.go.
import { expiryOf } from './expiry.ts'
import { HttpError } from './http-error.ts'
import type { JsonObject } from './json.ts'
import { isObject, objectOf, without } from './json.ts'

/** What a body says: `content` is what the digest is made of. */
export const sentBody = (body: JsonObject) => {
  const content = without(body, ['_id', '_rev', '_cv', '_exp', '_revisions', '_attachments'])
  const attachments = isObject(body['_attachments']) ? body['_attachments'] : undefined
  return { content, body: without(content, ['_deleted']), deleted: body['_deleted'] === true, attachments }
}

/** What is no expiry stays in the body. */
export const withLenientExpiry = (sent: JsonObject, now: number) => {
  const plain = sentBody(sent)
  try {
    return { ...plain, expires: sentExpiry(sent, now) }
  } catch {
    return { ...plain, body: objectOf([...Object.entries(plain.body), ['_exp', sent['_exp']]]), expires: undefined }
  }
}

export const refuseSync = (body: JsonObject) => {
  if (body['_sync'] !== undefined) throw new HttpError(400, "document-top level property '_sync' is a reserved internal property")
}

/** Throws a 400. */
export const sentExpiry = (body: JsonObject, now: number) => {
  try {
    return expiryOf(body['_exp'], now)
  } catch (cause) {
    throw new HttpError(400, `Invalid expiry: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

/** Members that no document may have; looked at just before the sync function. */
export const refuseReserved = (body: JsonObject) => {
  if ((body['_removed'] ?? null) !== null) throw new HttpError(404, 'Document revision is not accessible')
  if (body['_purged'] !== undefined) throw new HttpError(400, "user defined top-level property '_purged' is not allowed in document body")
  if (Object.keys(body).some((member) => member.startsWith('_sync_'))) {
    throw new HttpError(400, "user defined top-level properties that start with '_sync_' are not allowed in document body")
  }
}
