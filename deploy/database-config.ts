// A database's configuration: what to change in the one that is there, what one that is not there gets, and what nobody may do to either.

export type Config = Record<string, unknown>
export type Change = { member: string; before: unknown; after: unknown }

// Of the place rather than of the rules: left as they are found. The sync function has a request of its own.
const ofThePlace = new Set(['bucket', 'num_index_replicas', 'enable_shared_bucket_access', 'use_views', 'sync', 'scopes', 'name'])
const isObject = (value: unknown): value is Config => typeof value === 'object' && value !== null && !Array.isArray(value)

// As Sync Gateway merges what a POST names: members of members too, lists as a whole.
const merged = (before: unknown, after: unknown): unknown =>
  isObject(before) && isObject(after) ? { ...before, ...Object.fromEntries(Object.entries(after).map(([member, value]) => [member, merged(before[member], value)])) } : after

const isToBeReplaced = (value: unknown) => JSON.stringify(value).includes('REPLACE-WITH')

/** What `wanted` would change in `found`; what it leaves to be replaced stays as it is found. */
export const changesOf = (found: Config, wanted: Config): Change[] =>
  Object.entries(wanted)
    .filter(([member, after]) => !ofThePlace.has(member) && !isToBeReplaced(after))
    .map(([member, after]) => ({ member, before: found[member], after: merged(found[member], after) }))
    .filter(({ before, after }) => sorted(before) !== sorted(after))

/** Sentences for what a configuration lacks in safety, or would lose of it by the changes. */
export const weaknesses = (found: Config, changes: Change[]): string[] => {
  const after = { ...found, ...Object.fromEntries(changes.map((change) => [change.member, change.after])) }
  const lost = (['disable_password_auth', 'disable_public_all_docs', 'session_cookie_http_only'] as const).filter((member) => found[member] === true && after[member] !== true)
  return [
    ...(disabled(after['guest']) ? [] : ['It would let in guests, who need no login.']),
    ...(after['session_cookie_secure'] === true ? [] : ['Sessions would not be secure: session_cookie_secure must be true.']),
    ...(after['import_docs'] === true || after['import_docs'] === 'continuous' ? [] : ['import_docs must be true, or what expires leaves empty documents behind.']),
    ...(originsOf(after['cors']).includes('*') ? ['Its cors would let in every page.'] : []),
    ...lost.map((member) => `${member} is true and would not be any more.`),
  ]
}

/** What a database that is not there is made with: shut by the one line of its sync function. */
export const freshConfig = (wanted: Config, [scope, collection]: readonly string[]): Config => {
  if (!scope || !collection) return wanted
  const { sync, ...rest } = wanted
  return { ...rest, scopes: { [scope]: { collections: { [collection]: { sync } } } } }
}

export const membersToReplace = (wanted: Config) => Object.entries(wanted).filter(([, value]) => isToBeReplaced(value)).map(([member]) => member)

// Sync Gateway's own default is to have no guest.
const disabled = (guest: unknown) => !isObject(guest) || guest['disabled'] !== false
const originsOf = (cors: unknown): unknown[] => (isObject(cors) ? [cors['origin'], cors['login_origin']].flat() : [])

/** The same text for the same value, whatever the order of its members. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_name, inner: unknown) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner) ?? ''
