// Scopes and collections: their ids, and the id that stands before every document key.
import { status } from './status.ts'

export type Collections = ReturnType<typeof collections>

// A real server gives the ids below 8 to its own collections.
const firstId = 8

/** `names` are `scope.collection`; `_default._default` is always there, with id 0. */
export const collections = (names: readonly string[]) => {
  const ids = new Map([['_default._default', 0], ...names.map((name, index) => [name, firstId + index] as const)])
  const scopes = new Set(['_default', ...names.map((name) => name.split('.')[0])])
  const known = new Set(ids.values())
  return {
    has: (id: number) => known.has(id),
    /** The id of `scope.collection`, where an empty part means `_default`; or the status that refuses it. */
    find: (path: string): { id: number } | { refusal: number } => {
      const [scope, collection, ...more] = path.split('.').map((part) => part || '_default')
      if (scope === undefined || collection === undefined || more.length > 0) return { refusal: status.invalid }
      if (!scopes.has(scope)) return { refusal: status.unknownScope }
      const id = ids.get(`${scope}.${collection}`)
      return id === undefined ? { refusal: status.unknownCollection } : { id }
    },
  }
}

export type DocumentKey = { collection: number; name: Buffer }

const nameBytesMax = 250
const nameBytesMaxInCollection = 246

/** The collection and the name in a document key, or undefined if it is none: too short, too long, or a wrong prefix. */
export const documentKey = (key: Buffer, prefixed: boolean): DocumentKey | undefined => {
  const prefix = prefixed ? unsignedLeb128(key) : { value: 0, bytes: 0 }
  if (!prefix) return undefined
  const name = key.subarray(prefix.bytes)
  const max = prefix.value === 0 ? nameBytesMax : nameBytesMaxInCollection
  return name.length === 0 || name.length > max ? undefined : { collection: prefix.value, name }
}

// 32 bits in the shortest form, seven a byte, lowest first; the high bit says that more follow.
const unsignedLeb128 = (bytes: Buffer): { value: number; bytes: number } | undefined => {
  let value = 0
  for (const [index, byte] of bytes.subarray(0, 5).entries()) {
    value += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return (byte === 0 && index > 0) || value > 0xffff_ffff ? undefined : { value, bytes: index + 1 }
  }
  return undefined
}
