// Making and changing users and roles. Source: UpdatePrincipal in db/users.go.
import { randomBytes } from 'node:crypto'
import { ownChannels, rolesOf } from './access.ts'
import { defaultKeyspace } from './collection.ts'
import type { Database } from './database.ts'
import { nextSequence } from './database.ts'
import { HttpError } from './http-error.ts'
import type { Json, JsonObject } from './json.ts'
import { objectIn, strings } from './json.ts'
import { passwordFault, setPassword } from './password.ts'
import type { Role, User } from './principal.ts'
import { isUser, replaceAt, sameNames } from './principal.ts'
import { nameFault } from './principal-name.ts'
import { isChannelName } from './sync-function.ts'

type Change = { kind: 'user' | 'role'; name: string; replace: boolean }

/** Only the members that are named change. True if there was one already. Throws an HttpError. */
export const updatePrincipal = (db: Database, info: JsonObject, { kind, name, replace }: Change) => {
  const known = kind === 'user' ? db.meta.users.get(name) : db.meta.roles.get(name)
  if (known && !replace) throw new HttpError(409, 'Already exists')
  const password = typeof info['password'] === 'string' ? info['password'] : undefined
  if (kind === 'user') refusePassword(db, password, known !== undefined)
  const principal = known ?? (kind === 'user' ? newUser(name) : newRole(name))
  const channels = wantedChannels(db, info)
  if (kind === 'user') for (const role of named(info['admin_roles']) ?? []) if (nameFault(role) !== undefined) throw new HttpError(400, `Invalid role name ${JSON.stringify(role)}`)
  refuseReadOnly(db, principal, info)
  const changed = !known || password !== undefined || differs(principal, info, channels)
  if (!changed) return true
  if (isUser(principal) && password !== undefined) setPassword(principal, password)
  apply(principal, info, channels, (principal.sequence = nextSequence(db)))
  if (isUser(principal)) db.meta.users.set(name, principal)
  else {
    db.meta.roles.set(name, principal)
    db.meta.deletedRoles.delete(name)
  }
  db.waiters.notify([`${kind} ${name}`])
  return known !== undefined
}

const refusePassword = (db: Database, password: string | undefined, known: boolean) => {
  if (known && password === undefined) return
  const fault = passwordFault(password, db.settings.allowEmptyPassword)
  if (fault !== undefined) throw new HttpError(400, `Error ${known ? 'updating user/role' : 'creating user'}: ${fault}`)
}

const refuseReadOnly = (db: Database, principal: Role, info: JsonObject) => {
  const [channels, roles] = [strings(info['all_channels']) ?? [], strings(info['roles']) ?? []]
  if (channels.length > 0 && !sameNames(ownChannels(db, principal, defaultKeyspace), channels)) throw new HttpError(400, 'all_channels is read-only')
  if (isUser(principal) && roles.length > 0 && !sameNames(rolesOf(db, principal), roles)) throw new HttpError(400, 'roles is read-only')
}

/** The channels that are named, by keyspace. */
const wantedChannels = (db: Database, info: JsonObject) => {
  const wanted = new Map<string, string[]>()
  const plain = named(info['admin_channels'])
  if (plain) wanted.set(defaultKeyspace, plain)
  for (const [scope, collections] of Object.entries(objectIn(info['collection_access']))) {
    for (const [collection, value] of Object.entries(objectIn(collections))) wanted.set(`${scope}.${collection}`, collectionChannels(db, `${scope}.${collection}`, value))
  }
  for (const channel of [...wanted.values()].flat()) if (!isChannelName(channel)) throw new HttpError(400, `Illegal channel name ${JSON.stringify(channel)}`)
  return wanted
}

const collectionChannels = (db: Database, keyspace: string, value: Json) => {
  if (!db.collections.has(keyspace)) throw new HttpError(404, `keyspace specified in collection_access (${db.name}.${keyspace}) not found`)
  const access = objectIn(value)
  for (const member of ['all_channels', 'jwt_channels', 'jwt_last_updated']) {
    if ((access[member] ?? null) !== null) throw new HttpError(400, `collection_access.${member} is read-only`)
  }
  return named(access['admin_channels']) ?? []
}

const differs = (principal: Role, info: JsonObject, channels: Map<string, string[]>) => {
  for (const [keyspace, names] of channels) if (!sameNames(principal.channels.get(keyspace), names)) return true
  if (!isUser(principal)) return false
  const roles = named(info['admin_roles'])
  return (
    (typeof info['email'] === 'string' && info['email'] !== principal.email) ||
    (typeof info['disabled'] === 'boolean' && info['disabled'] !== principal.disabled) ||
    (roles !== undefined && !sameNames(principal.roles, roles))
  )
}

const apply = (principal: Role, info: JsonObject, channels: Map<string, string[]>, sequence: number) => {
  for (const [keyspace, names] of channels) {
    const held = principal.channels.get(keyspace) ?? new Map<string, number>()
    replaceAt(held, names, sequence)
    principal.channels.set(keyspace, held)
  }
  if (!isUser(principal)) return
  const { email, disabled } = info
  if (typeof email === 'string') setEmail(principal, email)
  if (typeof disabled === 'boolean') principal.disabled = disabled
  const roles = named(info['admin_roles'])
  if (roles) replaceAt(principal.roles, roles, sequence)
}

/** What is no address is passed over. */
const setEmail = (user: User, email: string) => {
  if (email === '' || /^[-+.\w]+@[-\w.]+$/.test(email)) user.email = email
}

/** What a token of the user's issuer says of it; only what is new takes a sequence. A token without `email` takes the user's away. */
export const applyToken = (db: Database, user: User, issuer: string, { email, roles, channels }: { email: string; roles: string[]; channels: string[] }) => {
  if (user.jwt.issuer === issuer && user.email === email && sameNames(user.jwt.roles, roles) && sameNames(user.jwt.channels, channels)) return
  user.sequence = nextSequence(db)
  setEmail(user, email)
  user.jwt.issuer = issuer
  replaceAt(user.jwt.roles, roles, user.sequence)
  replaceAt(user.jwt.channels, channels, user.sequence)
  db.waiters.notify([`user ${user.name}`])
}

export const newUser = (name: string): User => ({
  kind: 'user', name, channels: new Map(), sequence: 0, email: '', disabled: false, password: undefined, roles: new Map(),
  sessionMark: randomBytes(8).toString('hex'),
  jwt: { issuer: '', roles: new Map(), channels: new Map() },
})

const newRole = (name: string): Role => ({ kind: 'role', name, channels: new Map(), sequence: 0 })

const named = (value: Json | undefined) => (Array.isArray(value) ? [...new Set(value.filter((name) => typeof name === 'string'))] : undefined)
