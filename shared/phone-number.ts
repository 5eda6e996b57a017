// Phone numbers in E.164, read once at the edge.
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { CountryCode } from 'libphonenumber-js/min'

export type PhoneNumber = string & { readonly __brand: 'PhoneNumber' }
export type Phone = { number: PhoneNumber; country: CountryCode | undefined; lastDigits: string }

// A plus, then what people write between digits. Anything else, letters and extensions too, is not a number to us.
const written = /^\+[\d\s().-]{6,30}$/

/** Reads a number in international form (E.164, with spaces, dots, dashes and brackets allowed); undefined if it is none. */
export const parsePhone = (text: string): Phone | undefined => {
  if (!written.test(text)) return undefined
  const parsed = parsePhoneNumberFromString(text)
  if (!parsed?.isValid()) return undefined
  return { number: parsed.number as unknown as PhoneNumber, country: parsed.country, lastDigits: parsed.number.slice(-2) }
}
