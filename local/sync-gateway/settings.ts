// What a database configuration means, with the values that the real server takes where it says nothing.
import type { Json, JsonObject } from './json.ts'
import { isObject, objectIn, strings, textOf, wholeNumber } from './json.ts'
import { defaultKeyspace } from './collection.ts'
import type { Provider } from './local-jwt.ts'
import { providersIn } from './local-jwt.ts'

export type Cors = { origins: string[]; loginOrigins: string[]; headers: string[]; maxAge: number }

export type Settings = {
  /** As it was sent, checked, with `name` and `bucket`. */
  config: JsonObject
  bucket: string
  /** By `scope.collection`; undefined is the default function. */
  syncFunctions: Map<string, string | undefined>
  importDocs: boolean
  guest: JsonObject
  cors: Cors | undefined
  providers: Provider[]
  cookie: { name: string; secure: boolean; httpOnly: boolean }
  disablePasswords: boolean
  askForBasic: boolean
  publicAllDocs: boolean
  allowEmptyPassword: boolean
  useViews: boolean
  revisionsLimit: number
  javascriptTimeoutMs: number | undefined
  serveInsecureAttachments: boolean
  startOffline: boolean
}

/** The configuration has been checked already. */
export const settingsOf = (config: JsonObject): Settings => {
  const yes = (member: string) => config[member] === true
  const seconds = Number(wholeNumber(config['javascript_timeout_secs']) ?? 0n)
  const disablePasswords = yes('disable_password_auth')
  return {
    config,
    bucket: typeof config['bucket'] === 'string' ? config['bucket'] : textOf(config['name']),
    syncFunctions: syncFunctionsIn(config),
    importDocs: yes('import_docs') || config['import_docs'] === 'continuous',
    guest: objectIn(config['guest']),
    cors: corsIn(config['cors']),
    providers: providersIn(config['local_jwt']),
    cookie: {
      name: textOf(config['session_cookie_name']) || 'SyncGatewaySession',
      secure: yes('session_cookie_secure'),
      httpOnly: yes('session_cookie_http_only'),
    },
    disablePasswords,
    askForBasic: !disablePasswords && config['send_www_authenticate_header'] !== false,
    publicAllDocs: !yes('disable_public_all_docs'),
    allowEmptyPassword: yes('allow_empty_password'),
    useViews: yes('use_views'),
    revisionsLimit: Number(wholeNumber(config['revs_limit']) ?? 50n),
    javascriptTimeoutMs: seconds > 0 ? seconds * 1000 : undefined,
    serveInsecureAttachments: yes('serve_insecure_attachment_types'),
    startOffline: yes('offline'),
  }
}

const syncFunctionsIn = (config: JsonObject) => {
  const found = new Map<string, string | undefined>()
  const text = (sync: Json | undefined) => (typeof sync === 'string' && sync.trim() !== '' ? sync : undefined)
  for (const [scope, { collections }] of Object.entries(objectIn(config['scopes'])).map(([name, value]) => [name, objectIn(value)] as const)) {
    for (const [name, collection] of Object.entries(objectIn(collections))) found.set(`${scope}.${name}`, text(objectIn(collection)['sync']))
  }
  if (found.size === 0) found.set(defaultKeyspace, text(config['sync']))
  return found
}

const corsIn = (value: Json | undefined): Cors | undefined =>
  isObject(value)
    ? {
        origins: strings(value['origin']) ?? [],
        loginOrigins: strings(value['login_origin']) ?? [],
        headers: strings(value['headers']) ?? [],
        maxAge: Number(wholeNumber(value['max_age']) ?? 0n),
      }
    : undefined

