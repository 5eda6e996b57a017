// Telephone numbers as Twilio reads and shows them.
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/**
 * E.164 of what was sent as To or From; undefined if no telephone can have it. Twilio reads letters as the keys they stand on,
 * drops what people write between digits, and takes ten digits for a number of North America.
 */
export const telephoneNumber = (sent: string): string | undefined => {
  const digits = sent.toLowerCase().replace(/./gsu, keyOf)
  const number = `+${digits.length === 10 && !sent.trim().startsWith('+') ? '1' : ''}${digits}`
  return parsePhoneNumberFromString(number)?.isPossible() ? number : undefined
}

/** Two letters, or nothing where the number belongs to no country. */
export const countryOf = (number: string) => parsePhoneNumberFromString(number)?.country ?? ''

/** As `to_formatted` has it: North American numbers with brackets, others as they are. */
export const formatted = (number: string) => number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '($1) $2-$3')

const letters = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz']

const keyOf = (character: string) => {
  if (/\d/.test(character)) return character
  const index = letters.findIndex((key) => key.includes(character))
  return index < 0 ? '' : String(index + 2)
}
