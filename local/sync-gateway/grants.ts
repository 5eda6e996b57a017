// Which documents grant what to whom: the outcome of `access()` and `role()` calls.
import type { TimedSet } from './principal.ts'
import { replaceAt } from './principal.ts'

export type Grants = ReturnType<typeof grants>

/** `role:NAME` is a role, anything else a user. */
export const grants = () => {
  const byDocument = new Map<string, Map<string, TimedSet>>()
  const byPrincipal = new Map<string, Map<string, TimedSet>>()

  const forget = (id: string, principal: string) => {
    byDocument.get(id)?.delete(principal)
    byPrincipal.get(principal)?.delete(id)
  }
  /** Replaces what the document grants; answers the principals for whom something changed. */
  const set = (id: string, wanted: ReadonlyMap<string, readonly string[]>, sequence: number) => {
    const held = byDocument.get(id) ?? new Map<string, TimedSet>()
    const changed = [...held.keys()].filter((principal) => !wanted.has(principal))
    for (const principal of changed) forget(id, principal)
    for (const [principal, names] of wanted) {
      const set = held.get(principal) ?? new Map<string, number>()
      if (!replaceAt(set, names, sequence)) continue
      changed.push(principal)
      held.set(principal, set)
      byPrincipal.set(principal, (byPrincipal.get(principal) ?? new Map<string, TimedSet>()).set(id, set))
    }
    if (held.size > 0) byDocument.set(id, held)
    else byDocument.delete(id)
    return changed
  }
  return {
    set,
    of: (principal: string): Iterable<TimedSet> => byPrincipal.get(principal)?.values() ?? [],
    by: (id: string): ReadonlyMap<string, TimedSet> => byDocument.get(id) ?? new Map<string, TimedSet>(),
  }
}
