import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parsePhone } from '../../shared/phone-number.ts'

describe('a phone number', () => {
  test.each([
    ['+12025550123', '+12025550123', 'US', '23'],
    ['+1 (202) 555-0123', '+12025550123', 'US', '23'],
    ['+1 416 555 0199', '+14165550199', 'CA', '99'],
    ['+44 20 7946 0958', '+442079460958', 'GB', '58'],
    ['+49.30.901820', '+4930901820', 'DE', '20'],
  ])('%s is %s of %s', (written, number, country, lastDigits) => expect(parsePhone(written)).toEqual({ number, country, lastDigits }))

  test.each(['', '+', '2025550123', ' 12025550123', '+1202555', '+120255501234567890', '+10000000000', '+1202555O123', 'tel:+12025550123', '+1 202 555 0123 ext 5', '+1202555\u00000123', '＋12025550123', '+١٢٠٢٥٥٥٠١٢٣'])(
    'is not %j', (written) => expect(parsePhone(written)).toBeUndefined(),
  )

  test('is read without a throw from any text, and only into E.164', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'+0123456789 ()-.') })), (written) => {
      const phone = parsePhone(written)
      if (phone) expect(phone.number).toMatch(/^\+[1-9]\d{6,14}$/)
    }))
  })
})
