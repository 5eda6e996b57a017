// What the real server refuses in a database configuration, with its words. Source: validateVersion in rest/config.go.
import { HttpError } from './http-error.ts'
import type { Json, JsonObject } from './json.ts'
import { isObject, strings, textOf, wholeNumber } from './json.ts'
import { compile } from './sync-function.ts'

/** Throws a 400 with all that is wrong. */
export const checkConfig = (config: JsonObject) => {
  const scopes = Object.entries(isObject(config['scopes']) ? config['scopes'] : {})
  refuseAll([...notPersisted(config), ...single(config), ...scopeErrors(config, scopes), ...providerErrors(config['local_jwt'])])
}

const refuseAll = (errors: string[]) => {
  if (errors.length > 0) throw new HttpError(400, `${errors.length} errors:\n${errors.join('\n')}`)
}

const notPersisted = (config: JsonObject) =>
  ['server', 'username', 'password', 'certpath', 'keypath', 'cacertpath', 'users', 'roles']
    .filter((member) => config[member] !== undefined && config[member] !== '')
    .map((member) => `Persisted database config does not support customization of the "${member}" field`)

const single = (config: JsonObject) => {
  const errors: string[] = []
  const refuse = (when: boolean, reason: string) => { if (when) errors.push(reason) }
  const imports = config['import_docs']
  const name = textOf(config['name'])
  const importsKnown = imports === undefined || typeof imports === 'boolean' || imports === 'continuous'
  refuse(!importsKnown, `Unrecognized value for import_docs: ${JSON.stringify(imports)}. Valid values are true and false.`)
  errors.push(...syncErrors('sync function error', config['sync']))
  refuse(!/^[a-z][-a-z0-9_$()+/]*$/.test(name), `400 Illegal database name: ${name}`)
  refuse(wholeNumber(config['revs_limit']) === 0n, 'The revs_limit (0) value in your Sync Gateway configuration must be greater than zero.')
  refuse(config['allow_conflicts'] === true, 'allow_conflicts cannot be set to true')
  refuse(config['enable_shared_bucket_access'] === false, 'enable_shared_bucket_access cannot be set to false')
  const index = config['index']
  const saidTwice = config['num_index_replicas'] !== undefined && isObject(index) && index['num_replicas'] !== undefined
  refuse(saidTwice, 'num_index_replicas and index.num_replicas are mutually exclusive. Remove num_index_replicas deprecated option.')
  const xattr = config['user_xattr_key']
  refuse(typeof xattr === 'string' && xattr.length > 15, 'user_xattr_key can only be a maximum of 15 characters')
  return errors
}

const scopeErrors = (config: JsonObject, scopes: [string, Json][]) => {
  if (scopes.length > 1) return [`only one named scope is supported, but had ${scopes.length} (${scopes.map(([name]) => name).join(' ')})`]
  return scopes.flatMap(([name, scope]) => {
    const collections = isObject(scope) && isObject(scope['collections']) ? Object.entries(scope['collections']) : []
    if (collections.length === 0) return [`must specify at least one collection in scope ${name}`]
    return [
      ...(config['use_views'] === true ? ['use_views=true is incompatible with collections which requires GSI'] : []),
      ...(config['sync'] === undefined ? [] : ['cannot specify a database-level sync function with named scopes and collections']),
      ...(config['import_filter'] === undefined ? [] : ['cannot specify a database-level import filter with named scopes and collections']),
      ...collections.flatMap(([collection, value]) => syncErrors(`collection "${collection}" sync function error`, isObject(value) ? value['sync'] : undefined)),
    ]
  })
}

const syncErrors = (where: string, sync: Json | undefined) => {
  if (typeof sync !== 'string' || sync.trim() === '') return []
  try {
    compile(sync, undefined)
    return []
  } catch (cause) {
    return [`${where}: invalid javascript syntax: ${cause instanceof Error ? cause.message : String(cause)}`]
  }
}

const algorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512']

const providerErrors = (providers: Json | undefined) =>
  Object.entries(isObject(providers) ? providers : {}).flatMap(([name, provider]) => (isObject(provider) ? providerError(name, provider) : []))

const providerError = (name: string, provider: JsonObject) => {
  const keys = Array.isArray(provider['keys']) ? provider['keys'] : []
  const remote = typeof provider['jwks_uri'] === 'string' && provider['jwks_uri'] !== ''
  const errors: string[] = []
  const refuse = (when: boolean, reason: string) => { if (when) errors.push(reason) }
  refuse((provider['issuer'] ?? '') === '', `Issuer required for Local JWT provider ${name}`)
  refuse(provider['client_id'] === undefined, `Client ID required for Local JWT provider ${name} (set to "" to disable audience validation)`)
  refuse((strings(provider['algorithms']) ?? []).length === 0, `algorithms required for Local JWT provider ${name}`)
  refuse(keys.length === 0 && !remote, `either 'keys' or 'jwks_uri' must be specified for Local JWT provider ${name}`)
  refuse(keys.length > 0 && remote, `'keys' and 'jwks_uri' are mutually exclusive for Local JWT provider ${name}`)
  refuse(keys.length > 1 && keys.some((key) => !isObject(key) || (key['kid'] ?? '') === ''), `${name}: 'kid' property required on all keys when more than one key is defined`)
  for (const [index, key] of keys.entries()) {
    const label = isObject(key) && typeof key['kid'] === 'string' ? `"${key['kid']}"` : String(index)
    refuse(!isObject(key) || typeof key['kty'] !== 'string', `${name}: key ${label} invalid`)
    refuse(isObject(key) && (key['alg'] ?? '') === '', `${name}: key ${label} has no 'alg' proeprty`)
    refuse(isObject(key) && (key['d'] !== undefined || key['k'] !== undefined), `${name}: key ${label} is not a public key`)
  }
  for (const algorithm of strings(provider['algorithms']) ?? []) refuse(!algorithms.includes(algorithm), `${name}: signing algorithm "${algorithm}" invalid or unsupported`)
  return errors
}
