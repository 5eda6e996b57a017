// What users and roles may see: their own channels, those that documents grant, and those of their roles.
import { defaultKeyspace } from './collection.ts'
import type { Database } from './database.ts'
import type { Role, TimedSet, User } from './principal.ts'
import { isUser } from './principal.ts'

/** Own channels and those granted by documents; everybody has the public channel. None in a keyspace that is not there. */
export const ownChannels = (db: Database, role: Role, keyspace: string): TimedSet => {
  const collection = db.collections.get(keyspace)
  if (!collection) return new Map()
  const held: TimedSet = new Map([['!', 1]])
  merge(held, role.channels.get(keyspace))
  for (const granted of collection.data.channelGrants.of(isUser(role) ? role.name : `role:${role.name}`)) merge(held, granted)
  if (isUser(role) && keyspace === defaultKeyspace) merge(held, role.jwt.channels)
  return held
}

/** Roles that do not exist are listed too; they take effect when they are made. */
export const rolesOf = (db: Database, user: User): TimedSet => {
  const held: TimedSet = new Map()
  merge(held, user.roles)
  for (const { data } of db.collections.values()) for (const granted of data.roleGrants.of(user.name)) merge(held, granted)
  merge(held, user.jwt.roles)
  return held
}

/** With the channels of the user's roles, each since the later of the two grants. */
export const allChannels = (db: Database, user: User, keyspace: string): TimedSet => {
  const held = ownChannels(db, user, keyspace)
  for (const [name, since] of rolesOf(db, user)) {
    const role = db.meta.roles.get(name)
    if (role) merge(held, ownChannels(db, role, keyspace), since)
  }
  return held
}

/** A user of `*` sees everything, also what is in no channel. */
export const maySee = (channels: TimedSet, of: Iterable<string>) => {
  if (channels.has('*')) return true
  for (const channel of of) if (channels.has(channel)) return true
  return false
}

const merge = (into: TimedSet, from: TimedSet | undefined, notBefore = 0) => {
  for (const [name, sequence] of from ?? []) {
    const since = Math.max(sequence, notBefore)
    const known = into.get(name)
    if (known === undefined || known > since) into.set(name, since)
  }
}
