// `_user` and `_role` on the admin port. Source: rest/admin_api.go.
import { allChannels, ownChannels, rolesOf } from './access.ts'
import { defaultKeyspace } from './collection.ts'
import type { Database } from './database.ts'
import { hasDefault, nextSequence, onlyDefault } from './database.ts'
import { principalConfig } from './config-members.ts'
import type { DatabaseCall, Reply } from './exchange.ts'
import { flag, pathVar } from './exchange.ts'
import { HttpError } from './http-error.ts'
import type { Json, JsonObject } from './json.ts'
import { objectOf } from './json.ts'
import { endSessions } from './password.ts'
import type { Role } from './principal.ts'
import { isUser, shownName } from './principal.ts'
import { nameFault } from './principal-name.ts'
import { updatePrincipal } from './principals.ts'
import { empty, json } from './reply.ts'
import { readLooseStruct } from './request-body.ts'

type Kind = 'user' | 'role'

const internalName = (name: string) => (name === 'GUEST' ? '' : name)

/** POST takes the name from the body and never overwrites; PUT changes only the members that it names. */
export const putPrincipal = (kind: Kind) => (call: DatabaseCall): Reply => {
  const info = readLooseStruct(call, principalConfig)
  const given = typeof info['name'] === 'string' ? info['name'] : undefined
  const inPath = call.vars['name'] ?? ''
  if (call.method === 'POST' && given === undefined) throw new HttpError(400, 'Missing name property')
  if (call.method === 'PUT' && given !== undefined && given !== inPath) throw new HttpError(400, "Name mismatch (can't change name)")
  if (['jwt_issuer', 'jwt_roles', 'jwt_channels'].some((member) => info[member] !== undefined && canonicalLength(info[member]) > 0)) {
    throw new HttpError(400, "Can't change read-only properties")
  }
  const name = internalName(given ?? inPath)
  const fault = nameFault(name)
  if (fault !== undefined) throw new HttpError(400, fault)
  if (kind === 'role' && name === '') throw new HttpError(500, 'Internal error: UpdatePrincipal: cannot create principal with empty name')
  return empty(updatePrincipal(call.db, info, { kind, name, replace: call.method !== 'POST' }) ? 200 : 201)
}

const canonicalLength = (value: Json | undefined) => (Array.isArray(value) ? value.length : 1)

export const getPrincipal = (kind: Kind) => (call: DatabaseCall): Reply => {
  const name = call.vars['name'] ?? ''
  const principal = kind === 'user' ? call.db.meta.users.get(internalName(name)) : call.db.meta.roles.get(name)
  if (!principal) throw new HttpError(404, 'missing')
  return json(call, shown(call.db, principal))
}

const shown = (db: Database, principal: Role): JsonObject => {
  const user = isUser(principal) ? principal : undefined
  const inherited = (keyspace: string) => names(user ? allChannels(db, user, keyspace) : ownChannels(db, principal, keyspace))
  return objectOf([
    ['name', user ? shownName(user) : principal.name],
    ['admin_channels', names(principal.channels.get(defaultKeyspace))],
    ['all_channels', hasDefault(db) ? inherited(defaultKeyspace) : undefined],
    ['collection_access', onlyDefault(db) ? undefined : collectionAccess(db, principal, inherited)],
    ...(user ? ([['email', user.email], ['disabled', user.disabled], ['admin_roles', names(user.roles)], ['roles', names(rolesOf(db, user))]] as const) : []).map(
      ([member, value]): [string, Json | undefined] => [member, value],
    ),
  ])
}

const collectionAccess = (db: Database, principal: Role, inherited: (keyspace: string) => Json | undefined) => {
  const scopes = new Map<string, [string, Json][]>()
  for (const { scope, name, keyspace } of db.collections.values()) {
    if (keyspace === defaultKeyspace) continue
    const access = objectOf([['admin_channels', names(principal.channels.get(keyspace))], ['all_channels', inherited(keyspace)]])
    scopes.set(scope, [...(scopes.get(scope) ?? []), [name, access]])
  }
  return objectOf([...scopes].map(([scope, collections]) => [scope, objectOf(collections)]))
}

const names = (set: ReadonlyMap<string, unknown> | undefined): string[] | undefined => (set && set.size > 0 ? [...set.keys()].toSorted() : undefined)

/** Deleting a role takes a sequence, deleting a user does not. A deleted role can still be listed, unless purged. */
export const deletePrincipal = (kind: Kind) => (call: DatabaseCall): Reply => {
  const { db } = call
  const name = call.vars['name'] ?? ''
  if (kind === 'user' && name === 'GUEST') throw new HttpError(405, 'The GUEST user cannot be deleted. Only disabled via an update.')
  if (!(kind === 'user' ? db.meta.users : db.meta.roles).delete(name)) throw new HttpError(404, 'missing')
  if (kind === 'role') {
    nextSequence(db)
    if (!flag(call, 'purge')) db.meta.deletedRoles.add(name)
  }
  db.waiters.notify([`${kind} ${name}`])
  return empty()
}

export const listUsers = (call: DatabaseCall): Reply => {
  const nameOnly = (call.query.get('name_only') || 'true') === 'true'
  const limit = Number(/^\d+$/.exec(call.query.get('limit') ?? '')?.[0] ?? 0)
  if (limit > 0 && nameOnly) throw new HttpError(400, 'Use of limit only supported when name_only=false')
  const users = [...call.db.meta.users.values()].filter(({ name }) => name !== '').toSorted((a, b) => (a.name < b.name ? -1 : 1))
  if (nameOnly) return json(call, users.map(({ name }) => name))
  if (call.db.settings.useViews) throw new HttpError(400, 'Use of name_only=false not supported when database has use_views=true')
  const listed = limit > 0 ? users.slice(0, limit) : users
  return json(call, listed.map(({ name, email, disabled }) => objectOf([['name', name], ['email', email === '' ? undefined : email], ['disabled', disabled]])))
}

export const listRoles = (call: DatabaseCall): Reply => {
  const { roles, deletedRoles } = call.db.meta
  return json(call, [...roles.keys(), ...(flag(call, 'deleted') ? deletedRoles : [])].toSorted())
}

/** Ends all sessions of a user, and is content if there is no such user. */
export const deleteSessionsOfUser = (call: DatabaseCall): Reply => {
  const user = call.db.meta.users.get(pathVar(call, 'name'))
  if (user) endSessions(user)
  return empty()
}
