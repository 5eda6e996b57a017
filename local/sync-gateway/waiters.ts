// Long polls that wait for a change of some channels or users.

export type Waiters = ReturnType<typeof waiters>

export const waiters = () => {
  const waiting = new Set<{ keys: ReadonlySet<string>; wake: () => void }>()
  const closing = new Set<() => void>()
  return {
    /** `wake` runs at the next change of any key; answers how to call it off. */
    wait: (keys: ReadonlySet<string>, wake: () => void) => {
      const waiter = { keys, wake }
      waiting.add(waiter)
      return () => waiting.delete(waiter)
    },
    notify: (keys: Iterable<string>) => {
      const changed = [...keys]
      // Who finds nothing and waits again, waits for the next change and not for this one.
      const woken = [...waiting].filter((waiter) => changed.some((key) => waiter.keys.has(key)))
      for (const waiter of woken) if (waiting.delete(waiter)) waiter.wake()
    },
    /** `end` runs when the database goes offline, is configured anew or goes away. */
    onClose: (end: () => void) => {
      closing.add(end)
      return () => closing.delete(end)
    },
    close: () => {
      for (const end of closing) end()
      closing.clear()
      waiting.clear()
    },
  }
}
