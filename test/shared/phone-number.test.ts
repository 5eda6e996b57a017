import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { getExampleNumber, type CountryCode } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { parsePhone, type PhoneKind } from '../../shared/phone-number.ts'

describe('a phone number', () => {
  test.each([
    ['+12025550123', '+12025550123', 'US', '23'],
    ['+1 (202) 555-0123', '+12025550123', 'US', '23'],
    ['+1 416 555 0199', '+14165550199', 'CA', '99'],
    ['+44 20 7946 0958', '+442079460958', 'GB', '58'],
    ['+49.30.901820', '+4930901820', 'DE', '20'],
  ])('%s is %s of %s', (written, number, country, lastDigits) => expect(parsePhone(written)).toEqual({ number, country, lastDigits, kind: 'ordinary' }))

  test.each(['', '+', '2025550123', ' 12025550123', '+1202555', '+120255501234567890', '+10000000000', '+1202555O123', 'tel:+12025550123', '+1 202 555 0123 ext 5', '+1202555\u00000123', '＋12025550123', '+١٢٠٢٥٥٥٠١٢٣'])(
    'is not %j', (written) => expect(parsePhone(written)).toBeUndefined(),
  )

  test('is read without a throw from any text, and only into E.164', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...Array.from('+0123456789 ()-.')) })), (written) => {
      const phone = parsePhone(written)
      if (phone) expect(phone.number).toMatch(/^\+[1-9]\d{6,14}$/)
    }))
  })
})

describe('its kind', () => {
  const numbers: [PhoneKind, string, string[]][] = [
    ['ordinary', 'fixed, mobile and internet lines', [
      '+12025550123', '+14165550199', '+447400123456', '+33612345678', '+33912345678', '+4915112345678', '+61412345678', '+819012345678', '+5511987654321', '+919876543210', '+79161234567', '+8613912345678', '+6281212345678',
    ]],
    ['premium', 'North American 900 and 976 numbers', ['+19005550123', '+12129761234', '+14169761234']],
    ['premium', 'numbers that follow a person', ['+15005550123', '+15335550123', '+447011234567', '+39199123456']],
    ['premium', 'premium numbers of Europe', [
      '+449012345678', '+448711234567', '+33891234567', '+499001234567', '+39899123456', '+34803123456', '+34806123456', '+31900123456', '+46900123456', '+41900123456', '+43930123456',
      '+3531520123456', '+48701234567', '+351760123456', '+4590123456', '+4782012345', '+358600123456', '+3290012345', '+78091234567',
    ]],
    ['premium', 'premium numbers elsewhere', ['+611900123456', '+81990123456', '+529001234567', '+550900123456', '+6519001234567', '+85290012345678', '+886204123456', '+9721919123456', '+979123456789']],
    ['premium', 'numbers of shared cost', ['+33810123456', '+491801234567', '+34902123456', '+611300123456', '+80812345678']],
    ['satellite', 'Inmarsat, Iridium, Globalstar, Thuraya, international networks', ['+870773111632', '+881612345678', '+881812345678', '+8821621111111', '+88213300655', '+883510012345678']],
    ['satellite', 'satellites within the plan of a country', ['+16005550123', '+16225550123', '+61147123456', '+61145100123', '+6286812345678', '+8613491234567', '+8617400123456', '+79541234567']],
    ['service', 'numbers that are free to call', ['+18005550123', '+18885550123', '+448001111111', '+78001234567', '+80012345678']],
    ['service', 'pagers and voicemails', ['+447640123456', '+491642123456', '+49177991234567', '+41860123456789']],
    ['service', 'numbers of companies and networks', ['+443001234567', '+81570123456', '+41581234567', '+12125551212', '+12129501234', '+12129581234', '+12129591234']],
  ]
  test.each(numbers.flatMap(([kind, what, written]) => written.map((number) => [kind, number, what] as const)))('is %s: %s (%s)', (kind, number) =>
    expect(parsePhone(number)?.kind).toBe(kind),
  )

  test('is ordinary beside a range that is not', () => {
    const neighbours = ['+12129751234', '+12129771234', '+12129491234', '+12129571234', '+12129601234', '+12125551213', '+16015550123', '+16235550123', '+61412345678', '+6286712345678', '+8613481234567', '+79531234567', '+79581234567']
    expect(neighbours.filter((number) => parsePhone(number)?.kind !== 'ordinary')).toEqual([])
  })

  test('is ordinary for the mobile phones of every country', () => {
    const countries = Object.keys(examples) as CountryCode[]
    expect(countries.length).toBeGreaterThan(240)
    expect(countries.filter((country) => parsePhone(getExampleNumber(country, examples)?.number ?? '')?.kind !== 'ordinary')).toEqual([])
  })

  test('is not asked of a range that no plan has given out: that is no number', () => {
    expect(['+491211234567', '+33700000000', '+17105550123', '+61500123456'].filter((number) => parsePhone(number))).toEqual([])
  })
})
