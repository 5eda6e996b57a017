// Checks a JSON value against a Go struct: members by name in any case, types, and the texts that Go gives when they do not fit.
import type { Json, JsonObject } from './json.ts'
import { isNumber, isObject, literal, objectOf, strings, wholeNumber } from './json.ts'
import { JsonError } from './go-json.ts'

export type GoType = 'string' | 'int' | 'uint16' | 'uint32' | 'uint64' | 'float32' | 'bool' | '[]string' | 'any' | Struct | MapOf
/** `struct` is its bare name, `go` the name as a type; a struct without a name is shown by its Go source. */
export type Struct = { struct: string; go: string; fields: Record<string, GoType> }
export type MapOf = { mapOf: GoType; go: string }

/** The members that the struct knows, by their proper names; null members are left out, as Go leaves its zero value. */
export const structOf = (value: Json, type: Struct, { strict = false } = {}): JsonObject => {
  if (value === null) return objectOf([])
  if (!isObject(value)) throw new JsonError(`json: cannot unmarshal ${kind(value)} into Go value of type ${type.go}`)
  return members(value, type, '', strict)
}

/** A map from any name to an array of texts, or to nothing for null. */
export const stringListsOf = (value: Json): [string, string[] | undefined][] => {
  if (value === null) return []
  if (!isObject(value)) throw new JsonError(`json: cannot unmarshal ${kind(value)} into Go value of type map[string][]string`)
  return Object.entries(value).map(([name, list]) => [name, strings(fitted(list, '[]string', { holder: '', path: '', strict: false }))])
}

const members = (value: JsonObject, type: Struct, path: string, strict: boolean): JsonObject => {
  const read: [string, Json | undefined][] = []
  for (const [name, member] of Object.entries(value)) {
    const field = fieldOf(type, name)
    if (field !== undefined) read.push([field, fitted(member, type.fields[field] ?? 'any', { holder: type.struct, path: path + field, strict })])
    else if (strict) throw new JsonError(`json: unknown field ${JSON.stringify(name)}`)
  }
  return objectOf(read)
}

const fieldOf = (type: Struct, name: string) =>
  Object.hasOwn(type.fields, name) ? name : Object.keys(type.fields).find((field) => field.toLowerCase() === name.toLowerCase())

type Place = { holder: string; path: string; strict: boolean }

const fitted = (value: Json, type: GoType, place: Place): Json | undefined => {
  if (value === null) return undefined
  if (typeof type === 'object') return nested(value, type, place)
  if (type === 'any' || fits(value, type)) return value
  if (type === '[]string') {
    const [wrong, wanted] = Array.isArray(value) ? [odd(value), 'string'] : [value, '[]string']
    throw misfit(kind(wrong), wanted, place)
  }
  const shown = isNumber(value) && type !== 'string' && type !== 'bool' ? `number ${literal(value)}` : kind(value)
  throw misfit(shown, type, place)
}

const misfit = (shown: string, wanted: string, { holder, path }: Place) =>
  new JsonError(`json: cannot unmarshal ${shown} into Go ${path === '' ? 'value' : `struct field ${holder}.${path}`} of type ${wanted}`)

const nested = (value: Json, type: Struct | MapOf, place: Place): Json => {
  if (!isObject(value)) throw misfit(kind(value), type.go, place)
  if ('struct' in type) return members(value, type, `${place.path}.`, place.strict)
  return objectOf(Object.entries(value).map(([name, member]) => [name, fitted(member, type.mapOf, place)]))
}

const odd = (items: Json[]) => items.find((item) => typeof item !== 'string') ?? null

const unsignedMax: Record<string, bigint> = { uint16: 0xffffn, uint32: 0xffffffffn, uint64: 0xffffffffffffffffn }

const fits = (value: Json, type: Exclude<GoType, Struct | MapOf | 'any'>) => {
  if (type === 'string') return typeof value === 'string'
  if (type === 'bool') return typeof value === 'boolean'
  if (type === '[]string') return Array.isArray(value) && value.every((item) => typeof item === 'string' || item === null)
  if (type === 'float32') return isNumber(value)
  const whole = wholeNumber(value)
  return whole !== undefined && (type === 'int' || (whole >= 0n && whole <= (unsignedMax[type] ?? 0n)))
}

const kind = (value: Json) => {
  if (isNumber(value)) return 'number'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}
