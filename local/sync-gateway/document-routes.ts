// Documents one by one: GET, PUT, POST, DELETE.
import { leavesOf } from './document.ts'
import { isRevisionId, versionFor } from './document-version.ts'
import type { CollectionCall, Reply } from './exchange.ts'
import { accepts, flag, pathVar } from './exchange.ts'
import { asHttpError, HttpError } from './http-error.ts'
import { documentFor } from './import.ts'
import type { Json, JsonObject } from './json.ts'
import { objectOf, strings, textOf } from './json.ts'
import { unmarshal } from './go-json.ts'
import { canonical } from './canonical-json.ts'
import { documentParts, multipart, revisionPart } from './multipart.ts'
import { readMultipartDocument } from './multipart-document.ts'
import type { Wish } from './read-document.ts'
import { readRevision } from './read-document.ts'
import { json, plainJson } from './reply.ts'
import { readObject } from './request-body.ts'
import { revisionsIn } from './revision-id.ts'
import type { Written } from './write-document.ts'
import { post, put, putExisting, remove } from './write-document.ts'

export const getDocument = (call: CollectionCall): Reply => {
  const id = pathVar(call, 'docid')
  const wanted = call.query.get('rev') ?? ''
  const open = call.query.get('open_revs') ?? ''
  refuseReplicator(call)
  if (wanted !== '' && open !== '') throw new HttpError(400, "cannot specify both 'rev' and 'open_revs' query parameters")
  const wish = wishOf(call)
  if (open !== '') return openRevisions(call, id, open, { ...wish, attachmentsSince: [] })
  const body = readRevision(call, id, wanted, wish)
  const headers = { etag: `"${textOf(wanted === '' || isRevisionId(wanted) ? body['_rev'] : body['_cv'])}"` }
  const split = accepts(call, 'multipart/') && ((wish.attachmentsSince !== undefined && body['_attachments'] !== undefined) || !accepts(call, 'application/json'))
  return split ? multipart(call, 'related', documentParts(body), headers) : json(call, body, { headers })
}

const refuseReplicator = (call: CollectionCall) => {
  if (flag(call, 'replicator2')) throw new HttpError(501, 'replicator2 endpoints are only supported in EE')
}

const openRevisions = (call: CollectionCall, id: string, open: string, wish: Wish): Reply => {
  const wanted = open === 'all' ? leavesOf(documentFor(call, id)).map((leaf) => leaf.id) : listed(open)
  const read = wanted.map((revision): { body: JsonObject; found: boolean } => {
    try {
      return { body: readRevision(call, id, revision, wish), found: true }
    } catch {
      return { body: objectOf([['missing', revision]]), found: false }
    }
  })
  if (accepts(call, 'multipart/')) return multipart(call, 'mixed', read.map(({ body, found }) => revisionPart(body, !found)))
  return plainJson(`[\n${read.map(({ body, found }) => `${canonical(found ? objectOf([['ok', body]]) : body)}\n`).join(',')}]`)
}

const listed = (open: string) => {
  try {
    const revisions = strings(unmarshal(open))
    if (revisions) return revisions
  } catch { /* The answer is the same as for another type. */ }
  throw new HttpError(400, 'bad open_revs')
}

/** What the query says about history and attachments. */
const wishOf = (call: CollectionCall): Wish => {
  const from = stringsIn(call, 'revs_from')
  const since = stringsIn(call, 'atts_since')
  return {
    revisionsMax: flag(call, 'revs') ? limitIn(call) : 0,
    revisionsFrom: from ?? since ?? [],
    attachmentsSince: flag(call, 'attachments') ? (since ?? []) : undefined,
    showExpiry: flag(call, 'show_exp'),
  }
}

/** `revs_limit`, without limit if it is no whole number. */
export const limitIn = ({ query }: CollectionCall) => {
  const limit = query.get('revs_limit') ?? ''
  return /^\d+$/.test(limit) ? Number(limit) : Number.MAX_SAFE_INTEGER
}

/** A query parameter that has to be a JSON array of strings. */
export const stringsIn = ({ query }: CollectionCall, name: string): string[] | undefined => {
  const text = query.get(name) ?? ''
  if (text === '') return undefined
  try {
    const value = unmarshal(text)
    if (value === null) return undefined
    const found = strings(value)
    if (found) return found
  } catch { /* The answer is the same as for another type. */ }
  throw new HttpError(400, `${name} URL param is not a JSON string array`)
}

export const putDocument = (call: CollectionCall): Reply => {
  refuseReplicator(call)
  const id = pathVar(call, 'docid')
  const body = sentDocument(call)
  if (typeof body['_id'] === 'string' && body['_id'] !== id) {
    throw new HttpError(400, 'The document ID provided in the body does not match the document ID in the path')
  }
  if (call.query.get('new_edits') === 'false') {
    const history = revisionsIn(body)
    if (!history) throw new HttpError(400, 'Bad _revisions')
    return json(call, writtenBody(putExisting(call, id, body, history)), { status: 201 })
  }
  const written = put(call, id, objectOf([...Object.entries(body), ...Object.entries(versionFor(call, body))]))
  return json(call, writtenBody(written), { status: 201, headers: { etag: `"${written.revision}"` } })
}

export const postDocument = (call: CollectionCall): Reply => {
  const written = post(call, sentDocument(call))
  return json(call, writtenBody(written), { headers: { etag: `"${written.revision}"`, location: written.id } })
}

export const deleteDocument = (call: CollectionCall): Reply => json(call, writtenBody(remove(call, pathVar(call, 'docid'), versionToDelete(call))))

/** As for a PUT, but the real server has wrapped what it refuses, and then takes it for a fault of its own. */
const versionToDelete = (call: CollectionCall) => {
  try {
    return versionFor(call, objectOf([]))
  } catch (cause) {
    const { status, reason } = asHttpError(cause)
    throw new HttpError(500, `Internal error: couldn't get OCC value from request: ${status === 500 ? reason.replace('Internal error: ', '') : `${status} ${reason}`}`)
  }
}

const sentDocument = (call: CollectionCall): JsonObject => {
  const type = (call.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (type !== '' && type !== 'application/json' && type !== 'multipart/related') throw new HttpError(415, `Invalid content type ${type}`)
  const body = type === 'multipart/related' ? readMultipartDocument(call) : readObject(call)
  if (!body) throw new HttpError(400, 'Document body is empty')
  return body
}

export const writtenBody = ({ id, revision, version }: Written): Json => objectOf([['id', id], ['ok', true], ['rev', revision], ['cv', version]])
