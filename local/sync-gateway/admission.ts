// What happens before a route's own work: the database, the login, the keyspace, CORS. The order is that of rest/handler.go.
import { defaultKeyspace } from './collection.ts'
import { corsHeaders } from './cors.ts'
import type { Database } from './database.ts'
import { hasDefault } from './database.ts'
import type { Exchange, Reply } from './exchange.ts'
import { originOf, pathVar } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { HttpError } from './http-error.ts'
import { checkAdmin, publicUser, refuseUnknownDatabase } from './logins.ts'
import { decoded } from './request-body.ts'
import type { Route } from './route.ts'

/** Throws an HttpError for whatever is refused. */
export const admit = async (exchange: Exchange, route: Route, gateway: Gateway): Promise<Reply> => {
  exchange.body = decoded(exchange)
  const isAdmin = exchange.port === 'admin' && route.access === 'own'
  const keyspace = pathVar(exchange, 'keyspace')
  const parts = keyspace === '' ? [pathVar(exchange, 'db')] : partsOf(keyspace)
  const db = parts[0] === '' || parts[0] === undefined ? undefined : databaseFor(exchange, gateway, parts[0], isAdmin)
  const user = isAdmin || !db ? undefined : await publicUser(exchange, db, route.access === 'own')
  if (isAdmin) checkAdmin(exchange, gateway, db)
  if (route.work.on === 'gateway') return route.work.run(exchange, gateway)
  if (!db) throw new HttpError(404, 'unknown URL')
  if (db.state !== 'Online' && !route.offline) throw new HttpError(503, 'DB is currently under maintenance')
  const collection = keyspace === '' ? undefined : collectionFor(db, keyspace, parts.slice(1))
  if (!isAdmin) exchange.extra.push(...corsHeaders(db.settings.cors, originOf(exchange)))
  const call = { ...exchange, db, user }
  if (route.work.on === 'database') return route.work.run(call, gateway)
  if (!collection) throw new HttpError(404, `keyspace ${keyspace} not found`)
  return route.work.run({ ...call, collection }, gateway)
}

/** `db`, `db.collection` or `db.scope.collection`. */
const partsOf = (keyspace: string) => {
  const parts = keyspace.split('.')
  if (parts.length > 3) throw new HttpError(500, `Internal error: unknown keyspace format: ${JSON.stringify(keyspace)} - expected 1-3 fields`)
  if (parts.includes('')) throw new HttpError(500, `Internal error: keyspace fields cannot be empty: ${JSON.stringify(keyspace)}`)
  return parts
}

const databaseFor = (exchange: Exchange, gateway: Gateway, name: string, isAdmin: boolean): Database => {
  if (!/^[a-z][-a-z0-9_$()+/]*$/.test(name)) throw new HttpError(400, `invalid database name ${JSON.stringify(name)}`)
  const db = gateway.find(name)
  if (db) return db
  if (!isAdmin) throw refuseUnknownDatabase(exchange)
  checkAdmin(exchange, gateway, undefined)
  throw gateway.logins ? new HttpError(403, '') : new HttpError(404, `no such database ${JSON.stringify(name)}`)
}

const collectionFor = (db: Database, keyspace: string, parts: string[]) => {
  const scopes = [...new Set([...db.collections.values()].map(({ scope }) => scope))]
  const scope = parts.length === 2 ? parts[0] : parts.length === 1 ? scopes[0] : undefined
  const wanted = scope === undefined ? defaultKeyspace : `${scope}.${parts.at(-1)}`
  const collection = db.collections.get(wanted)
  if (!collection || (scope === undefined && !hasDefault(db))) throw new HttpError(404, `keyspace ${keyspace} not found`)
  return collection
}
