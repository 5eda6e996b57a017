// The counter through the real SDK: numbers are unique whatever is lost, waiting has an end, and connections heal.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { couchbase, type CouchbaseOptions, type Intercept } from '../../local/couchbase/couchbase.ts'
import { opcode } from '../../local/couchbase/opcode.ts'
import { counter, type CounterConfig } from '../../shared/counter.ts'
import { UpstreamError } from '../../shared/upstream-error.ts'
import { manualClock } from '../manual-clock.ts'
import { openSdk } from '../couchbase/sdk.ts'

const right = { username: 'callgate', password: 'secret' }
const opened: { close: () => Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

const keep = <T extends { close: () => Promise<void> }>(one: T) => {
  opened.push(one)
  return one
}
const server = async (options: Partial<CouchbaseOptions> = {}) => keep(await couchbase({ buckets: ['counters'], logins: [right], ...options }))
const numbers = (url: string, config: Partial<CounterConfig> = {}) =>
  keep(counter({ url, bucket: 'counters', login: () => Promise.resolve(right), rereadLogin: () => Promise.resolve(), ...config }))
/** For what never answers: on a busy machine, what does answer may take longer than this. */
const impatient = { timeoutMilliseconds: 800 }
const onIncrement = (intercept: Intercept): Intercept => (request, next) => (request.opcode === opcode.increment ? intercept(request, next) : next())
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    (value) => `the number ${String(value)}`,
    (cause: unknown) => (cause instanceof UpstreamError ? `${cause.system} ${cause.operation} ${cause.failure}` : String(cause)),
  )

describe('numbers', () => {
  test('begin at 1, whatever the step, and go on by it', async () => {
    const { next } = numbers((await server()).url)
    expect([await next(8), await next(), await next(8), await next(2)]).toEqual([1, 2, 10, 12])
  })

  test('64 drawn at once by two counters are 64', async () => {
    const { url } = await server()
    const [one, other] = [numbers(url), numbers(url)]
    const drawn = await Promise.all(Array.from({ length: 64 }, (_, index) => (index % 2 ? one : other).next()))
    expect(new Set(drawn).size).toBe(64)
    expect(Math.max(...drawn)).toBe(64)
  })

  test('64 drawn at once share one login', async () => {
    const { url } = await server()
    let logins = 0
    const { next } = numbers(url, { login: () => Promise.resolve((logins += 1, right)) })
    await Promise.all(Array.from({ length: 64 }, () => next()))
    expect(logins).toBe(1)
  })

  test('are kept by a majority', async () => {
    const { url } = await server({ replicas: 1 })
    expect(await failureOf(numbers(url).next())).toBe('couchbase next unavailable')
  })

  test.each([
    ['no number', 'text', 'couchbase next unexpected'],
    ['past 2^53', Number.MAX_SAFE_INTEGER, 'couchbase next unexpected'],
    ['the last safe one but one', Number.MAX_SAFE_INTEGER - 1, `the number ${Number.MAX_SAFE_INTEGER}`],
  ])('a counter that stands at %s', async (_, content, outcome) => {
    const { url } = await server()
    const { collection } = keep(await openSdk({ url, bucket: 'counters', ...right }))
    await collection.insert('counter::u', content)
    expect(await failureOf(numbers(url).next())).toBe(outcome)
  })
})

describe('limits', () => {
  test('are tallied apart, and forgotten in time', async () => {
    const clock = manualClock()
    const { tally } = numbers((await server({ clock })).url)
    expect([await tally('limit::a', 60), await tally('limit::a', 60), await tally('limit::b', 60)]).toEqual([1, 2, 1])
    clock.advance(59_999)
    expect(await tally('limit::a', 60)).toBe(3)
    clock.advance(1)
    expect(await tally('limit::a', 60)).toBe(1)
  })
})

describe('the login', () => {
  const withLogins = (...logins: (typeof right)[]) => {
    let rereads = 0
    return {
      config: { login: () => Promise.resolve(logins[Math.min(rereads, logins.length - 1)]!), rereadLogin: () => Promise.resolve(void (rereads += 1)) },
      rereads: () => rereads,
    }
  }
  const wrong = { ...right, password: 'old' }

  test('is read again once when it is refused', async () => {
    const { config, rereads } = withLogins(wrong, right)
    const { next } = numbers((await server()).url, config)
    const drawn = await Promise.all([next(), next(), next()])
    expect(new Set(drawn)).toEqual(new Set([1, 2, 3]))
    expect(rereads()).toBe(1)
  })

  test('is refused when that does not help, and asked for anew the next time', async () => {
    const { config, rereads } = withLogins(wrong, wrong, right)
    const { next } = numbers((await server()).url, config)
    expect(await failureOf(next())).toBe('couchbase next login_refused')
    expect(rereads()).toBe(1)
    expect(await next()).toBe(1)
  })

  test('that cannot be read is the failure of who reads it', async () => {
    const { next } = numbers((await server()).url, { login: () => Promise.reject(new UpstreamError('secrets-manager', 'read', 'unavailable')) })
    expect(await failureOf(next())).toBe('secrets-manager read unavailable')
  })

  test('that may not count is read again, and then refused', async () => {
    const { config, rereads } = withLogins(right)
    const { url } = await server({ intercept: onIncrement(() => ({ status: 0x24 })) })
    expect(await failureOf(numbers(url, config).next())).toBe('couchbase next login_refused')
    expect(rereads()).toBe(1)
  })
})

describe('a lost reply', () => {
  // Each fault strikes one increment; after them all goes well.
  const withFaults = async (...faults: ('drop before' | 'drop after' | 'hang after' | 'ambiguous' | 'busy' | 'none')[]) => {
    const ahead = [...faults]
    const { url } = await server({
      intercept: onIncrement((_, next) => {
        const fault = ahead.shift() ?? 'none'
        if (fault === 'busy') return { status: 0x85 }
        if (fault === 'drop before') return 'drop'
        const reply = next()
        if (fault === 'ambiguous') return { status: 0xa3 }
        if (fault === 'drop after') return 'drop'
        return fault === 'hang after' ? 'hang' : reply
      }),
    })
    return numbers(url, faults.includes('hang after') ? impatient : {})
  }

  test.each([
    ['drop before', [1, 2]],
    ['drop after', [2, 3]],
    ['ambiguous', [2, 3]],
    ['hang after', [2, 3]],
  ] as const)('%s: another number is drawn on a new connection', async (fault, expected) => {
    const { next } = await withFaults(fault)
    expect([await next(), await next()]).toEqual(expected)
  })

  test('twice in a row is a failure, after which it goes on', async () => {
    const { next } = await withFaults('drop after', 'drop after')
    expect(await failureOf(next())).toBe('couchbase next lost_reply')
    expect(await next()).toBe(3)
  })

  test('stays lost when the second attempt fails otherwise', async () => {
    const { next } = await withFaults('drop after', 'busy')
    expect(await failureOf(next())).toBe('couchbase next lost_reply')
  })

  test('with nobody there any more stays lost, because it may have counted', async () => {
    const first = await couchbase({ buckets: ['counters'], logins: [right], intercept: onIncrement((_, next) => (next(), void first.close(), 'drop')) })
    expect(await failureOf(numbers(first.url, impatient).next())).toBe('couchbase next lost_reply')
  })

  test('is not what a busy server gives: that is not asked again', async () => {
    const { next } = await withFaults('busy', 'none')
    expect(await failureOf(next())).toBe('couchbase next unavailable')
    expect(await next()).toBe(1)
  })

  test('of any kind, whenever it strikes, never gives a number twice', async () => {
    const fault = fc.constantFrom('none', 'none', 'drop before', 'drop after', 'ambiguous', 'busy')
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 20 }), async (faults) => {
        const { next } = await withFaults(...faults)
        const outcomes = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => next(1 + (index % 3))))
        const drawn = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
        expect(new Set(drawn).size).toBe(drawn.length)
      }),
      { numRuns: 25, examples: [[['drop after', 'drop after', 'drop after']]] },
    )
  })
})

describe('the connection', () => {
  test('nobody there is unreachable, soon', async () => {
    const gone = await couchbase({ buckets: ['counters'], logins: [right] })
    await gone.close()
    const began = performance.now()
    expect(await failureOf(numbers(gone.url, impatient).next())).toBe('couchbase next unreachable')
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  test('whose handshake breaks, as with a server that is starting up, is a failure of Couchbase, and the next one is tried', async () => {
    let breaks = true
    const { next } = numbers((await server({ intercept: ({ opcode: command }, go) => (breaks && command === opcode.hello ? { status: 0x84 } : go()) })).url)
    expect(await failureOf(next())).toBe('couchbase next unexpected')
    breaks = false
    expect(await next()).toBe(1)
  })

  test('a server that comes back is found again, without a new counter', async () => {
    const first = await couchbase({ buckets: ['counters'], logins: [right] })
    const { next } = numbers(first.url, impatient)
    expect(await next()).toBe(1)
    await first.close()
    // The first to ask may have written before the connection was seen to end.
    expect(await failureOf(next())).toMatch(/unreachable|lost_reply/)
    expect(await failureOf(next())).toBe('couchbase next unreachable')
    await server({ port: first.port })
    expect(await next()).toBe(1)
  })

  test('on which nothing comes back any more is replaced', async () => {
    let dead = 0
    const { url } = await server({ intercept: ({ connection }, next) => (connection <= dead ? 'hang' : next()) })
    const { next } = numbers(url, impatient)
    expect(await next()).toBe(1)
    dead = 2
    const drawn = await Promise.all([next(), next(), next()])
    expect(new Set(drawn)).toEqual(new Set([2, 3, 4]))
  })

  test('to a server that never answers a count has an end', async () => {
    const { url } = await server({ intercept: onIncrement(() => 'hang') })
    const began = performance.now()
    expect(await failureOf(numbers(url, impatient).next())).toBe('couchbase next lost_reply')
    expect(performance.now() - began).toBeLessThan(6_000)
  })

  test('that is given up lasts as long as somebody waits on it', async () => {
    let arrive = () => {}
    const arrived = new Promise<void>((resolve) => { arrive = resolve })
    const ahead: ('hang' | 'count')[] = ['hang']
    const { url } = await server({ intercept: onIncrement(({ key }, next) => (key === 'slow' && ahead.shift() === 'hang' ? (arrive(), 'hang') : next())) })
    const { next, tally, close } = numbers(url, impatient)
    const began = performance.now()
    const waiting = failureOf(tally('slow', 60)).then((outcome) => [outcome, performance.now() - began > 500])
    await arrived
    await close()
    expect(await next()).toBe(1)
    expect(await waiting).toEqual(['the number 1', true])
  })
})

describe('the sockets', () => {
  const sockets = () => process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length
  // Less than 8 s: so long after it is forgotten, an idle process collects a connection that nobody closed, and its socket ends with it.
  const settle = async (count: number) => {
    const end = performance.now() + 5_000
    while (sockets() !== count && performance.now() < end) await new Promise((resolve) => { setTimeout(resolve, 20) })
    return sockets()
  }

  test('of a connection that was closed, or replaced, end', async () => {
    // Replaced because it may not count: where the server hangs up, the SDK dials again by itself, and what it dials may outlive its close.
    const ahead: ('refuse' | 'count')[] = ['count', 'refuse']
    const { url } = await server({ intercept: onIncrement((_, next) => (ahead.shift() === 'refuse' ? { status: 0x24 } : next())) })
    expect(await settle(0)).toBe(0)
    const { next, close } = numbers(url)
    await next()
    expect(sockets()).toBeGreaterThan(0)
    expect(await next()).toBe(2)
    // What was replaced would still be here after the last one is closed.
    await close()
    expect(await settle(0)).toBe(0)
  }, 20_000)
})

describe('the SDK', () => {
  const run = async (script: string) => (await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { cwd: import.meta.dirname })).stdout.trim()
  const loaded = `Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes('couchbase'))`
  const make = (url: string) =>
    `import { createRequire } from 'node:module'
     import { counter } from '../../shared/counter.ts'
     const { next, close } = counter({ url: '${url}', bucket: 'counters', login: async () => (${JSON.stringify(right)}), rereadLogin: async () => {} })`

  test('is loaded by the first number, and after the close lets the process end', async () => {
    const { url } = await server()
    const script = `${make(url)}
      console.log(${loaded})
      console.log(await next())
      console.log(${loaded})
      await close()`
    expect(await run(script)).toBe('false\n1\ntrue')
  })
})
