// Which version a writer means: `rev` in the query, If-Match, or `_cv` or `_rev` in the body. Source: getOCCValue in rest/doc_api.go.
import type { Exchange } from './exchange.ts'
import { HttpError } from './http-error.ts'
import type { JsonObject } from './json.ts'
import { objectOf } from './json.ts'

/** The members `_rev` or `_cv` that the writer's body has to have. Throws a 400, or a 500 for an If-Match without quotes. */
export const versionFor = (exchange: Exchange, body: JsonObject): JsonObject => {
  const named = exchange.query.get('rev') || quoted(exchange)
  if (exchange.query.get('rev')?.includes(' ')) {
    throw new HttpError(400, `Bad rev query parameter: ${JSON.stringify(named)} - ensure this query parameter value is URL Encoded`)
  }
  if (named !== '') return matching(body, kindOf(named), named)
  for (const member of ['_cv', '_rev']) {
    const value = body[member]
    if (value === undefined) continue
    if (typeof value !== 'string') throw new HttpError(400, 'Invalid version type for OCC value: ""')
    return objectOf([[member, value]])
  }
  return objectOf([])
}

/** A revision id or a version vector entry, by its looks. */
export const isRevisionId = (text: string) => /^\d+-/.test(text)

const kindOf = (value: string) => {
  if (isRevisionId(value)) return '_rev'
  if (/^[0-9a-fA-F]+@.+$/.test(value)) return '_cv'
  throw new HttpError(400, `Invalid version type for OCC value: ${JSON.stringify(value)}`)
}

const matching = (body: JsonObject, member: '_rev' | '_cv', value: string) => {
  if ((body[member] ?? null) !== null && body[member] !== value) {
    throw new HttpError(400, member === '_rev' ? 'Revision IDs provided do not match' : 'CVs provided do not match')
  }
  return objectOf([[member, value]])
}

const quoted = ({ headers }: Exchange) => {
  const value = headers['if-match'] ?? ''
  if (value !== '' && !value.includes('"')) throw new HttpError(500, 'Internal error: ETag value is not quoted when trying to read the value')
  return value.replaceAll(/^"+|"+$/g, '')
}
