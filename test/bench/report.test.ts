// What a benchmark ends with.
import { expect, test } from '@jest/globals'
import { budgetTable, isKept, verdict, type Budget } from '../../bench/report.ts'
import { best, median } from '../../bench/statistics.ts'

const budget = (value: number, limit: number): Budget => ({ name: 'some', limit, value })

test.each([[1.8, 1.8, true], [1.81, 1.8, false], [0, 0, true], [NaN, 1, false]])('%f is kept within %f: %s', (value, limit, kept) => expect(isKept(budget(value, limit))).toBe(kept))

test('one that is not kept is counted and shown', () => {
  const budgets = [budget(1, 2), budget(2, 1), budget(NaN, 1)]
  expect(verdict(budgets)).toEqual({ line: '1 passed, 2 failed', failed: 2 })
  expect(budgetTable(budgets).split('\n').slice(2)).toEqual(['| some | 2 | 1 | passed |', '| some | 1 | 2 | **failed** |', '| some | 1 | NaN | **failed** |'])
})

test.each([[[3, 1, 2], 2], [[4, 1, 2, 3], 2.5], [[7], 7], [[], NaN]])('the median of %j is %f', (values, middle) => expect(median(values)).toBe(middle))

test('the best is the least', () => expect(best([3, 1, 2])).toBe(1))
