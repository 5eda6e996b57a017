// Phone numbers in E.164, read once at the edge, and whether they are some person's telephone. By hand from the package's plans, because its own parser, made
// for numbers in any text and form, costs a cold start 4 ms.
import { callingCodes, plans, type PhoneType, type Plan } from './numbering-plans.ts'

export type PhoneNumber = string & { readonly __brand: 'PhoneNumber' }

/**
 * `ordinary`: a mobile, a fixed or an internet line. `premium`: calling it costs extra, and somebody may be paid for it. `satellite`: by satellite
 * or on an international network. `service`: the number of a company, a pager or a network, and nobody's own. Only an ordinary one is to be called.
 */
export type PhoneKind = 'ordinary' | 'premium' | 'satellite' | 'service'
export type Phone = { number: PhoneNumber; country: string | undefined; lastDigits: string; kind: PhoneKind }

// A plus, then what people write between digits. Anything else, letters and extensions too, is not a number to us.
const written = /^\+[\d\s().-]{6,30}$/
const digitsOfCountryMax = 3

/**
 * Reads a number in international form (E.164, with spaces, dots, dashes and brackets allowed); undefined if it is none. A range that no national
 * plan has given out is none: fraud likes those. So a new one is known only with a new release of the package.
 */
export const parsePhone = (text: string): Phone | undefined => {
  if (!written.test(text)) return undefined
  const digits = text.replace(/\D/g, '')
  const code = codeOf(digits)
  const main = code === undefined ? undefined : mainPlanOf(code)
  if (code === undefined || !main) return undefined
  const national = withoutPrefix(digits.slice(code.length), code, main)
  const country = countryOf(code, national)
  const type = typeOf(national, planOf(country, main))
  if (!type) return undefined
  const number = `+${code}${national}`
  const kind = specialRanges.find(([, range]) => range.test(number))?.[0] ?? kinds[type]
  return { number: number as PhoneNumber, country, lastDigits: number.slice(-2), kind }
}

/** No calling code is the beginning of another (ITU-T E.164). */
const codeOf = (digits: string) =>
  Array.from({ length: digitsOfCountryMax }, (_, index) => digits.slice(0, index + 1)).find((beginning) => Object.hasOwn(callingCodes, beginning))

const mainPlanOf = (code: string) => plans[callingCodes[code]?.[0] ?? code]

const planOf = (country: string | undefined, main: Plan) => (country === undefined ? undefined : plans[country]) ?? main

const isWhole = (national: string, pattern: string) => new RegExp(`^(?:${pattern})$`).test(national)

/** What it is for: undefined if no plan has given it out. A line that can be both is a fixed one. */
const typeOf = (national: string, { pattern, lengths, types }: Plan): PhoneType | undefined => {
  if (!isWhole(national, pattern)) return undefined
  return types.find((one) => (one.lengths ?? lengths).includes(national.length) && isWhole(national, one.pattern))?.type
}

const countryOf = (code: string, national: string) => {
  const countries = callingCodes[code] ?? []
  return countries.length < 2 ? countries[0] : countries.find((country) => isOf(national, plans[country]))
}

const isOf = (national: string, plan: Plan | undefined) => {
  if (!plan) return false
  return plan.leading === undefined ? typeOf(national, plan) !== undefined : new RegExp(`^(?:${plan.leading})`).test(national)
}

/** Without what is dialled within the country alone, as the zero in +44 (0)20 7946 0958, where the number is one without it. */
const withoutPrefix = (national: string, code: string, main: Plan) => {
  const prefix = main.prefix === undefined ? undefined : new RegExp(`^(?:${main.prefix})`)
  const found = prefix?.exec(national)
  if (!prefix || !found) return national
  const rest = main.rule !== undefined && found.length > 1 && found.at(-1) ? national.replace(prefix, main.rule) : national.slice(found[0].length)
  if (isWhole(national, main.pattern) && !isWhole(rest, main.pattern)) return national
  const country = countryOf(code, rest)
  const { lengths } = planOf(country, main)
  return lengths.includes(rest.length) || rest.length > Math.max(...lengths) ? rest : national
}

const kinds: Record<PhoneType, PhoneKind> = {
  MOBILE: 'ordinary',
  FIXED_LINE: 'ordinary',
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
