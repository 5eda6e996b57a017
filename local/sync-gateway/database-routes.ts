// Databases: made, shown, taken offline, removed. Source: rest/admin_api.go, rest/api.go.
import { createHash } from 'node:crypto'
import { checked, sentConfig } from './config-routes.ts'
import type { DatabaseCall, Exchange, Reply } from './exchange.ts'
import { flag, pathVar } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { HttpError } from './http-error.ts'
import type { JsonObject } from './json.ts'
import { objectOf } from './json.ts'
import { empty, json } from './reply.ts'

const nodeId = createHash('md5').update('callgate').digest('hex')

export const root = (exchange: Exchange): Reply => {
  const vendor = objectOf([['name', 'Couchbase Sync Gateway'], ['version', '4.2']])
  return json(exchange, objectOf([
    ['ADMIN', exchange.port === 'admin' ? true : undefined], ['couchdb', 'Welcome'], ['vendor', vendor], ['version', 'Couchbase Sync Gateway/() CE'],
    ['persistent_config', true], ['cluster_compat_version', '4.2'], ['node_uid', nodeId],
  ]))
}

export const allDatabases = (exchange: Exchange, gateway: Gateway): Reply =>
  json(exchange, flag(exchange, 'verbose') ? gateway.names().map((name) => summary(gateway, name)) : gateway.names())

const summary = (gateway: Gateway, name: string): JsonObject => {
  const db = gateway.find(name)
  return objectOf([['db_name', name], ['bucket', db?.settings.bucket ?? name], ['state', db?.state ?? '']])
}

export const createDatabase = (exchange: Exchange, gateway: Gateway): Reply => {
  const name = pathVar(exchange, 'newdb')
  const config = sentConfig(exchange)
  if (typeof config['name'] === 'string' && config['name'] !== '' && config['name'] !== name) {
    throw new HttpError(400, `When providing a name in the JSON body (${config['name']}), ensure it matches the name in the path (${name}).`)
  }
  gateway.create(name, checked(exchange, name, config))
  return empty(201)
}

/** The public port makes no database, and tells whether there is one. */
export const createOnPublicPort = (exchange: Exchange, gateway: Gateway): Reply => {
  if (gateway.find(pathVar(exchange, 'targetdb'))) throw new HttpError(412, 'Database already exists')
  throw new HttpError(403, 'Creating a DB over the public API is unsupported')
}

export const getDatabase = (call: DatabaseCall): Reply => {
  if (call.method === 'HEAD') return empty()
  const { db } = call
  const sequence = db.state === 'Offline' ? 0 : db.meta.sequence
  return json(call, objectOf([
    ['db_name', db.name], ['update_seq', sequence], ['committed_update_seq', sequence], ['instance_start_time', db.startedAt * 1000],
    ['compact_running', false], ['purge_seq', 0], ['disk_format_version', 0], ['state', db.state],
  ]))
}

export const deleteDatabase = ({ db }: DatabaseCall, gateway: Gateway): Reply => {
  gateway.remove(db.name)
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '{}' }
}

export const fullCommit = (call: DatabaseCall): Reply => json(call, objectOf([['instance_start_time', call.db.startedAt * 1000], ['ok', true]]), { status: 201 })

export const takeOffline = ({ db }: DatabaseCall): Reply => {
  if (db.state === 'Offline') throw new HttpError(503, 'Unable to take Database offline, database must be in Online state but was Offline')
  db.state = 'Offline'
  db.waiters.close()
  return empty()
}

export const takeOnline = ({ db }: DatabaseCall): Reply => {
  db.state = 'Online'
  return empty()
}
