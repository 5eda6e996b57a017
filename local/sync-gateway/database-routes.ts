// Databases: made, shown, configured, taken offline, removed. Source: rest/admin_api.go, rest/api.go.
import { createHash } from 'node:crypto'
import { canonical } from './canonical-json.ts'
import { checkConfig } from './config-check.ts'
import { databaseConfig } from './config-members.ts'
import { prepared } from './config-text.ts'
import type { DatabaseCall, Exchange, Reply } from './exchange.ts'
import { flag, pathVar } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { decode } from './go-json.ts'
import { structOf } from './go-struct.ts'
import { HttpError } from './http-error.ts'
import type { JsonObject } from './json.ts'
import { isObject, objectOf, without } from './json.ts'
import { empty, json } from './reply.ts'
import { badJson, typed } from './request-body.ts'

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

/** The text of a configuration: variables replaced, known members only, right types. */
const sentConfig = (exchange: Exchange): JsonObject => badJson(() => structOf(decode(prepared(typed(exchange, 'application/json'))), databaseConfig, { strict: true }))

const checked = (exchange: Exchange, name: string, config: JsonObject): JsonObject => {
  const named = objectOf([['bucket', name], ...Object.entries(config), ['name', name]])
  checkConfig(named)
  const oidc = named['oidc']
  if (isObject(oidc) && !flag(exchange, 'disable_oidc_validation')) throw new HttpError(400, '1 errors:\nOpenID Connect defined in config, but no valid providers specified')
  return named
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

export const getConfig = (call: DatabaseCall): Reply => {
  if (call.query.get('redact') === 'false') throw new HttpError(400, 'redact=false is no longer supported')
  const { config } = call.db.settings
  const shown = call.query.get('include_javascript') === 'false' ? without(config, ['sync', 'import_filter']) : config
  return json(call, shown, { headers: { etag: `"${configVersion(config)}"` } })
}

export const configVersion = (config: JsonObject) => digestedVersion(canonical(config))
const digestedVersion = (text: string) => `1-${createHash('md5').update(text).digest('hex')}`

/** PUT replaces the whole configuration, POST only the members that it names. */
export const putConfig = (call: DatabaseCall, gateway: Gateway): Reply => {
  const { db } = call
  const sent = sentConfig(call)
  const match = call.headers['if-match'] ?? ''
  if (match !== '' && !match.includes(`"${configVersion(db.settings.config)}"`)) {
    throw new HttpError(412, 'Provided If-Match header does not match current config version')
  }
  if (typeof sent['name'] === 'string' && sent['name'] !== '' && sent['name'] !== db.name) throw new HttpError(400, 'Cannot update database name')
  const merged = call.method === 'POST' ? objectOf([...Object.entries(db.settings.config), ...Object.entries(sent)]) : sent
  refuseOtherScopes(db.settings.config, merged)
  gateway.reconfigure(db, checked(call, db.name, objectOf([['bucket', db.settings.bucket], ...Object.entries(merged)])))
  return empty(201)
}

const refuseOtherScopes = (before: JsonObject, after: JsonObject) => {
  const scopes = (config: JsonObject) => (isObject(config['scopes']) ? Object.keys(config['scopes']).join() : '')
  if (scopes(before) === scopes(after) || (scopes(before) === '' && scopes(after) === '_default')) return
  throw new HttpError(400, '1 errors:\ncannot change scopes after database creation')
}

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
