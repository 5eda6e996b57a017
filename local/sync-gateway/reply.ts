// The kinds of answers that Sync Gateway gives.
import { canonical } from './canonical-json.ts'
import type { Exchange, Reply } from './exchange.ts'
import { accepts } from './exchange.ts'
import { errorName, HttpError } from './http-error.ts'
import type { Json } from './json.ts'

const jsonType = { 'content-type': 'application/json' }

/** Refuses with 406 if the client takes no JSON, as the real server does, after the work is done. */
export const json = (exchange: Exchange, value: Json, { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {}): Reply => {
  if (!accepts(exchange, 'application/json')) throw new HttpError(406, 'only application/json available')
  return { status, headers: exchange.method === 'HEAD' ? headers : { ...jsonType, ...headers }, body: canonical(value) }
}

/** JSON that is sent whatever the client accepts. */
export const plainJson = (body: string, headers: Record<string, string> = {}): Reply => ({ status: 200, headers: { ...jsonType, ...headers }, body })

export const empty = (status = 200): Reply => ({ status, headers: {}, body: '' })

export const text = (exchange: Exchange, body: string, type: string): Reply => {
  if (!accepts(exchange, type)) throw new HttpError(406, `only ${type} available`)
  return { status: 200, headers: { 'content-type': `${type}; charset=UTF-8` }, body }
}

export const refusal = ({ status, reason }: HttpError): Reply => ({
  status,
  headers: jsonType,
  body: canonical({ error: errorName(status), reason }),
})

export const moved = (location: string, method: string): Reply => ({
  status: 301,
  headers: { location, ...(method === 'GET' || method === 'HEAD' ? { 'content-type': 'text/html; charset=utf-8' } : {}) },
  body: method === 'GET' ? `<a href="${location.replaceAll('&', '&amp;')}">Moved Permanently</a>.\n\n` : '',
})
