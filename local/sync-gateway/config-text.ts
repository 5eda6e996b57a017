// What the real server does to the text of a database configuration before it reads it as JSON.
import { HttpError } from './http-error.ts'

/** Texts between backticks become JSON strings; `$name` is replaced by an environment variable. A name that is neither set nor has a default is a 500. */
export const prepared = (text: string) => expanded(withoutBackticks(text))

const withoutBackticks = (text: string) =>
  text.replaceAll(/`[\s\S]*?[^\\]`/g, (quoted) => JSON.stringify(quoted.slice(1, -1).replaceAll('\r', '')))

// The rules are those of os.Expand: https://pkg.go.dev/os#Expand
const variable = /\$(?:\{([^}]*)\}|(\{)|([*#$@!?\-0-9])|([A-Za-z_][A-Za-z0-9_]*))/g

const expanded = (text: string) => {
  const missing: string[] = []
  const result = text.replaceAll(variable, (_whole, braced?: string, open?: string, special?: string, name?: string) => {
    if (open !== undefined || braced === '') return ''
    const key = braced ?? special ?? name ?? ''
    if (key === '$') return '$'
    const [, plain = key, fallback] = /^([^:]*):-([\s\S]*)$/.exec(key) ?? []
    const value = process.env[plain] ?? fallback
    if (value === undefined) missing.push(key)
    return value ?? ''
  })
  if (missing.length > 0) {
    const lines = missing.map((key) => `undefined environment variable '\${${key}}' is specified in the config without default value`)
    throw new HttpError(500, `Internal error: ${missing.length} errors:\n${lines.join('\n')}`)
  }
  return result
}
