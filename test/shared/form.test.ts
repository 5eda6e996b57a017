import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseForm } from '../../shared/form.ts'
import { Refusal } from '../../shared/refusal.ts'

describe('a form', () => {
  test('gives its fields, and an empty one as if it were not there', () => {
    const form = parseForm('a=1&b=&c=x+y%26z')
    expect([form.optional('a'), form.optional('b'), form.required('c'), form.optional('d')]).toEqual(['1', undefined, 'x y&z', undefined])
    expect(() => form.required('b')).toThrow('The parameter b is missing.')
  })

  test.each(['a=1&a=2', 'a=1&a=', 'a=%', 'a=%2', 'a=%zz', 'a=%00', 'a=%0a', '%07=a', 'a=%ff', 'a=%ed%a0%80'])('is refused when it reads %s', (text) => {
    expect(() => parseForm(text)).toThrow(Refusal)
  })

  test('takes every character of Unicode but those that control, and the mark of what was not UTF-8', () => {
    const unwanted = /[\p{Cc}\uFFFD]/u
    const characters = Array.from({ length: 0x11_0000 }, (_, code) => String.fromCodePoint(code)).filter((character) => character.isWellFormed())
    const fine = characters.filter((character) => !unwanted.test(character)).join('')
    expect(parseForm(new URLSearchParams({ a: fine }).toString()).required('a')).toBe(fine)
    const refused = characters.filter((character) => unwanted.test(character))
    expect(refused).toHaveLength(66)
    for (const character of refused) expect(() => parseForm(`a=${encodeURIComponent(character)}`)).toThrow(Refusal)
  })

  test('has no members but its own, whatever they are called', () => {
    expect(parseForm('a=1').optional('constructor')).toBeUndefined()
    expect(parseForm('__proto__=1').optional('__proto__')).toBe('1')
  })

  test('is read or refused, and never fails otherwise', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      try {
        parseForm(text)
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal)
      }
    }))
  })
})
