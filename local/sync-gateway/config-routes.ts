// The configuration of a database: sent, checked, shown, changed. Source: rest/admin_api.go.
import { checkConfig } from './config-check.ts'
import { databaseConfig } from './config-members.ts'
import { prepared } from './config-text.ts'
import type { Database } from './database.ts'
import type { DatabaseCall, Exchange, Reply } from './exchange.ts'
import { flag } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { decode } from './go-json.ts'
import { structOf } from './go-struct.ts'
import { HttpError } from './http-error.ts'
import type { Json, JsonObject } from './json.ts'
import { isObject, objectIn, objectOf, without } from './json.ts'
import { empty, json } from './reply.ts'
import { badJson, typed } from './request-body.ts'

/** The text of a configuration: variables replaced, known members only, right types. */
export const sentConfig = (exchange: Exchange): JsonObject => badJson(() => structOf(decode(prepared(typed(exchange, 'application/json'))), databaseConfig, { strict: true }))

/** With its name and bucket. Throws a 400 with all that is wrong. */
export const checked = (exchange: Exchange, name: string, config: JsonObject): JsonObject => {
  const named = objectOf([['bucket', name], ...Object.entries(config), ['name', name]])
  checkConfig(named)
  const oidc = named['oidc']
  if (isObject(oidc) && !flag(exchange, 'disable_oidc_validation')) throw new HttpError(400, '1 errors:\nOpenID Connect defined in config, but no valid providers specified')
  return named
}

export const getConfig = (call: DatabaseCall): Reply => {
  if (call.query.get('redact') === 'false') throw new HttpError(400, 'redact=false is no longer supported')
  const config = shown(call.db.settings.config)
  const wanted = call.query.get('include_javascript') === 'false' ? without(config, ['sync', 'import_filter']) : config
  return json(call, wanted, { headers: etag(call.db) })
}

const etag = ({ configVersion }: Database) => ({ etag: `"${configVersion}"` })

// These members the real server writes even where they were not sent.
const providerDefaults = objectOf([
  ['register', false], ['username_claim', ''], ['roles_claim', ''], ['channels_claim', ''], ['keys', null], ['jwks_uri', ''], ['skip_expiry_check', null],
])

const shown = (config: JsonObject): JsonObject => {
  if (!isObject(config['local_jwt'])) return config
  const providers = Object.entries(config['local_jwt']).map(([name, provider]): [string, JsonObject] => [name, objectOf([...Object.entries(providerDefaults), ...Object.entries(objectIn(provider))])])
  return objectOf([...Object.entries(config), ['local_jwt', objectOf(providers)]])
}

/** PUT replaces the whole configuration, POST only the members that it names. */
export const putConfig = (call: DatabaseCall, gateway: Gateway): Reply => {
  const { db } = call
  const sent = sentConfig(call)
  if (typeof sent['name'] === 'string' && sent['name'] !== '' && sent['name'] !== db.name) {
    throw new HttpError(400, 'Cannot update database name. This requires removing and re-creating the database with a new name')
  }
  checked(call, db.name, sent)
  refuseStale(call)
  const config = call.method === 'POST' ? merge(db.settings.config, sent) : sent
  refuseOtherScopes(db.settings.config, config)
  gateway.reconfigure(db, checked(call, db.name, objectOf([['bucket', db.settings.bucket], ...Object.entries(config)])))
  return { ...empty(201), headers: etag(db) }
}

/** Objects member by member, to any depth. */
const merge = (before: JsonObject, after: JsonObject): JsonObject =>
  objectOf([...Object.entries(before), ...Object.entries(after).map(([member, value]): [string, Json] => [member, merged(before[member], value)])])

const merged = (before: Json | undefined, after: Json) => (isObject(before) && isObject(after) ? merge(before, after) : after)

/** An If-Match has to name the current version. Throws a 412. */
export const refuseStale = ({ headers, db }: DatabaseCall) => {
  const match = headers['if-match'] ?? ''
  if (match !== '' && !match.includes(`"${db.configVersion}"`)) throw new HttpError(412, 'Provided If-Match header does not match current config version')
}

const refuseOtherScopes = (before: JsonObject, after: JsonObject) => {
  const scopes = (config: JsonObject) => (isObject(config['scopes']) ? Object.keys(config['scopes']).join() : '')
  if (scopes(before) === scopes(after) || (scopes(before) === '' && scopes(after) === '_default')) return
  throw new HttpError(400, '1 errors:\ncannot change scopes after database creation')
}
