import { describe, expect, test } from '@jest/globals'
import { parseLimits, windowAt } from '../../shared/limit.ts'

describe('limits', () => {
  test.each([
    ['5/10m', [[5, 600]]],
    ['5/10m,10/1d', [[5, 600], [10, 86_400]]],
    ['10/1d, 5/10m', [[5, 600], [10, 86_400]]],
    ['1/1s', [[1, 1]]],
    ['30/1h', [[30, 3_600]]],
    ['9999999/28d', [[9_999_999, 2_419_200]]],
    ['0/1d', [[0, 86_400]]],
    ['off', []],
  ])('%j', (written, expected) => expect(parseLimits(written)).toEqual(expected.map(([callsMax, windowSeconds]) => ({ callsMax, windowSeconds }))))

  test.each(['', '5', '5/', '/1d', '5/1', '5/0m', '5/1w', '5/1D', '-5/1d', '5.5/1d', '1e3/1d', '10000000/1d', '5/29d', '5/672h1s', '5/2419201s', '5/10m,', ',', '5/10m;10/1d', 'OFF', 'none', '5/10m,off', '5/60m,10/1h'])(
    'are not %j', (written) => expect(parseLimits(written)).toBeUndefined(),
  )
})

describe('a window', () => {
  test.each([
    [600, '12:00:00.000', '12:00:00', 600],
    [600, '12:00:00.001', '12:00:00', 600],
    [600, '12:00:01.000', '12:00:00', 599],
    [600, '12:09:59.000', '12:00:00', 1],
    [600, '12:09:59.999', '12:00:00', 1],
    [600, '12:10:00.000', '12:10:00', 600],
    [1, '12:00:00.999', '12:00:00', 1],
    [86_400, '23:59:59.999', '00:00:00', 1],
    [86_400, '00:00:00.000', '00:00:00', 86_400],
  ])('of %i seconds at %s began at %s and ends in %i', (windowSeconds, time, starts, restSeconds) =>
    expect(windowAt({ callsMax: 1, windowSeconds }, Date.parse(`2026-11-24T${time}Z`))).toEqual({ starts: `2026-11-24T${starts}.000Z`, restSeconds }),
  )
})
