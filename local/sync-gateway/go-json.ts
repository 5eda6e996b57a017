// Reads JSON as Go's encoding/json does, with its error texts, because clients see them in `reason`.
import type { Json, JsonObject } from './json.ts'
import { numberFrom } from './json.ts'

export class JsonError extends Error {}

const depthMax = 3_000

/** The whole text must be one value (json.Unmarshal). */
export const unmarshal = (text: string): Json => {
  const source = reader(text, 'unexpected end of JSON input')
  const value = source.value(0)
  source.space()
  if (source.more()) source.refuse('after top-level value')
  return value
}

/** The first value; what follows is not looked at (json.Decoder). */
export const decode = (text: string): Json =>
  reader(text, text.trim() === '' ? 'EOF' : 'unexpected EOF').value(0)

const literals: [string, Json][] = [['true', true], ['false', false], ['null', null]]
const escapes: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
const plain = /[ !#-[\]-\u{10ffff}]*/uy
const blank = /[ \t\r\n]*/y

const reader = (text: string, ending: string) => {
  let at = 0
  const more = () => at < text.length
  const refuse = (where: string): never => {
    if (!more()) throw new JsonError(ending)
    throw new JsonError(`invalid character ${shown(text[at] ?? '')} ${where}`)
  }
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }
  const space = () => void take(blank)
  const skip = (char: string, where: string) => {
    if (text[at] !== char) refuse(where)
    at += 1
  }

  const unicode = () => {
    let hex = ''
    for (; hex.length < 4; at += 1) {
      if (!/[0-9a-fA-F]/.test(text[at] ?? '')) refuse('in \\u hexadecimal character escape')
      hex += text[at]
    }
    return String.fromCharCode(Number.parseInt(hex, 16))
  }
  const escape = () => {
    at += 1
    const char = text[at] ?? ''
    if (char === 'u') {
      at += 1
      return unicode()
    }
    if (!(char in escapes)) refuse('in string escape code')
    at += 1
    return escapes[char] ?? ''
  }
  const string = () => {
    at += 1
    let read = take(plain)
    while (text[at] !== '"') {
      if (text[at] !== '\\') refuse('in string literal')
      read += escape() + take(plain)
    }
    at += 1
    return read.toWellFormed()
  }

  const digits = (where: string) => take(/\d+/y) || refuse(where)
  const number = () => {
    const from = at
    take(/-/y)
    if (text[at] === '0') at += 1
    else digits('in numeric literal')
    if (take(/\./y)) digits('after decimal point in numeric literal')
    if (take(/[eE][+-]?/y)) digits('in exponent of numeric literal')
    return numberFrom(text.slice(from, at))
  }
  const word = (): Json => {
    const found = literals.find(([name]) => name[0] === text[at])
    if (!found) return refuse('looking for beginning of value')
    const [name, value] = found
    at += 1
    for (const char of name.slice(1)) skip(char, `in literal ${name} (expecting '${char}')`)
    return value
  }

  const array = (depth: number) => {
    const items: Json[] = []
    at += 1
    space()
    if (text[at] === ']') at += 1
    else {
      for (;;) {
        items.push(value(depth))
        space()
        if (text[at] === ']') break
        skip(',', 'after array element')
      }
      at += 1
    }
    return items
  }
  const member = (object: JsonObject, depth: number) => {
    space()
    if (text[at] !== '"') refuse('looking for beginning of object key string')
    const name = string()
    space()
    skip(':', 'after object key')
    object[name] = value(depth)
    space()
  }
  const object = (depth: number) => {
    const made = Object.create(null) as JsonObject
    at += 1
    space()
    if (text[at] === '}') at += 1
    else {
      for (;;) {
        member(made, depth)
        if (text[at] === '}') break
        skip(',', 'after object key:value pair')
      }
      at += 1
    }
    return made
  }
  const value = (depth: number): Json => {
    if (depth > depthMax) throw new JsonError('exceeded max depth')
    space()
    const char = text[at] ?? ''
    if (char === '{') return object(depth + 1)
    if (char === '[') return array(depth + 1)
    if (char === '"') return string()
    if (/[-\d]/.test(char)) return number()
    return word()
  }
  return { value, space, more, refuse }
}

// Go reads bytes, so a character beyond ASCII is shown by its first byte.
const shown = (char: string) => {
  if (char === "'") return String.raw`'\''`
  if (char === '"') return `'"'`
  const first = String.fromCharCode(Buffer.from(char)[0] ?? 0)
  return `'${JSON.stringify(first).slice(1, -1).replaceAll(/\\u00([0-9a-f]{2})/g, String.raw`\x$1`)}'`
}
