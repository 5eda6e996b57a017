import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { keyed } from '../../shared/digest.ts'
import { firstRefreshToken, firstRotation, idleSeconds, isOurs, parseRefreshToken, present, type RefreshToken, type Rotation } from '../../shared/refresh-token.ts'

const keyOf = (byte: number) => Buffer.alloc(32, byte).toString('base64url')
const keys = [keyOf(1), keyOf(2)]
const device = 'd'.repeat(22)
const first = firstRefreshToken(keys[0]!, 'u::0001', device, 'secret')
const at = (rotation: Rotation, token: RefreshToken, now: number, { bound = false, keys: with_ = keys } = {}) => present(rotation, token, { keys: with_, bound, now })
const rotate = (rotation: Rotation, token: RefreshToken, now: number, options = {}) => {
  const result = at(rotation, token, now, options)
  if (result.outcome !== 'rotated') throw new Error(result.outcome)
  return result
}

describe('a refresh token', () => {
  test('is read back as it was made, and is nobody else\'s', () => {
    expect(parseRefreshToken(first.text)).toEqual(first)
    expect(isOurs([keys[1]!, keys[0]!], first)).toBe(true)
    expect(isOurs([keys[1]!], first)).toBe(false)
  })

  test('with any character changed is not ours', () => {
    fc.assert(fc.property(fc.nat(first.text.length - 1), fc.constantFrom('0', 'A', 'a', '_', '.', '-'), (index, character) => {
      const text = first.text.slice(0, index) + character + first.text.slice(index + 1)
      fc.pre(text !== first.text)
      const token = parseRefreshToken(text)
      expect(token !== undefined && isOurs(keys, token)).toBe(false)
    }))
  })

  test('keeps its parts apart: no secret is made for one purpose and good for another', () => {
    const [, , secret, tag] = first.text.split('.')
    expect([secret, tag]).toEqual([keyed(keys[0]!, 'refresh', 'u::0001', device, 'secret'), keyed(keys[0]!, 'refresh tag', 'u::0001', device, secret!).slice(0, 22)])
  })

  test('is good for sixty days without use', () => expect(idleSeconds).toBe(5_184_000))

  test.each([`x${first.text}`, `${first.text}x`, '', 'x', '0001', `0000.${device}.${'s'.repeat(43)}.${'t'.repeat(22)}`, `01.${device}.${'s'.repeat(43)}.${'t'.repeat(22)}`])('is not %j', (text) => {
    expect(parseRefreshToken(text)).toBeUndefined()
  })
})

describe('rotation', () => {
  test.each([false, true])('gives a successor once, and a repeat the same one (bound: %s)', (bound) => {
    const { successor, rotation } = rotate(firstRotation(first), first, 100, { bound })
    expect(successor.text).not.toBe(first.text)
    expect(at(rotation, first, 101, { bound })).toEqual({ outcome: 'repeated', successor })
    expect(JSON.stringify(rotation)).not.toContain(successor.text.split('.')[2])
  })

  test.each([[59, 'repeated'], [60, 'stale']])('of an unbound token: its predecessor is %is later %s', (seconds, outcome) => {
    expect(at(rotate(firstRotation(first), first, 100).rotation, first, 100 + seconds).outcome).toBe(outcome)
  })

  test.each([[0, 29, 'repeated'], [0, 30, 'stale'], [1_000_000, 29, 'repeated'], [1_000_000, 30, 'stale']])(
    'of a bound token whose successor is used after %i s: its predecessor is %i s later %s', (unused, seconds, outcome) => {
      const one = rotate(firstRotation(first), first, 100, { bound: true })
      expect(at(one.rotation, first, 100 + unused, { bound: true }).outcome).toBe('repeated')
      const two = rotate(one.rotation, one.successor, 100 + unused, { bound: true })
      expect(at(two.rotation, first, 100 + unused + seconds, { bound: true }).outcome).toBe(outcome)
    },
  )

  test('goes on over a new first key, and a repeat from before it still gets the same successor', () => {
    const one = rotate(firstRotation(first), first, 100)
    const newer = [keyOf(3), ...keys]
    expect(at(one.rotation, first, 101, { keys: newer })).toEqual({ outcome: 'repeated', successor: one.successor })
    expect(rotate(one.rotation, one.successor, 102, { keys: newer }).outcome).toBe('rotated')
  })

  test('remembers four at most, the newest first', () => {
    let state: { successor: RefreshToken; rotation: Rotation } = { successor: first, rotation: firstRotation(first) }
    const given = [first]
    for (let use = 0; use < 6; use++) {
      state = rotate(state.rotation, state.successor, 100)
      given.push(state.successor)
    }
    expect(state.rotation.previous).toHaveLength(4)
    expect(given.map((token) => at(state.rotation, token, 101).outcome)).toEqual(['stale', 'stale', 'repeated', 'repeated', 'repeated', 'repeated', 'rotated'])
  })

  test('under keys that are all new cannot say what a predecessor was traded for: it is stale', () => {
    const one = rotate(firstRotation(first), first, 100)
    expect(at(one.rotation, first, 101, { keys: [keyOf(9)] })).toEqual({ outcome: 'stale' })
  })

  test('of a token that was never this device\'s is stale', () => {
    expect(at(firstRotation(first), firstRefreshToken(keys[0]!, 'u::0001', device, 'another'), 100).outcome).toBe('stale')
  })
})
