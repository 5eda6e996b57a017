// Paths into a JSON document, as sub-document commands write them (couchbase/kv_engine, docs/SubDocument.md).
import { status } from './status.ts'

export type Path = (string | number)[]
export type Found = { status: 0; value: unknown } | { status: number }

const pathBytesMax = 1_024
const pathDepthMax = 32

/** A path as keys and indexes, where -1 is the last element; or the status that refuses it. */
export const parsePath = (text: string): Path | number => {
  if (Buffer.byteLength(text) > pathBytesMax) return status.invalid
  const path: Path = []
  // A key (plain, or between backticks with two for one) or an index, then a dot, an index, or the end.
  const part = /(?:`((?:[^`]|``)+)`|([^.[\]`]+)|\[(-1|\d+)\])(\.(?!$|\[)|(?=\[)|$)/y
  while (part.lastIndex < text.length) {
    const match = part.exec(text)
    if (!match) return status.pathInvalid
    const [, quoted, plain, index] = match
    const step = index === undefined ? keyOf(quoted?.replaceAll('``', '`') ?? plain ?? '') : Number(index)
    if (step === undefined) return status.pathInvalid
    path.push(step)
  }
  return path.length > pathDepthMax ? status.pathTooBig : path
}

/** What stands at a path of a JSON value. */
export const follow = (root: unknown, path: Path): Found => {
  let value = root
  for (const step of path) {
    if (typeof step === 'number') {
      if (!Array.isArray(value)) return { status: status.pathMismatch }
      const items: unknown[] = value
      const index = step === -1 ? items.length - 1 : step
      if (index < 0 || index >= items.length) return { status: status.pathNotFound }
      value = items[index]
    } else {
      if (!isObject(value)) return { status: status.pathMismatch }
      if (!Object.hasOwn(value, step)) return { status: status.pathNotFound }
      value = value[step]
    }
  }
  return { status: status.success, value }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Keys stand in a path as they would in the JSON text: a quote or a backslash is escaped.
const keyOf = (text: string): string | undefined => {
  try {
    const key: unknown = JSON.parse(`"${text}"`)
    return typeof key === 'string' ? key : undefined
  } catch {
    return undefined
  }
}
