// The stand-in signs the bucket contract, and does what a shared cluster cannot be asked to do: logins, time, faults.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { couchbase, type Intercept } from '../../local/couchbase/couchbase.ts'
import type { Running } from '../../local/server.ts'
import { manualClock } from '../manual-clock.ts'
import { bucketContract } from './bucket-contract.ts'
import { connect, DurabilityLevel, failure, openSdk, PingState } from './sdk.ts'

const login = { username: 'callgate', password: 'n, r=1 ü' }
const by = (mechanism: string, who = login) => ({ authenticator: { ...who, allowed_sasl_mechanisms: [mechanism] } })
const mechanisms = ['SCRAM-SHA512', 'SCRAM-SHA256', 'SCRAM-SHA1', 'PLAIN']
const start = (options: Partial<Parameters<typeof couchbase>[0]> = {}) => couchbase({ buckets: ['counters'], logins: [login], ...options })

let shared: Running
beforeAll(async () => {
  shared = await start()
})
afterAll(() => shared.close())

bucketContract('stand-in', () => openSdk({ url: shared.url, bucket: 'counters', ...login }))

const { COUCHBASE_URL: url, COUCHBASE_BUCKET: bucket, COUCHBASE_USERNAME: username, COUCHBASE_PASSWORD: password } = process.env
if (url && bucket && username && password) bucketContract('real', () => openSdk({ url, bucket, username, password }))

describe('login', () => {
  test.each(mechanisms)('%s lets the right login in, and no other', async (mechanism) => {
    const cluster = await connect(shared.url, by(mechanism))
    const { value } = await cluster.bucket('counters').defaultCollection().binary().increment(mechanism, 1, { initial: 4 })
    await cluster.close()
    expect(value).toBe(4)
    expect(await failure(connect(shared.url, by(mechanism, { ...login, password: 'wrong' })))).toBe('AuthenticationFailureError')
    expect(await failure(connect(shared.url, by(mechanism, { ...login, username: 'nobody' })))).toBe('AuthenticationFailureError')
  })

  test('an unknown bucket is not found', async () => {
    const { collection, close } = await openSdk({ url: shared.url, bucket: 'nowhere', ...login })
    // What is asked before the bucket's refusal arrives waits for its own timeout.
    await failure(collection.get('any', { timeout: 200 }))
    expect(await failure(collection.get('any', { timeout: 200 }))).toBe('BucketNotFoundError')
    await close()
  })
})

describe('time', () => {
  const clock = manualClock()
  let running: Running
  let sdk: Awaited<ReturnType<typeof openSdk>>
  beforeAll(async () => {
    running = await start({ clock })
    sdk = await openSdk({ url: running.url, bucket: 'counters', ...login })
  })
  afterAll(async () => {
    await sdk.close()
    await running.close()
  })

  test.each([
    ['10 s', 10, 9_999, 10_000],
    ['a day', 86_400, 86_399_999, 86_400_000],
  ])('a document with an expiry of %s is gone when they are over', async (name, expiry, before, after) => {
    const began = clock.now()
    await sdk.collection.insert(name, 1, { expiry })
    clock.advance(before)
    expect(await failure(sdk.collection.get(name))).toBe('none')
    clock.advance(began + after - clock.now())
    expect(await failure(sdk.collection.get(name))).toBe('DocumentNotFoundError')
  })

  test('a counter that expired begins anew', async () => {
    const next = async () => (await sdk.collection.binary().increment('limit', 1, { initial: 1, expiry: 60 })).value
    expect([await next(), await next()]).toEqual([1, 2])
    clock.advance(60_000)
    expect(await next()).toBe(1)
  })

  test('a lock ends by itself', async () => {
    await sdk.collection.insert('locked', 1)
    const { cas } = await sdk.collection.getAndLock('locked', 15)
    clock.advance(15_000)
    expect(await failure(sdk.collection.unlock('locked', cas))).toBe('DocumentNotLockedError')
    expect(await failure(sdk.collection.upsert('locked', 2))).toBe('none')
  })
})

describe('the shape of the cluster', () => {
  test('named collections are apart from each other and from the default one', async () => {
    const running = await start({ collections: ['app.users', 'app.notes'] })
    const cluster = await connect(running.url, login)
    const scope = cluster.bucket('counters').scope('app')
    await scope.collection('users').insert('one', 'user')
    await scope.collection('notes').insert('one', 'note')
    expect((await scope.collection('users').get('one')).content).toBe('user')
    expect(await failure(cluster.bucket('counters').defaultCollection().get('one'))).toBe('DocumentNotFoundError')
    expect(await failure(cluster.bucket('counters').scope('none').collection('users').get('one'))).toBe('ScopeNotFoundError')
    await cluster.close()
    await running.close()
  })

  test('buckets are apart', async () => {
    const running = await start({ buckets: ['counters', 'other'] })
    const cluster = await connect(running.url, login)
    await cluster.bucket('counters').defaultCollection().insert('one', 1)
    expect((await cluster.bucket('other').defaultCollection().exists('one')).exists).toBe(false)
    await cluster.close()
    await running.close()
  })

  test('a durable write is impossible where a replica is wanted and none is there', async () => {
    const running = await start({ replicas: 1 })
    const { collection, close } = await openSdk({ url: running.url, bucket: 'counters', ...login })
    expect(await failure(collection.insert('one', 1, { durabilityLevel: DurabilityLevel.Majority }))).toBe('DurabilityImpossibleError')
    expect(await failure(collection.insert('one', 1))).toBe('none')
    await close()
    await running.close()
  })

  test('a cluster can be pinged', async () => {
    const cluster = await connect(shared.url, login)
    await cluster.bucket('counters').defaultCollection().exists('any') // Only then is the bucket open.
    const { services } = await cluster.ping({ timeout: 2_000 })
    expect(Object.values(services).flat().map(({ state }) => state)).toEqual([PingState.Ok, PingState.Ok])
    await cluster.close()
  })
})

describe('faults', () => {
  const increment = 5
  const withFault = async (intercept: Intercept) => {
    const running = await start({ intercept: (request, next) => (request.opcode === increment && request.key === 'faulty' ? intercept(request, next) : next()) })
    const { collection, close } = await openSdk({ url: running.url, bucket: 'counters', ...login })
    const outcome = await failure(collection.binary().increment('faulty', 1, { initial: 1, timeout: 300 }))
    const { exists } = await collection.exists('faulty')
    await close()
    await running.close()
    return [outcome, exists ? 'done' : 'not done']
  }

  test.each<[string, Intercept, string, string]>([
    ['refused before', () => ({ status: 0x82 }), 'TemporaryFailureError', 'not done'],
    ['cut off before', () => 'drop', 'RequestCanceledError', 'not done'],
    ['cut off after', (_, next) => (next(), 'drop'), 'RequestCanceledError', 'done'],
    ['left waiting before', () => 'hang', 'AmbiguousTimeoutError', 'not done'],
    ['left waiting after', (_, next) => (next(), 'hang'), 'AmbiguousTimeoutError', 'done'],
  ])('an increment %s', async (_, intercept, outcome, done) => expect(await withFault(intercept)).toEqual([outcome, done]))
})
