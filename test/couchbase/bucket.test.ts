// The rules of a bucket by themselves, for what the SDK hides or a shared cluster cannot show.
import { describe, expect, test } from '@jest/globals'
import { bucket, visibleCas, type Write } from '../../local/couchbase/bucket.ts'
import { manualClock } from '../manual-clock.ts'

const neverCreate = 0xffff_ffff
const write = (value: string | Buffer, more: Partial<Write> = {}): Write => ({ value: Buffer.from(value), flags: 0, expiry: 0, cas: 0n, keepExpiry: false, ...more })
const plusOne = { sign: 1n, delta: 1n, initial: 0n, expiry: neverCreate } as const

const withDocument = (value: string) => {
  const clock = manualClock()
  const documents = bucket(clock)
  const { document } = documents.store('id', 'set', write(value, { flags: 7 }))
  return { ...documents, clock, cas: document!.cas }
}

describe('a cas', () => {
  test('grows with every write, even while the clock stands still or goes back', () => {
    let now = 1_000_000
    const documents = bucket({ now: () => now, after: () => () => {} })
    const next = () => documents.store('id', 'set', write('1')).document!.cas
    const first = [next(), next(), next()]
    now -= 500_000
    const all = [...first, next(), next()]
    expect(all).toEqual([...new Set(all)].sort((a, b) => (a < b ? -1 : 1)))
  })

  test('counts nanoseconds since 1970, as a real one does', () => {
    const { cas, clock } = withDocument('1')
    expect(Math.abs(Number(cas / 1_000_000n) - clock.now())).toBeLessThanOrEqual(1)
  })
})

describe('a lock', () => {
  test('refuses every other write, and an add as ever', () => {
    const { lock, store, remove, join, count, touch, lock: lockAgain } = withDocument('1')
    expect(lock('id', 15).status).toBe(0)
    const refused = [
      store('id', 'set', write('2')), store('id', 'replace', write('2', { cas: 1n })), remove('id', 0n), join('id', 'after', Buffer.from('2'), 0n),
      count('id', plusOne), touch('id', 10), lockAgain('id', 15),
    ]
    expect(refused.map(({ status }) => status)).toEqual([9, 9, 9, 9, 9, 9, 9])
    expect(store('id', 'add', write('2')).status).toBe(2)
  })

  test('shows readers a cas that opens nothing', () => {
    const { lock, get, unlock } = withDocument('1')
    const held = lock('id', 15).document!
    expect(visibleCas(get('id').document!)).toBe(0xffff_ffff_ffff_ffffn)
    expect(unlock('id', 0xffff_ffff_ffff_ffffn).status).toBe(9)
    expect(unlock('id', held.lock!.cas).status).toBe(0)
    expect(unlock('id', held.lock!.cas).status).toBe(0x0e)
  })

  test('leaves the cas of the document as it was', () => {
    const { lock, get, unlock, cas } = withDocument('1')
    unlock('id', lock('id', 15).document!.lock!.cas)
    expect(get('id').document?.cas).toBe(cas)
  })

  test.each(['set', 'remove', 'join'] as const)('is opened by a %s that holds its cas', (operation) => {
    const { lock, store, remove, join, get } = withDocument('1')
    const { cas } = lock('id', 15).document!.lock!
    const byCas = { set: () => store('id', 'set', write('2', { cas })), remove: () => remove('id', cas), join: () => join('id', 'after', Buffer.from('2'), cas) }
    expect(byCas[operation]().status).toBe(0)
    expect(get('id').document?.lock).toBeUndefined()
  })

  test.each([
    [0, 15],
    [1, 1],
    [30, 30],
    [31, 15],
  ])('of %i seconds lasts %i', (asked, lasts) => {
    const { lock, get, clock } = withDocument('1')
    lock('id', asked)
    clock.advance(lasts * 1_000 - 1)
    expect(get('id').document?.lock).toBeDefined()
    clock.advance(1)
    expect(get('id').document?.lock).toBeUndefined()
  })
})

describe('a count', () => {
  test.each<[string, Partial<typeof plusOne> | { sign: -1n }, number, string]>([
    ['18446744073709551615', {}, 0, '0'],
    ['18446744073709551616', {}, 6, '18446744073709551616'],
    ['0', { sign: -1n }, 0, '0'],
    ['007', {}, 0, '8'],
    ['', {}, 6, ''],
    [' 7', {}, 6, ' 7'],
    ['"7"', {}, 6, '"7"'],
  ])('on %p with %p: status %i, then %p', (before, change, status, after) => {
    const { count, get } = withDocument(before)
    expect(count('id', { ...plusOne, ...change }).status).toBe(status)
    expect(String(get('id').document?.value)).toBe(after)
  })

  test('keeps the flags of the document, and makes one without', () => {
    const { count, get } = withDocument('1')
    count('id', plusOne)
    count('new', { ...plusOne, expiry: 0 })
    expect([get('id').document?.flags, get('new').document?.flags]).toEqual([7, 0])
  })
})

describe('an expiry', () => {
  const days = 24 * 60 * 60
  test.each([
    ['of 30 days is relative', 30 * days, 30 * days * 1_000],
    ['of a second more is a date long past', 30 * days + 1, -1],
    ['of 0 is never', 0, 0],
  ])('%s', (_, expiry, expected) => {
    const clock = manualClock()
    const { document } = bucket(clock).store('id', 'set', write('1', { expiry }))
    if (expected < 0) expect(document?.expiresAt).toBe(expiry * 1_000)
    else expect(document?.expiresAt).toBe(expected && clock.now() + expected)
  })

  test('that a touch leaves as it was leaves the cas too', () => {
    const { touch, cas } = withDocument('1')
    expect(touch('id', 0).document?.cas).toBe(cas)
    expect(touch('id', 10).document?.cas).not.toBe(cas)
  })
})

test('what grows past 20 MiB is refused, and stays as it was', () => {
  const { store, join, get } = withDocument('1')
  const most = Buffer.alloc(20 * 1_048_576)
  expect(store('id', 'set', write(most)).status).toBe(0)
  expect(join('id', 'after', Buffer.alloc(1), 0n).status).toBe(3)
  expect(get('id').document?.value).toHaveLength(most.length)
})

test('each write is one more revision', () => {
  const { store, count, get } = withDocument('1')
  store('id', 'set', write('2'))
  count('id', plusOne)
  expect(get('id').document?.revision).toBe(3)
})
