// JSON as Go's encoding/json writes a map: members sorted by bytes, HTML characters escaped. Revision digests depend on it.
import type { Json } from './json.ts'
import { isNumber, literal } from './json.ts'

export const canonical = (value: Json): string => {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return quoted(value)
  if (isNumber(value)) return literal(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.keys(value).sort(byBytes)
  return `{${members.map((member) => `${quoted(member)}:${canonical(value[member] ?? null)}`).join(',')}}`
}

// Most text is plain, and revision digests are made all day.
const plain = /^[ !#-%'-;=?-[\]-~]*$/
const quoted = (text: string) =>
  plain.test(text) ? `"${text}"` : JSON.stringify(text.toWellFormed()).replaceAll(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

// JavaScript's own order is that of the bytes, but for characters of two code units.
const byBytes = (a: string, b: string) => {
  if (/[\ud800-\udfff]/.test(a + b)) return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : Number(a > b)
}
