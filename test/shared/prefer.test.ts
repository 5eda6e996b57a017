// The header Prefer as RFC 7240 writes it, and as others do.
import fc from 'fast-check'
import { expect, test } from '@jest/globals'
import { preferredWaitSeconds, prefersProgress } from '../../shared/prefer.ts'

test.each<[string, number]>([
  ['wait=20', 20], ['Wait=20', 20], ['WAIT=0', 0], ['  wait = 20  ', 20], ['wait="20"', 20], ['wait="2\\0"', 20], ['wait=007', 7],
  ['respond-async, wait=10', 10], ['wait=10, respond-async', 10], ['respond-async,wait=10', 10], ['return=minimal; foo="a, wait=3", wait=10', 10],
  ['x="\\", wait=3", wait=10', 10], ['wait=10; foo=bar', 10], ['wait=10;', 10], ['wait=10, wait=3', 10], [', ,wait=5,', 5], ['x"y, wait=3", wait=4', 4],
])('%j is %i seconds', (header, seconds) => expect(preferredWaitSeconds(header)).toBe(seconds))

test('more digits than make sense are a very long time', () => expect(preferredWaitSeconds(`wait=${'9'.repeat(400)}`)).toBe(Infinity))

test.each([
  '', 'wait', 'wait=', 'wait=""', 'wait=-1', 'wait=+1', 'wait=1.5', 'wait=1e3', 'wait=1 2', 'wait=1s', 'wait="1', 'wait=1"', 'waits=1', 'await=1', 'x-wait=1',
  'foo; wait=5', 'foo="wait=5"', '"wait=5"', 'foo="bar, wait=5', 'wait:5', 'wait=abc, wait=5', 'wait, wait=5', 'wait=٣',
])('%j is none', (header) => expect(preferredWaitSeconds(header)).toBeUndefined())

test.each([
  ['wait=20, progress', true], ['Progress;x, wait=1', true], ['progress', true], ['wait=20', false], ['x=", progress"', false], ['progress=no', false], ['progression', false], [undefined, false],
])('%j asks for progress: %s', (header, asked) => expect(prefersProgress(header)).toBe(asked))

test('no header is none', () => expect(preferredWaitSeconds(undefined)).toBeUndefined())

test('whatever is sent beside it, it is found or nothing is', () => {
  const token = fc.stringMatching(/^[!#$%&'*+.^`|~\w-]{1,8}$/).filter((text) => text.toLowerCase() !== 'wait')
  const quoted = fc.string({ maxLength: 8 }).map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`)
  const preference = fc.tuple(token, fc.option(fc.oneof(token, quoted)), fc.option(fc.tuple(token, quoted))).map(([name, value, more]) =>
    `${name}${value === null ? '' : `=${value}`}${more === null ? '' : `; ${more[0]}=${more[1]}`}`)
  const list = fc.array(preference, { maxLength: 4 })
  fc.assert(fc.property(list, fc.nat(1e6), list, (before, seconds, after) => preferredWaitSeconds([...before, `wait=${seconds}`, ...after].join(', ')) === seconds))
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('"', '\\', ',', ';', '=', ' ', 'w', 'wait', '1'), maxLength: 12 }), (text) => {
    const found = preferredWaitSeconds(text)
    return found === undefined || /wait\s*=/.test(text)
  }))
})
