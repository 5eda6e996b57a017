// The limits through the real SDK and the Couchbase stand-in: who is stopped, for how long, and who is not stopped by what others do.
import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { couchbase, type Intercept } from '../../local/couchbase/couchbase.ts'
import { opcode } from '../../local/couchbase/opcode.ts'
import { counter } from '../../shared/counter.ts'
import { parseLimits } from '../../shared/limit.ts'
import { limits, type LimitSettings } from '../../shared/limits.ts'
import { Refusal } from '../../shared/refusal.ts'
import { UpstreamError } from '../../shared/upstream-error.ts'
import { manualClock } from '../manual-clock.ts'
import { openSdk } from '../couchbase/sdk.ts'

const login = { username: 'callgate', password: 'secret' }
const opened: { close: () => Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})
const keep = <T extends { close: () => Promise<void> }>(one: T) => {
  opened.push(one)
  return one
}

type Given = Partial<Record<keyof LimitSettings, string>> & { fault?: Intercept }
const of = (text = 'off') => parseLimits(text)!

/** `call` answers `called`, or the refusal with its seconds, or the failure. */
const deployment = async ({ fault, ...given }: Given) => {
  const clock = manualClock(Date.parse('2026-11-24T12:00:00Z'))
  const documents = new Map<string, number>()
  const server = keep(await couchbase({
    buckets: ['counters'], logins: [login], clock,
    intercept: (request, next) => {
      if (request.opcode !== opcode.increment) return next()
      documents.set(request.key, (documents.get(request.key) ?? 0) + 1)
      return fault ? fault(request, next) : next()
    },
  }))
  const counted = keep(counter({ url: server.url, bucket: 'counters', login: () => Promise.resolve(login), rereadLogin: () => Promise.resolve(), ...(fault ? { timeoutMilliseconds: 800 } : {}) }))
  const settings = { address: of(given.address), number: of(given.number), country: of(given.country), total: of(given.total) }
  const { count } = limits({ counter: counted, limits: settings, key: 'a'.repeat(42) + 'A', now: clock.now })
  const logged: unknown[] = []
  const log = (...record: unknown[]) => void logged.push(record)
  const call = (asked: Partial<Parameters<typeof count>[0]> = {}, signal = new AbortController().signal) =>
    count({ line: 'line-1', address: '203.0.113.1', country: 'US', ...asked }, { signal, log }).then(
      () => 'called',
      (cause: unknown) => {
        if (cause instanceof Refusal) return `${cause.code} ${cause.retryAfterSeconds}`
        return cause instanceof UpstreamError ? `${cause.system} ${cause.failure}` : String(cause)
      },
    )
  return { url: server.url, close: server.close, clock, documents, logged, call }
}

const times = (count: number) => Array.from({ length: count }, (_, index) => index)
const inTurn = async (count: number, run: (index: number) => Promise<string>) => {
  const outcomes: string[] = []
  for (const index of times(count)) outcomes.push(await run(index))
  return outcomes
}
const calledIn = (outcomes: string[]) => outcomes.filter((outcome) => outcome === 'called').length
const somebody = (index: number) => ({ line: `line-${index}`, address: `198.51.100.${index}`, country: index % 2 ? 'US' : 'CA' })

describe('a limit', () => {
  const alike = {
    address: (index: number) => ({ ...somebody(index), address: '203.0.113.1' }),
    number: (index: number) => ({ ...somebody(index), line: 'line-1' }),
    country: (index: number) => ({ ...somebody(index), country: 'US' }),
    total: somebody,
  }
  const another = { address: { address: '203.0.113.2' }, number: { line: 'line-2' }, country: { country: 'CA' } }
  const kinds = ['address', 'number', 'country', 'total'] as const

  test.each(kinds)('of 3 for the %s lets 3 through, and not the fourth', async (kind) => {
    const { call } = await deployment({ [kind]: '3/10m' })
    expect(await inTurn(4, (index) => call(alike[kind](index)))).toEqual(['called', 'called', 'called', 'slow_down 600'])
  })

  test.each(['address', 'number', 'country'] as const)('for the %s leaves others alone', async (kind) => {
    const { call } = await deployment({ [kind]: '1/10m' })
    expect([await call(), await call(), await call(another[kind])]).toEqual(['called', 'slow_down 600', 'called'])
  })

  test.each(kinds)('for the %s says when its window ends, to the second', async (kind) => {
    const { call, clock } = await deployment({ [kind]: '1/10m' })
    clock.advance(123_456)
    await call()
    expect(await call()).toBe('slow_down 477')
    clock.advance(476_543)
    expect(await call()).toBe('slow_down 1')
    clock.advance(1)
    expect([await call(), await call()]).toEqual(['called', 'slow_down 600'])
  })

  test('with two windows holds both, and names the one that was reached', async () => {
    const { call, clock } = await deployment({ number: '2/10m,3/1d' })
    expect(await inTurn(3, () => call())).toEqual(['called', 'called', 'slow_down 600'])
    clock.advance(600_000)
    expect(await inTurn(2, () => call())).toEqual(['called', `slow_down ${12 * 3_600 - 600}`])
    clock.advance((12 * 3_600 - 600) * 1_000)
    expect(await call()).toBe('called')
  })

  test('of 0 lets nobody through', async () => {
    const { call } = await deployment({ total: '0/1d' })
    expect(await call()).toBe('slow_down 43200')
  })

  test('that is off counts nothing', async () => {
    const { call, documents } = await deployment({})
    expect(calledIn(await inTurn(20, () => call()))).toBe(20)
    expect(documents.size).toBe(0)
  })

  test.each(kinds)('for the %s lets exactly 7 of 100 at once through', async (kind) => {
    const { call } = await deployment({ [kind]: '7/10m' })
    expect(calledIn(await Promise.all(times(100).map((index) => call(alike[kind](index)))))).toBe(7)
  })

  test('that is reached is in the log, as a warning where it stops everybody', async () => {
    const one = await deployment({ total: '0/1d' })
    await one.call()
    const other = await deployment({ number: '0/1d' })
    await other.call()
    expect([...one.logged, ...other.logged]).toEqual([
      ['warn', 'limit_reached', { reason: 'total', country: 'US' }, { LimitRefusals: 1 }],
      ['info', 'limit_reached', { reason: 'number', country: 'US' }, { LimitRefusals: 1 }],
    ])
  })
})

describe('a refused attempt', () => {
  test('at an address neither keeps a number from its owner nor uses up the day', async () => {
    const { call } = await deployment({ address: '2/1h', number: '3/1d', total: '3/1d' })
    expect(calledIn(await inTurn(50, () => call()))).toBe(2)
    expect(await call({ address: '203.0.113.2' })).toBe('called')
  })

  test('with a number uses up neither its country nor the day', async () => {
    const { call } = await deployment({ number: '1/1d', country: '3/1d', total: '3/1d' })
    expect(calledIn(await inTurn(50, () => call()))).toBe(1)
    expect([await call({ line: 'line-2' }), await call({ line: 'line-3' })]).toEqual(['called', 'called'])
  })

  test.each(['number', 'address'] as const)('in the short window of a %s does not count in the long one', async (kind) => {
    const { call, clock } = await deployment({ [kind]: '1/10m,2/1d' })
    expect(calledIn(await inTurn(50, () => call()))).toBe(1)
    clock.advance(600_000)
    expect(await call()).toBe('called')
  })

  test('among 100 at once from one address uses up no more of the day than was let through', async () => {
    const { call } = await deployment({ address: '5/1h', total: '6/1d' })
    expect(calledIn(await Promise.all(times(100).map(() => call())))).toBe(5)
    expect(await call({ address: '203.0.113.2' })).toBe('called')
  })
})

describe('addresses', () => {
  test.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', 'slow_down 600'],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', 'called'],
    ['203.0.113.1', '::ffff:203.0.113.1', 'slow_down 600'],
    ['203.0.113.1', '203.0.113.2', 'called'],
    ['', 'nonsense', 'slow_down 600'],
  ])('%j, then %j: %s', async (first, second, outcome) => {
    const { call } = await deployment({ address: '1/10m' })
    await call({ address: first })
    expect(await call({ address: second })).toBe(outcome)
  })
})

describe('nobody is called', () => {
  const all = { address: '9/1h', number: '9/1h', country: '9/1h', total: '9/1h' }

  test.each<[string, Intercept, string]>([
    ['is busy', () => ({ status: 0x85 }), 'couchbase unavailable'],
    ['hangs', () => 'hang', 'couchbase lost_reply'],
    ['hangs up', () => 'drop', 'couchbase lost_reply'],
    ['does not let us', () => ({ status: 0x24 }), 'couchbase login_refused'],
    ['hangs at the last count', ({ key }, next) => (key.includes('::total::') ? 'hang' : next()), 'couchbase lost_reply'],
  ])('where the server %s', async (_, fault, outcome) => {
    const { call } = await deployment({ ...all, fault })
    const began = performance.now()
    expect(await call()).toBe(outcome)
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  test('where no server is', async () => {
    const { call, close } = await deployment(all)
    await close()
    expect(await call()).toBe('couchbase unreachable')
  })

  test('after the time is over, and nothing is counted any more', async () => {
    const { call, documents } = await deployment(all)
    expect(await call({}, AbortSignal.abort())).toBe('couchbase lost_reply')
    expect(documents.size).toBe(0)
  })

  test('when the time ends while counting, and it ends at once', async () => {
    const time = new AbortController()
    const { call, documents } = await deployment({ ...all, fault: () => (time.abort(), 'hang') })
    const began = performance.now()
    expect(await call({}, time.signal)).toBe('couchbase lost_reply')
    expect(performance.now() - began).toBeLessThan(500)
    expect(documents.size).toBe(1)
  })

  test('beyond a limit, whatever replies are lost', async () => {
    const faults = fc.array(fc.constantFrom('none', 'none', 'drop before', 'drop after', 'busy'), { minLength: 12, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(faults, async (ahead) => {
        const { call } = await deployment({
          address: '4/1h', number: '3/1h', total: '2/1h',
          fault: (_, next) => {
            const kind = ahead.shift() ?? 'none'
            if (kind === 'busy') return { status: 0x85 }
            if (kind === 'drop before') return 'drop'
            const reply = next()
            return kind === 'drop after' ? 'drop' : reply
          },
        })
        expect(calledIn(await Promise.all(times(8).map(() => call())))).toBeLessThanOrEqual(2)
      }),
      { numRuns: 25 },
    )
  })
})

describe('what is stored', () => {
  const all = { address: '9/10m', number: '9/10m', country: '9/10m', total: '9/10m' }

  test('tells of no line and no address, and what it tells the operator can read', async () => {
    const { call, documents } = await deployment(all)
    await call({ line: 'line-of-somebody', address: '203.0.113.77' })
    await call({ line: 'line-of-somebody', address: '2001:db8:1:2::1' })
    const ids = [...documents.keys()].map((id) => id.replace(/::[\w-]{43}$/, '::HMAC')).sort()
    expect(ids).toEqual([
      'limit::address::600::2026-11-24T12:00:00.000Z::HMAC',
      'limit::address::600::2026-11-24T12:00:00.000Z::HMAC',
      'limit::country::600::2026-11-24T12:00:00.000Z::US',
      'limit::number::600::2026-11-24T12:00:00.000Z::HMAC',
      'limit::total::600::2026-11-24T12:00:00.000Z::all',
    ])
    expect([...documents.keys()].join(' ')).not.toMatch(/somebody|203\.0|2001:db8/)
  })

  test('is a number, and gone a minute after its window', async () => {
    const { url, call, clock, documents } = await deployment(all)
    clock.advance(300_000)
    await call()
    const { collection } = keep(await openSdk({ url, bucket: 'counters', ...login }))
    const left = async () => (await Promise.all([...documents.keys()].map((id) => collection.exists(id)))).filter(({ exists }) => exists).length
    const values = await Promise.all([...documents.keys()].map(async (id): Promise<unknown> => (await collection.get(id)).content))
    expect(values).toEqual([1, 1, 1, 1])
    clock.advance(359_999)
    expect(await left()).toBe(4)
    clock.advance(1)
    expect(await left()).toBe(0)
  })
})
