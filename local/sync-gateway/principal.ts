// Users and roles as the database keeps them.

/** Channel or role name to the sequence since when it is held. */
export type TimedSet = Map<string, number>

export type Role = {
  kind: 'role' | 'user'
  name: string
  /** By `scope.collection`, as the administrator gave them. */
  channels: Map<string, TimedSet>
  sequence: number
}

export type User = Role & {
  kind: 'user'
  email: string
  disabled: boolean
  password: { salt: Buffer; hash: Buffer } | undefined
  roles: TimedSet
  /** Sessions carry a copy; a new password changes it and so ends them. */
  sessionMark: string
  jwt: { issuer: string; roles: TimedSet; channels: TimedSet }
}

/** The empty name is the guest's. */
export const shownName = ({ name }: User) => (name === '' ? 'GUEST' : name)

export const isUser = (role: Role): role is User => role.kind === 'user'

/** Keeps the sequence of what stays, so that a grant has a beginning. True if anything changed. */
export const replaceAt = (set: TimedSet, names: Iterable<string>, sequence: number) => {
  const wanted = new Set(names)
  let changed = false
  for (const name of set.keys()) if (!wanted.has(name)) changed = set.delete(name) || changed
  for (const name of wanted) {
    if (set.has(name)) continue
    set.set(name, sequence)
    changed = true
  }
  return changed
}

export const sameNames = (set: TimedSet | undefined, names: readonly string[]) => {
  const wanted = new Set(names)
  return (set?.size ?? 0) === wanted.size && [...wanted].every((name) => set?.has(name))
}
