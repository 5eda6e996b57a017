// The small pure modules of the page: numbers, durations and sentences.
import { describe, expect, test } from '@jest/globals'
import { duration } from '../../local/page/duration.ts'
import { endingSentence } from '../../local/page/ending.ts'
import { refusedBy } from '../../local/page/refused.ts'
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

describe('a refusal', () => {
  test('has the code, the sentence and the seconds of the service', () =>
    expect(refusedBy(429, { error: 'slow_down', error_description: 'Try again later.' }, '171')).toEqual({ refused: 'slow_down', sentence: 'Try again later.', retryAfterSeconds: 171 }))

  test.each([[502, undefined, 'temporarily_unavailable'], [404, { message: 'Not Found' }, 'server_error'], [400, 'text', 'server_error']])('of status %i without a code is %3$s', (status, json, code) =>
    expect(refusedBy(status, json, 'Wed, 21 Oct 2026 07:28:00 GMT')).toEqual({ refused: code, sentence: expect.stringMatching(/\.$|^Not Found$/) }))

  test.each([
    ['access_denied', 'The phone was busy.', /^The phone was busy\.$/], ['invalid_request', 'login_hint', /plus and the country code/], ['invalid_grant', 'auth_req_id', /Ask for a new one/],
  ])('%s, %s, is told for people', (refused, sentence, told) => expect(endingSentence({ refused, sentence })).toMatch(told))
})
