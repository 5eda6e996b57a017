// The small pure modules of the page: numbers, durations, sentences, and what the drawer shows of a secret.
import { describe, expect, test } from '@jest/globals'
import { duration } from '../../local/page/duration.ts'
import { endingSentence, troubleSentence } from '../../local/page/ending.ts'
import { shortened } from '../../local/page/shortened.ts'
import { dialled, grouped } from '../../local/page/telephone-number.ts'

test.each([
  ['+1 202 555 0123', '+12025550123'], ['+1 (202) 555-0123', '+12025550123'], ['  +44 20.7946.0018 ', '+442079460018'], ['+1234567', '+1234567'],
  ['+123456', undefined], ['+123456789012345', '+123456789012345'], ['+1234567890123456', undefined], ['202 555 0123', undefined], ['+0202 555 0123', undefined],
  ['+1 202 555 0123x', undefined], ['', undefined],
])('%j is dialled as %s', (typed, number) => expect(dialled(typed)).toBe(number))

test.each([['+12025550123', '+1 202 555 0123'], ['+442079460018', '+442079460018']])('%s is shown as %s', (number, shown) => expect(grouped(number)).toBe(shown))

test.each([
  [-1, '0:00'], [0, '0:00'], [1, '0:01'], [59_000, '0:59'], [59_001, '1:00'], [180_000, '3:00'], [3_599_000, '59:59'], [3_599_001, '1 h 0 min'], [86_400_000, '24 h 0 min'],
])('%i ms are %s', (milliseconds, words) => expect(duration(milliseconds)).toBe(words))

describe('an ending', () => {
  test.each([
    ['busy', /busy.*Ask again/], ['bad_number', /plus and the country code/], ['expired', /Ask for a new one/], ['reported', /a day.*use another/], ['disabled', /enable it; then sign in/], ['no_answer', /Ask again/], ['limited', /Wait/], ['offline', /try again/], ['signed_out', /Sign in again/],
  ] as const)('%s says what happened and what is next', (code, told) => expect(endingSentence(code)).toMatch(told))

  test('that is none yet asks for nothing: the app goes on by itself', () => {
    expect([troubleSentence('offline'), troubleSentence('unavailable')]).toEqual([expect.stringMatching(/no answer.*keeps trying/), expect.stringMatching(/cannot work.*keeps trying/)])
  })
})

describe('the drawer', () => {
  test('shows of a token its ends', () => expect(shortened(`{"access_token":"${'a'.repeat(200)}.b"}`)).toBe('{"access_token":"aaaaaaaa…aa.b"}'.replace('aa.b', 'aaaa.b')))
  test('shows what is short as it is', () => expect(shortened('login_hint=%2B12025550123\n&scope=openid')).toBe('login_hint=%2B12025550123\n&scope=openid'))
  test('is bounded', () => expect(shortened('x '.repeat(10_000))).toHaveLength(4_000))
})
