// `/{keyspace}/_config/sync`: the sync function alone, as JavaScript. Source: rest/admin_api.go.
import { checkConfig } from './config-check.ts'
import { defaultKeyspace } from './collection.ts'
import { refuseStale } from './config-routes.ts'
import type { CollectionCall, Reply } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import type { Json, JsonObject } from './json.ts'
import { objectIn, objectOf } from './json.ts'
import { empty, text } from './reply.ts'
import { typed } from './request-body.ts'

/** Nothing where none is configured, though the default one runs. */
export const getSyncFunction = (call: CollectionCall): Reply => {
  const reply = text(call, call.db.settings.syncFunctions.get(call.collection.keyspace) ?? '', 'application/javascript')
  return { ...reply, headers: { ...reply.headers, etag: `"${call.db.configVersion}"` } }
}

/** Neither variables nor backticks are looked for here. */
export const putSyncFunction = (call: CollectionCall, gateway: Gateway): Reply => change(call, gateway, typed(call, 'application/javascript'))

export const deleteSyncFunction = (call: CollectionCall, gateway: Gateway): Reply => change(call, gateway, undefined)

const change = (call: CollectionCall, gateway: Gateway, sync: string | undefined): Reply => {
  const { config } = call.db.settings
  refuseStale(call)
  const changed = call.collection.keyspace === defaultKeyspace && config['scopes'] === undefined ? withMember(config, 'sync', sync) : inScope(call, config, sync)
  checkConfig(changed)
  gateway.reconfigure(call.db, changed)
  return empty()
}

const inScope = ({ collection: { scope, name } }: CollectionCall, config: JsonObject, sync: string | undefined) => {
  const scopes = objectIn(config['scopes'])
  const collections = objectIn(objectIn(scopes[scope])['collections'])
  const changed = withMember(collections, name, withMember(objectIn(collections[name]), 'sync', sync))
  return withMember(config, 'scopes', withMember(scopes, scope, objectOf([['collections', changed]])))
}

const withMember = (object: JsonObject, member: string, value: Json | undefined) =>
  objectOf([...Object.entries(object).filter(([name]) => name !== member), [member, value]])
