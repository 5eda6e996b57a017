import { describe, expect, test } from '@jest/globals'
import type { Call } from '../../shared/call.ts'
import { daySeconds, lineKind, settled, type Line } from '../../shared/line.ts'

const now = 1_800_000_000
const line: Line = { type: 'line' }
const call: Call = {
  id: 'call', client: 'app', scope: 'openid', secretHash: 'hash', matchCode: '123', lastDigits: '23', locale: 'en', attempt: 1, expires: now + 180, state: 'pending',
}
const denied = (reason: 'star' | 'wrong_digits'): Call => ({ ...call, state: 'denied', reason })
const read = (body: Record<string, unknown>) => lineKind.read({ id: 'x', rev: '1-a', body })

describe('what becomes of a line', () => {
  test('after a star: a day of quiet', () => {
    expect(settled(line, denied('star'), now)).toEqual({ type: 'line', call: denied('star'), wrongAt: [], quietUntil: now + daySeconds })
  })

  test('after wrong digits: they are counted', () => {
    expect(settled(line, denied('wrong_digits'), now)).toEqual({ type: 'line', call: denied('wrong_digits'), wrongAt: [now] })
  })

  test.each(['pending', 'approved', 'ended'] as const)('of a call that is %s: nothing is counted, whatever came before', (state) => {
    const before: Line = { ...line, wrongAt: [now - 1, now - 2, now - 3] }
    expect(settled(before, { ...call, state, reason: 'wrong_digits' }, now)).toEqual({ ...before, call: { ...call, state, reason: 'wrong_digits' } })
  })

  test('after the third call with wrong digits within a day: quiet, and not after the second', () => {
    const second = settled(settled(line, denied('wrong_digits'), now), denied('wrong_digits'), now + 10)
    expect(second.quietUntil).toBeUndefined()
    expect(settled(second, denied('wrong_digits'), now + daySeconds - 1).quietUntil).toBe(now + 2 * daySeconds - 1)
  })

  test.each([[daySeconds - 1, 2], [daySeconds, 1]])('a denial %i s ago: %i are counted with the new one', (ago, counted) => {
    expect(settled({ ...line, wrongAt: [now - ago] }, denied('wrong_digits'), now).wrongAt).toHaveLength(counted)
  })
})

describe('the document of a line', () => {
  test('that is only quiet expires after its quiet', () => {
    const written = (quietUntil: number) => lineKind.written({ ...line, quietUntil }) as { _exp: number }
    expect(written(now)._exp).toBeGreaterThan(now)
    expect(written(now + 60)._exp - written(now)._exp).toBe(60)
  })

  const full: Line = {
    type: 'line', account: { state: 'ready', id: 'u::0001' }, call: { ...call, reason: 'busy', jkt: 'k', idempotency: { keyHash: 'a', parametersHash: 'b' } }, quietUntil: now, wrongAt: [now],
    redeemed: { secretHash: 'h', client: 'app', expires: now, device: 'd', jkt: 'k', idempotency: { keyHash: 'a', parametersHash: 'b' }, scope: 'openid', authTime: now },
  }

  test('is read as it was written', () => {
    expect(read(full)).toEqual(full)
    for (const state of ['pending', 'approved', 'denied', 'ended'] as const) expect(read({ ...line, call: { ...call, state } }).call?.state).toBe(state)
    expect(read({ ...line, call: { ...call, answered: true } }).call?.answered).toBe(true)
    expect(read({ ...line, account: { state: 'creating', id: 'u::0002' } }).account).toEqual({ state: 'creating', id: 'u::0002' })
  })

  test('that is not there, or has no type, is a line of which nothing is known', () => {
    expect(lineKind.read(undefined)).toEqual({ type: 'line' })
    expect(read({})).toEqual({ type: 'line' })
    expect(read({ account: { state: 'ready', id: 'u::0001' } })).toEqual({ type: 'line' })
  })

  test.each<[string, Record<string, unknown>]>([
    ['another type', { type: 'account' }],
    ['an account that is none', { type: 'line', account: {} }],
    ['an id that no counter gave', { type: 'line', account: { state: 'ready', id: 'u::0000' } }],
    ['a call that is none', { type: 'line', call: {} }],
    ['a call in no state', { type: 'line', call: { ...call, state: '' } }],
    ['a redemption that is none', { type: 'line', redeemed: {} }],
    ['half an Idempotency-Key', { type: 'line', call: { ...call, idempotency: {} } }],
  ])('with %s is nothing that we wrote', (_name, body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ system: 'sync-gateway', operation: 'readLine', failure: 'unexpected', status: 200 }))
  })

  test('never expires when it names a number, be it only in the making', () => {
    for (const state of ['creating', 'ready'] as const) expect(lineKind.written({ ...full, account: { state, id: 'u::0001' } })).not.toHaveProperty('_exp')
  })

  test.each<[string, Omit<Line, 'type'>, number]>([
    ['its call', { call: { ...call, expires: now + 5 } }, now + 5],
    ['its redemption', { redeemed: { ...full.redeemed!, expires: now + 6 }, call: { ...call, expires: now + 5 } }, now + 6],
    ['its quiet', { quietUntil: now + 7, call: { ...call, expires: now + 5 } }, now + 7],
    ['its last wrong digits', { wrongAt: [now - 9, now], call: { ...call, expires: now + 5 } }, now + daySeconds],
  ])('expires a quarter of an hour after %s', (_name, change, last) => {
    expect(lineKind.written({ ...line, ...change })).toEqual({ ...line, ...change, _exp: last + 900 })
  })
})
