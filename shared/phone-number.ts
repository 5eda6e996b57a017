// Phone numbers in E.164, read once at the edge, and whether they are some person's telephone.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max/es6'
import type { CountryCode, PhoneNumberType } from 'libphonenumber-js/max/es6'

export type PhoneNumber = string & { readonly __brand: 'PhoneNumber' }

/**
 * `ordinary`: a mobile, a fixed or an internet line. `premium`: calling it costs extra, and somebody may be paid for it. `satellite`: by satellite
 * or on an international network. `service`: the number of a company, a pager or a network, and nobody's own. Only an ordinary one is to be called.
 */
export type PhoneKind = 'ordinary' | 'premium' | 'satellite' | 'service'
export type Phone = { number: PhoneNumber; country: CountryCode | undefined; lastDigits: string; kind: PhoneKind }

// A plus, then what people write between digits. Anything else, letters and extensions too, is not a number to us.
const written = /^\+[\d\s().-]{6,30}$/

/**
 * Reads a number in international form (E.164, with spaces, dots, dashes and brackets allowed); undefined if it is none. A range that no national
 * plan has given out is none: fraud likes those. So a new one is known only with a new release of the package.
 */
export const parsePhone = (text: string): Phone | undefined => {
  if (!written.test(text)) return undefined
  const parsed = parsePhoneNumberFromString(text)
  const type = parsed?.getType()
  if (!parsed || !type) return undefined
  const kind = specialRanges.find(([, range]) => range.test(parsed.number))?.[0] ?? kinds[type]
  return { number: parsed.number as unknown as PhoneNumber, country: parsed.country, lastDigits: parsed.number.slice(-2), kind }
}

// The metadata with types costs 73 KB and 2 ms of CPU at a cold start over the one without, which knows premium numbers of few countries.
const kinds: Record<PhoneNumberType, PhoneKind> = {
  MOBILE: 'ordinary',
  FIXED_LINE: 'ordinary',
  FIXED_LINE_OR_MOBILE: 'ordinary',
  // Home lines in France begin with 09.
  VOIP: 'ordinary',
  PREMIUM_RATE: 'premium',
  SHARED_COST: 'premium',
  // They follow a person, and cost as much as premium ones: 070 in Britain, 5xx in North America.
  PERSONAL_NUMBER: 'premium',
  TOLL_FREE: 'service',
  UAN: 'service',
  PAGER: 'service',
  VOICEMAIL: 'service',
}

// What the metadata takes for mobile, fixed or internet lines. Narrower ranges of fraud change daily and are not published: Twilio blocks them
// where its own high-risk permissions are left off (https://www.twilio.com/docs/voice/api/dialing-permissions-resources).
const specialRanges: [PhoneKind, RegExp][] = [
  // Inmarsat, the global mobile satellite system, and international networks, which Thuraya is one of: ITU-T E.164, list of country codes.
  ['satellite', /^\+(870|88[123])/],
  // Canada's non-geographic codes, whose callers pay for the satellite: https://crtc.gc.ca/eng/archive/2006/dt2006-41.htm and 2015/2015-4.htm
  ['satellite', /^\+16(00|22|33|44|55|77|88)/],
  // 014 of Australia's Telecommunications Numbering Plan; 868 of Indonesia; 1349 and 174 of China; 954 of Russia.
  ['satellite', /^\+(6114|62868|861349|86174|7954)/],
  // North America's exchange of paid information, in every area; its exchanges of carriers and of tests, and directory assistance: ATIS-0300051.
  ['premium', /^\+1\d{3}976/],
  ['service', /^\+1\d{3}(95[089]|5551212)/],
]
