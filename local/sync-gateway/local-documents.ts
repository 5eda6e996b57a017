// `_local` documents: checkpoints that all users of a collection share, and that no sync function sees. Source: db/special_docs.go.
import type { Collection } from './collection.ts'
import type { CollectionCall, Reply } from './exchange.ts'
import { pathVar } from './exchange.ts'
import { HttpError } from './http-error.ts'
import type { JsonObject } from './json.ts'
import { objectOf, without } from './json.ts'
import { empty, json } from './reply.ts'
import { readObject } from './request-body.ts'

export const getLocalDocument = (call: CollectionCall): Reply => {
  const id = pathVar(call, 'local')
  const body = call.collection.data.locals.get(id)
  if (!body) throw new HttpError(404, 'missing')
  return json(call, objectOf([...Object.entries(body), ['_id', `_local/${id}`]]))
}

export const putLocalDocument = (call: CollectionCall): Reply => {
  const id = pathVar(call, 'local')
  const body = readObject(call)
  if (!body) throw new HttpError(404, 'No previous revision to replace')
  const rev = putLocal(call.collection, id, body)
  return json(call, objectOf([['id', `_local/${id}`], ['ok', true], ['rev', rev]]), { status: 201 })
}

export const deleteLocalDocument = (call: CollectionCall): Reply => {
  const id = pathVar(call, 'local')
  const { locals } = call.collection.data
  matchedRevision(locals.get(id), call.query.get('rev') ?? '', true)
  locals.delete(id)
  return empty()
}

/** Answers the new revision: `0-` and a count. */
export const putLocal = ({ data }: Collection, id: string, body: JsonObject) => {
  const match = typeof body['_rev'] === 'string' ? body['_rev'] : ''
  matchedRevision(data.locals.get(id), match, false)
  const rev = `0-${Number(/^0-(\d+)/.exec(match)?.[1] ?? 0) + 1}`
  data.locals.set(id, objectOf([...Object.entries(without(body, ['_id', '_revisions', '_exp', '_attachments', '_deleted', '_cv'])), ['_rev', rev]]))
  return rev
}

const matchedRevision = (held: JsonObject | undefined, match: string, deletes: boolean) => {
  if (!held && (match !== '' || deletes)) throw new HttpError(404, 'No previous revision to replace')
  if (held && held['_rev'] !== match) throw new HttpError(409, 'Document update conflict')
}
