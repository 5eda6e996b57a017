// Form fields as OAuth wants them: each name once, an empty value as if it were not there.
import { Refusal } from './refusal.ts'

export type Form = {
  /** The value, or undefined if it is absent or empty. */
  optional: (name: string) => string | undefined
  /** The value. Throws `invalid_request` if it is absent or empty. */
  required: (name: string) => string
}

// The three bytes after a percent sign that is none.
const brokenPercent = /%(?![0-9a-fA-F]{2})/
// Unicode's categories Cc and Cs and the mark of what was not UTF-8, by naming all others: by their own names they would take 0.2 ms of every cold start.
const control = /[^ -~\u{a0}-\u{d7ff}\u{e000}-\u{fffc}\u{fffe}-\u{10ffff}]/u

/**
 * Reads application/x-www-form-urlencoded text (RFC 6749 section 3.2 and appendix B). Throws `invalid_request` for a broken
 * percent sign, bytes that are not UTF-8, control characters, and a repeated name.
 */
export const parseForm = (text: string): Form => {
  if (brokenPercent.test(text)) throw new Refusal('invalid_request', 'A percent sign in the form is not followed by two hexadecimal digits.')
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (fields.has(name)) throw new Refusal('invalid_request', 'A parameter is there twice; each may be there once.')
    if (control.test(name) || control.test(value)) throw new Refusal('invalid_request', 'The form holds control characters or bytes that are not UTF-8.')
    fields.set(name, value)
  }
  const optional = (name: string) => fields.get(name) || undefined
  const required = (name: string) => {
    const value = optional(name)
    if (value === undefined) throw new Refusal('invalid_request', `The parameter ${name} is missing.`)
    return value
  }
  return { optional, required }
}
