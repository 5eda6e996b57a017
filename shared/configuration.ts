// The environment, read and checked in one place: a missing or malformed variable is an error that names it.
import { ConfigurationError } from './configuration-error.ts'
import { parseLimits, type Limit } from './limit.ts'
import type { LogLevel } from './log.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A variable's meaning: how it is read, what it is when unset (none: it must be set), and what to write when it is wrong. */
type Setting<T> = { read: (text: string) => T | undefined; otherwise?: (environment: Environment) => T; wanted: string }

const url = (...schemes: string[]): Setting<string> => ({
  read: (text) => {
    const fits = URL.canParse(text) && schemes.includes(new URL(text).protocol) && !/[?#]/.test(text)
    return fits ? text.replace(/\/+$/, '') : undefined
  },
  wanted: `a URL (${schemes.map((scheme) => `${scheme}//…`).join(' or ')}) without query`,
})
const text = (pattern: RegExp, wanted: string): Setting<string> => ({ read: (value) => (pattern.test(value) ? value : undefined), wanted })
const list = (pattern: RegExp, wanted: string): Setting<string[]> => ({
  read: (value) => {
    const items = value.split(',').map((item) => item.trim()).filter(Boolean)
    return items.every((item) => pattern.test(item)) ? items : undefined
  },
  wanted: `${wanted}, separated by commas`,
})
const filled = ({ read, wanted }: Setting<string[]>): Setting<string[]> => ({
  read: (value) => { const items = read(value); return items?.length ? items : undefined },
  wanted,
})
const whole = (least: number, most: number): Setting<number> => ({
  read: (value) => (/^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most ? Number(value) : undefined),
  wanted: `a whole number from ${least} to ${most}`,
})
const optional = <T>(setting: Setting<T>, otherwise: T | ((environment: Environment) => T)): Setting<T> => ({
  ...setting,
  otherwise: typeof otherwise === 'function' ? (otherwise as (environment: Environment) => T) : () => otherwise,
})

const limitedTo = (...limits: Limit[]): Setting<Limit[]> =>
  optional({ read: parseLimits, wanted: 'counts by window, such as 5/10m,10/1d (s, m, h or d; 28d at most), or off' }, limits)

// Only a name beyond ASCII needs Unicode's category C, which takes 0.2 ms to read, and V8 would read it in every function if it were between slashes.
const name: Setting<string> = {
  read: (value) => (/^[ !-%'-;=?-~]{1,50}$/.test(value) || new RegExp('^[^\\p{C}<>&]{1,50}$', 'u').test(value) ? value : undefined),
  wanted: 'a name of at most 50 characters, without <, > and &',
}

const web = url('https:', 'http:')
const channel = /^[^,*`]{1,250}$/

const settings = {
  ISSUER: web,
  AUDIENCE: optional(text(/^\S{1,250}$/, 'a URI without spaces'), (environment) => (environment['ISSUER'] ?? '').replace(/\/+$/, '')),
  CLIENTS: filled(list(/^[\w.~-]{1,100}$/, 'client ids')),
  SYNC_GATEWAY_ADMIN_URL: web,
  SYNC_GATEWAY_PUBLIC_URL: web,
  SYNC_GATEWAY_KEYSPACE: text(/^[a-z][a-z0-9_$()+-]*(\.[A-Za-z0-9][\w%-]*\.[A-Za-z0-9][\w%-]*)?$/, 'a database (db) or a collection (db.scope.collection)'),
  COUCHBASE_URL: url('couchbase:', 'couchbases:'),
  COUCHBASE_BUCKET: text(/^[\w.%-]{1,100}$/, 'a bucket name'),
  TWILIO_API_URL: optional(web, 'https://api.twilio.com'),
  CALLER_ID: text(/^\+[1-9]\d{6,14}$/, 'a phone number in E.164 form, such as +12025550100'),
  APP_NAME: name,
  COUNTRIES: filled(list(/^[A-Z]{2}$/, 'countries by two capital letters (US,CA)')),
  ROLES: optional(list(/^[^/:,`]{1,239}$/, 'role names'), []),
  CHANNELS: optional(list(channel, 'channel names'), []),
  SPEAK_BINDING_MESSAGE: optional<boolean>({ read: (value) => (value === 'true' ? true : value === 'false' ? false : undefined), wanted: 'true or false' }, false),
  MATCH_DIGITS: optional(whole(2, 6), 3),
  // Within the 27 s that an invocation has, with the time to redeem after it.
  WAIT_SECONDS_MAX: optional(whole(0, 20), 20),
  // Beside supabase/auth (one call a minute for a number, 30 in five minutes for an address, 30 an hour in all), Twilio Verify (5 in ten minutes
  // for a number) and Firebase (150 an hour for an address): tight where a phone rings, wide where a whole office shares one address.
  LIMIT_NUMBER: limitedTo({ callsMax: 5, windowSeconds: 600 }, { callsMax: 10, windowSeconds: 86_400 }),
  LIMIT_ADDRESS: limitedTo({ callsMax: 30, windowSeconds: 3_600 }, { callsMax: 100, windowSeconds: 86_400 }),
  LIMIT_COUNTRY: limitedTo(),
  LIMIT_TOTAL: limitedTo({ callsMax: 1_000, windowSeconds: 86_400 }),
  LOG_LEVEL: optional<LogLevel>({ read: (value) => (['debug', 'info', 'warn', 'error'] as const).find((level) => level === value), wanted: 'debug, info, warn or error' }, 'info'),
  SECRETS_PREFIX: text(/^[\w/+=.@-]{1,200}$/, 'a path such as callgate/prod'),
  AWS_REGION: text(/^[a-z0-9-]{1,30}$/, 'an AWS region'),
  AWS_ENDPOINT_URL_SECRETS_MANAGER: optional(web, (environment) => `https://secretsmanager.${environment['AWS_REGION'] ?? ''}.amazonaws.com`),
  AWS_ACCESS_KEY_ID: text(/^\S+$/, 'an access key id, which Lambda sets'),
  AWS_SECRET_ACCESS_KEY: text(/^\S+$/, 'a secret access key, which Lambda sets'),
  AWS_SESSION_TOKEN: optional(text(/^\S*$/, 'a session token, which Lambda sets'), ''),
} satisfies Record<string, Setting<unknown>>

type Settings = { [Name in keyof typeof settings]: (typeof settings)[Name] extends { read: (value: string) => infer T } ? Exclude<T, undefined> : never }
export type SettingName = keyof Settings

/** The settings of these names. Throws a ConfigurationError that names every variable that is missing or malformed. */
export const configuration = <Name extends SettingName>(environment: Environment, names: readonly Name[]): Pick<Settings, Name> => {
  const problems: string[] = []
  const values = names.map((name) => {
    const { read, wanted, otherwise } = settings[name] as Setting<unknown>
    const value = environment[name]
    const unset = value === undefined || value === ''
    const result = unset ? otherwise?.(environment) : read(value)
    if (result === undefined) problems.push(`${name} is ${unset ? 'missing' : 'malformed'}: it must be ${wanted}.`)
    return [name, result] as const
  })
  if (problems.length) throw new ConfigurationError(problems.join(' '))
  return Object.fromEntries(values) as Pick<Settings, Name>
}

/** The log's level, or undefined where it is malformed: the log must work before the settings are known to be right. */
export const logLevel = (environment: Environment) => settings.LOG_LEVEL.read(environment['LOG_LEVEL'] ?? '')

/** Where the metrics go: a stage has its own place, by the name under which its secrets are. */
export const metricsNamespace = (environment: Environment) => environment['SECRETS_PREFIX'] ?? 'callgate'

/** What the process was started with. Read by who first needs it, because importing a function must do nothing. */
export const processEnvironment = (): Environment => process.env
