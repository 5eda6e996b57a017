import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { accountId, isUserId, lineId, userChannel, userId, userName } from '../../shared/user-id.ts'

describe('a user id', () => {
  test.each([[1, 'u::0001'], [42, 'u::0042'], [9999, 'u::9999'], [10_000, 'u::10000'], [123_456, 'u::123456']])('of the number %i is %s', (count, id) => {
    expect(userId(count)).toBe(id)
  })

  test.each([[0], [-1], [1.5], [NaN], [2 ** 53]])('is never made of %d', (count) => expect(() => userId(count)).toThrow(new RangeError('A user number is a whole number from 1 on.')))

  test.each(['u::0000', 'u::001', 'u::00001', 'u::09999', 'U::0001', 'u:0001', 'u::0001 ', 'u::0001\n', 'u::١٢٣٤', 'xu::0001', '', 7, null, ['u::0001']])('is not %j', (text) => {
    expect(isUserId(text)).toBe(false)
  })

  test('is one for every number that a counter gives, and different for different numbers', () => {
    fc.assert(fc.property(fc.integer({ min: 1 }), fc.integer({ min: 1 }), (left, right) => {
      expect(isUserId(userId(left))).toBe(true)
      expect(userId(left) === userId(right)).toBe(left === right)
    }))
  })

  test('names the user, the account and the line in one way', () => {
    expect([userName('u::0001'), userChannel('u::0001'), accountId('u::0001'), lineId('abc')]).toEqual(['u-0001', 'u::0001', 'signin::u::0001', 'signin::tel::abc'])
  })
})
