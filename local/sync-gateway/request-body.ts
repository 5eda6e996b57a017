// Reads a request's body, with the refusals that belong to it.
import { gunzipSync } from 'node:zlib'
import type { Exchange } from './exchange.ts'
import { decode, JsonError, unmarshal } from './go-json.ts'
import type { Struct } from './go-struct.ts'
import { structOf } from './go-struct.ts'
import { HttpError } from './http-error.ts'
import type { Json, JsonObject } from './json.ts'
import { isNumber, isObject } from './json.ts'

/** Undoes gzip, the only encoding that is taken. */
export const decoded = (exchange: Pick<Exchange, 'headers' | 'body'>): Buffer => {
  const encoding = exchange.headers['content-encoding'] ?? ''
  if (encoding === '') return exchange.body
  if (encoding !== 'gzip') throw new HttpError(415, 'Unsupported Content-Encoding; use gzip')
  try {
    return gunzipSync(exchange.body, { maxOutputLength: 64 * 1024 * 1024 })
  } catch {
    throw new HttpError(500, 'Internal error: gzip: invalid header')
  }
}

/** One JSON value, whatever its type; text after it is not looked at. */
export const readJson = (exchange: Pick<Exchange, 'headers' | 'body'>): Json => badJson(() => decode(jsonText(exchange)))

/** A JSON object that becomes a map in the real server; null is an empty answer for the caller to judge. */
export const readObject = (exchange: Pick<Exchange, 'headers' | 'body'>): JsonObject | null => {
  const value = readJson(exchange)
  if (value === null || isObject(value)) return value
  throw new HttpError(400, `Bad JSON: json: cannot unmarshal ${kindOf(value)} into Go value of type db.Body`)
}

/** A JSON object with known members only. */
export const readStruct = (exchange: Exchange, type: Struct): JsonObject =>
  badJson(() => structOf(decode(jsonText(exchange)), type, { strict: true }))

/** As `readStruct`, but unknown members and any content type pass, and nothing may follow the value. */
export const readLooseStruct = ({ body }: Exchange, type: Struct): JsonObject => {
  try {
    return structOf(unmarshal(body.toString()), type)
  } catch (cause) {
    if (cause instanceof JsonError) throw new HttpError(400, `Invalid JSON: "${cause.message}"`)
    throw cause
  }
}

/** The body as text, if it has the wanted content type or none. Throws a 415. */
export const typed = (exchange: Exchange, wanted: string) => {
  const fault = typeFault(exchange, wanted)
  if (fault !== undefined) throw new HttpError(415, fault)
  return exchange.body.toString()
}

/** Where the real server reads a value, it words a wrong content type as bad JSON. Source: ReadJSONFromMIME in rest/multipart.go. */
const jsonText = (exchange: Pick<Exchange, 'headers' | 'body'>) => {
  const fault = typeFault(exchange, 'application/json')
  if (fault !== undefined) throw new JsonError(`415 ${fault}`)
  return exchange.body.toString()
}

const typeFault = ({ headers }: Pick<Exchange, 'headers'>, wanted: string) => {
  const type = headers['content-type'] ?? ''
  return type === '' || type.startsWith(wanted) ? undefined : `Invalid content type ${type} - expected ${wanted}`
}

export const badJson = <T>(read: () => T): T => {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause
    if (cause.message.includes('unknown field')) throw new HttpError(400, `JSON Unknown Field: ${cause.message}: unrecognized JSON field`)
    throw new HttpError(400, `Bad JSON: ${cause.message}`)
  }
}

const kindOf = (value: Json) => {
  if (Array.isArray(value)) return 'array'
  if (isNumber(value)) return 'number'
  return typeof value === 'boolean' ? 'bool' : 'string'
}
