// Our reading of numbers, held against the package whose plans it goes by: the same numbers, of the same countries, of the same types.
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { callingCodes, plans } from '../../shared/numbering-plans.ts'
import { parsePhone } from '../../shared/phone-number.ts'
import { runs } from '../factor.ts'

const theirs = (text: string) => {
  const parsed = parsePhoneNumberFromString(text)
  return parsed?.getType() ? { number: parsed.number, country: parsed.country } : undefined
}
const ours = (text: string) => {
  const phone = parsePhone(text)
  return phone && { number: phone.number, country: phone.country }
}
/** What a type of theirs is to us, where no special range of ours says otherwise. */
const kinds = {
  MOBILE: 'ordinary', FIXED_LINE: 'ordinary', FIXED_LINE_OR_MOBILE: 'ordinary', VOIP: 'ordinary', PREMIUM_RATE: 'premium', SHARED_COST: 'premium', PERSONAL_NUMBER: 'premium',
  TOLL_FREE: 'service', UAN: 'service', PAGER: 'service', VOICEMAIL: 'service',
} as const

const codes = Object.keys(callingCodes)
const digits = (least: number, most: number) => fc.stringMatching(new RegExp(`^\\d{${least},${most}}$`))

/** National numbers of every type of a plan, and others near them. */
const national = (key: string) => {
  const { pattern, prefix, types } = plans[key]!
  const good = fc.oneof(...[pattern, ...types.map((type) => type.pattern)].map((each) => fc.stringMatching(new RegExp(`^(?:${each})$`))))
  // Twelve digits of what may be dialled before a number: some patterns go on for ever.
  const before = prefix === undefined ? fc.constant('') : fc.oneof(fc.stringMatching(new RegExp(`^(?:${prefix})$`)).map((text) => text.slice(0, 12)), fc.constantFrom('', '0', '1', '8', '9'))
  return fc.oneof(
    good,
    fc.tuple(before, good).map(([first, rest]) => first + rest),
    fc.tuple(good, fc.nat(20), digits(1, 1)).map(([text, at, digit]) => text.slice(0, at) + digit + text.slice(at + 1)),
    fc.tuple(good, digits(0, 3)).map(([text, more]) => text + more),
    fc.tuple(good, fc.nat(3)).map(([text, less]) => text.slice(0, Math.max(0, text.length - less))),
    digits(1, 15),
  )
}

describe.each(codes)('+%s', (code) => {
  const keys = [...(callingCodes[code]!.length > 0 ? callingCodes[code]! : [code])]

  test('numbers, and what is nearly one, are read alike', () => {
    const any = fc.oneof(...keys.map(national)).map((number) => `+${code}${number}`).filter((text) => /^\+\d{6,30}$/.test(text))
    fc.assert(fc.property(any, (text) => {
      expect([text, ours(text)]).toEqual([text, theirs(text)])
      const type = parsePhoneNumberFromString(text)?.getType()
      const kind = parsePhone(text)?.kind
      if (type !== undefined && kinds[type] !== kind) expect(['premium', 'satellite', 'service']).toContain(kind)
    }), runs(60))
  })
})

test('other digits, and numbers as people write them, are read alike', () => {
  fc.assert(fc.property(digits(6, 17), (text) => {
    expect([text, ours(`+${text}`)]).toEqual([text, theirs(`+${text}`)])
  }), runs(5_000))
  const written = fc.tuple(fc.constantFrom(...codes), fc.array(fc.oneof(digits(1, 4), fc.constantFrom(' ', '(0)', '(', ')', '.', '-', '\u00a0', '\u3000', '\t', '\n', '\u2009', '  ', '--')), { minLength: 2, maxLength: 9 }))
  fc.assert(fc.property(written, ([code, pieces]) => {
    const text = `+${code}${pieces.join('')}`
    fc.pre(text.length <= 31)
    // The package takes some spaces for no spaces.
    expect([text, ours(text)]).toEqual([text, theirs(text.replace(/\s/g, ' '))])
  }), runs(20_000))
})
