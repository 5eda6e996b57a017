// What a document or a secret must look like, in few words: zod, which knows more of them, costs each cold start a fifth of its time.

export type Path = readonly (string | number)[]

/** Answers what it knows of a value from outside, and throws a Misfit where that is anything else. */
export type Shape<T> = (value: unknown, at?: Path) => T
export type Shaped<S> = S extends Shape<infer T> ? T : never

/** Says where a value is not as it must be, and nothing of what it is. */
export class Misfit extends Error {
  override readonly name = 'Misfit'
  readonly at: Path
  constructor(at: Path) {
    super('A value is missing or malformed.')
    this.at = at
  }
}

/** The value as its shape has it, or where it does not fit. */
export const fitted = <T>(shape: Shape<T>, value: unknown): { fits: true; value: T } | { fits: false; at: Path } => {
  try {
    return { fits: true, value: shape(value) }
  } catch (error) {
    if (error instanceof Misfit) return { fits: false, at: error.at }
    throw error
  }
}

export const where = <T>(is: (value: unknown) => value is T): Shape<T> => (value, at = []) => {
  if (is(value)) return value
  throw new Misfit(at)
}

export const string = where((value): value is string => typeof value === 'string')
/** At least one character. */
export const text = where((value): value is string => typeof value === 'string' && value !== '')
export const number = where((value): value is number => Number.isFinite(value))
export const matching = (pattern: RegExp) => where((value): value is string => typeof value === 'string' && pattern.test(value))
export const oneOf = <const Values extends readonly (string | boolean)[]>(...values: Values) => where((value): value is Values[number] => values.some((known) => known === value))

export const optional = <T>(shape: Shape<T>): Shape<T | undefined> => (value, at) => (value === undefined ? undefined : shape(value, at))

export const listOf = <T>(shape: Shape<T>): Shape<T[]> => (value, at = []) => {
  if (!Array.isArray(value)) throw new Misfit(at)
  return value.map((item, index) => shape(item, [...at, index]))
}

/** Of at least one. */
export const someOf = <T>(shape: Shape<T>): Shape<T[]> => (value, at = []) => {
  const list = listOf(shape)(value, at)
  if (list.length === 0) throw new Misfit(at)
  return list
}

/** Any names, or those of a pattern. */
export const recordOf = <T>(shape: Shape<T>, name: RegExp = /^/): Shape<Record<string, T>> => (value, at = []) =>
  Object.fromEntries(Object.entries(objectAt(value, at)).map(([key, member]) => {
    if (!name.test(key)) throw new Misfit([...at, key])
    return [key, shape(member, [...at, key])]
  }))

type Members = Record<string, Shape<unknown>>
type OptionalNames<M extends Members> = { [Name in keyof M]: undefined extends Shaped<M[Name]> ? Name : never }[keyof M]
type Flat<T> = { [Name in keyof T]: T[Name] }
type ObjectOf<M extends Members> = Flat<{ [Name in Exclude<keyof M, OptionalNames<M>>]: Shaped<M[Name]> } & { [Name in OptionalNames<M>]?: Shaped<M[Name]> }>

/** With these members; others are left out. */
export const object = <M extends Members>(members: M): Shape<ObjectOf<M>> => {
  const entries = Object.entries(members)
  return (value, at = []) => {
    const given = objectAt(value, at)
    const read: Record<string, unknown> = {}
    for (const [name, shape] of entries) {
      const member = shape(Object.hasOwn(given, name) ? given[name] : undefined, [...at, name])
      if (member !== undefined) read[name] = member
    }
    return read as ObjectOf<M>
  }
}

/** With these members; others stay as they are. */
export const looseObject = <M extends Members>(members: M): Shape<ObjectOf<M> & Record<string, unknown>> => {
  const known = object(members)
  return (value, at = []) => ({ ...objectAt(value, at), ...known(value, at) })
}

/** The first of two that fits. */
export const either = <A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> => (value, at) => {
  const found = fitted(first, value)
  return found.fits ? found.value : second(value, at)
}

const objectAt = (value: unknown, at: Path): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Misfit(at)
  return value as Record<string, unknown>
}
