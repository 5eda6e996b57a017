// What outlives the program: the call under way, the tokens, and the session that was opened last.

/** `localStorage`, React Native's AsyncStorage, or anything like them. */
export type Store = {
  getItem: (key: string) => string | null | Promise<string | null>
  setItem: (key: string, value: string) => unknown
  removeItem: (key: string) => unknown
}

/** Throws nothing for what is not JSON: then it is as if nothing were there. */
export const kept = <Values extends object>(store: Store, prefix: string) => ({
  read: async <Name extends keyof Values & string>(name: Name): Promise<Values[Name] | undefined> => {
    try {
      return (JSON.parse((await store.getItem(prefix + name)) ?? 'null') as Values[Name] | null) ?? undefined
    } catch {
      return undefined
    }
  },
  write: async <Name extends keyof Values & string>(name: Name, value: Values[Name]) => {
    await store.setItem(prefix + name, JSON.stringify(value))
  },
  forget: async (...names: (keyof Values & string)[]) => {
    for (const name of names) await store.removeItem(prefix + name)
  },
})

/** The browser's, or where there is none, or it is shut, one that lasts as long as the program. */
export const ownStore = (): Store => {
  try {
    if (globalThis.localStorage) return localStorage
  } catch {}
  const values = new Map<string, string>()
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => values.set(key, value),
    removeItem: (key) => values.delete(key),
  }
}

export type Kept<Values extends object> = ReturnType<typeof kept<Values>>
