// Shapes of values from outside: held against zod, which says the same in more words.
import fc from 'fast-check'
import { describe, expect, test } from '@jest/globals'
import * as z from 'zod/mini'
import { either, fitted, listOf, looseObject, matching, number, object, oneOf, optional, recordOf, someOf, string, text, where, type Shape } from '../../shared/shape.ts'
import { runs } from '../factor.ts'

const isEven = (value: unknown): value is number => typeof value === 'number' && value % 2 === 0

const twins: Record<string, [Shape<unknown>, z.ZodMiniType]> = {
  string: [string, z.string()],
  text: [text, z.string().check(z.minLength(1))],
  number: [number, z.number()],
  matching: [matching(/^a+$/), z.string().check(z.regex(/^a+$/))],
  oneOf: [oneOf('a', 'b', true), z.union([z.enum(['a', 'b']), z.literal(true)])],
  where: [where(isEven), z.custom<number>(isEven)],
  optional: [object({ a: optional(string), b: number }), z.object({ a: z.optional(z.string()), b: z.number() })],
  listOf: [listOf(number), z.array(z.number())],
  someOf: [someOf(string), z.array(z.string()).check(z.minLength(1))],
  recordOf: [recordOf(number), z.record(z.string(), z.number())],
  'recordOf some names': [recordOf(number, /^a/), z.record(z.string().check(z.regex(/^a/)), z.number())],
  object: [object({ a: object({ b: number }) }), z.object({ a: z.object({ b: z.number() }) })],
  looseObject: [looseObject({ a: number }), z.looseObject({ a: z.number() })],
  either: [either(object({ a: number }), object({ b: number })), z.union([z.object({ a: z.number() }), z.object({ b: z.number() })])],
}

// Few names and few texts, so that many values fit.
const leaf = fc.oneof(fc.constantFrom('', 'a', 'aa', 'b', 'c', true, false, null), fc.integer({ min: -3, max: 3 }), fc.double())
const value = fc.letrec((tie) => ({
  any: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('any'), { maxLength: 3 }), fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('any'), { maxKeys: 3, noNullPrototype: true })),
})).any

describe.each(Object.entries(twins))('%s', (_, [shape, twin]) => {
  test('takes what zod takes, and makes the same of it', () =>
    fc.assert(fc.property(value, (given) => {
      const [ours, theirs] = [fitted(shape, given), twin.safeParse(given)]
      expect(ours.fits ? [true, ours.value] : [false]).toEqual(theirs.success ? [true, theirs.data] : [false])
    }), runs(300)))
})

describe('where it does not fit', () => {
  const shape = object({ keys: someOf(object({ a: text })), b: optional(recordOf(number)) })
  test.each<[unknown, (string | number)[]]>([
    [undefined, []],
    [[], []],
    [{}, ['keys']],
    [{ keys: [] }, ['keys']],
    [{ keys: [{ a: 'x' }, { a: '' }] }, ['keys', 1, 'a']],
    [{ keys: [{ a: 'x' }], b: { c: '1' } }, ['b', 'c']],
  ])('%j is told by its place', (given, at) => expect(fitted(shape, given)).toEqual({ fits: false, at }))
})

test('a member of the prototype is not there, and one of that name is only data', () => {
  expect(fitted(object({ toString: optional(string) }), {})).toEqual({ fits: true, value: {} })
  const record = fitted(recordOf(number), JSON.parse('{"__proto__":1}'))
  expect(record.fits && Object.getOwnPropertyNames(record.value)).toEqual(['__proto__'])
})

test('a mistake of a check is not taken for a value that does not fit', () => {
  const broken = where((value): value is string => { throw new RangeError(typeof value) })
  expect(() => fitted(broken, 1)).toThrow(RangeError)
})
