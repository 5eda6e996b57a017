// Members of JSON that came over the network or out of the browser's storage, checked where they come in.

/** Each reader throws a TypeError that names a member which is not what it should be. */
export const fields = (json: unknown) => {
  const member = (name: string): unknown => (typeof json === 'object' && json !== null && Object.hasOwn(json, name) ? (json as Record<string, unknown>)[name] : undefined)
  const wrong = (name: string) => new TypeError(`The member ${name} is missing or malformed.`)
  return {
    text: (name: string) => {
      const value = member(name)
      if (typeof value === 'string') return value
      throw wrong(name)
    },
    number: (name: string) => {
      const value = member(name)
      if (typeof value === 'number') return value
      throw wrong(name)
    },
    optionalText: (name: string) => {
      const value = member(name)
      return typeof value === 'string' ? value : undefined
    },
    texts: (name: string) => {
      const value = member(name)
      return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
    },
  }
}
