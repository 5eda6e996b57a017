// What every bucket promises, the stand-in's and a real cluster's: signed by running the same tests against both.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Collection } from 'couchbase'
import { DurabilityLevel, failure, LookupInSpec } from './sdk.ts'

type Open = () => Promise<{ collection: Collection; close: () => Promise<void> }>

/** Each test has keys of its own, which end by themselves within the hour, so that a shared bucket stays as it was. */
export const bucketContract = (name: string, open: Open) => {
  let opened: Awaited<ReturnType<Open>>
  const expiry = 3_600
  const key = () => `callgate-contract-${randomUUID()}`
  const bucket = () => opened.collection
  const counters = () => opened.collection.binary()

  describe(`${name} bucket`, () => {
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    describe('counters', () => {
      test('the first increment answers the initial value, without the delta', async () => {
        const { value } = await counters().increment(key(), 7, { initial: 1, expiry })
        expect(value).toBe(1)
      })

      test.each([
        ['increment', 5, 15],
        ['decrement', 4, 6],
        ['decrement', 11, 0],
      ] as const)('%s by %i takes 10 to %i', async (operation, delta, expected) => {
        const id = key()
        await bucket().insert(id, 10, { expiry })
        const { value } = await counters()[operation](id, delta)
        expect(value).toBe(expected)
        expect((await bucket().get(id)).content).toBe(expected)
      })

      test('64 increments at once give 64 different numbers', async () => {
        const id = key()
        const results = await Promise.all(Array.from({ length: 64 }, () => counters().increment(id, 1, { initial: 1, expiry })))
        expect(results.map(({ value }) => value).sort((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, index) => index + 1))
      })

      test('an increment without initial value makes no document', async () => {
        const id = key()
        expect(await failure(counters().increment(id, 1))).toBe('DocumentNotFoundError')
        expect((await bucket().exists(id)).exists).toBe(false)
      })

      test('the expiry counts where the document is made, and is kept where it is not', async () => {
        const id = key()
        await counters().increment(id, 1, { initial: 1, expiry })
        const before = (await bucket().get(id, { withExpiry: true })).expiryTime
        await counters().increment(id, 1, { initial: 1, expiry: 60 })
        expect((await bucket().get(id, { withExpiry: true })).expiryTime).toBe(before)
      })

      test('an increment past 64 bits begins anew at zero', async () => {
        const id = key()
        const digits = { encode: (text: string): [Buffer, number] => [Buffer.from(text), 0], decode: (bytes: Buffer) => bytes.toString() }
        await bucket().insert(id, '18446744073709551615', { transcoder: digits, expiry })
        const { value } = await counters().increment(id, 3)
        expect(value).toBe(2)
      })

      test.each([['text', 'ten'], ['an object', { ten: 10 }], ['a negative number', -1], ['a fraction', 1.5]])('%s is no counter', async (_, content) => {
        const id = key()
        await bucket().insert(id, content, { expiry })
        expect(await failure(counters().increment(id, 1))).toBe('DeltaInvalidError')
      })

      test('a durable increment is acknowledged', async () => {
        const { value } = await counters().increment(key(), 1, { initial: 1, expiry, durabilityLevel: DurabilityLevel.Majority })
        expect(value).toBe(1)
      })
    })

    describe('documents', () => {
      test('what is missing is not found', async () => {
        const id = key()
        expect(await failure(bucket().get(id))).toBe('DocumentNotFoundError')
        expect(await failure(bucket().replace(id, 1))).toBe('DocumentNotFoundError')
        expect(await failure(bucket().remove(id))).toBe('DocumentNotFoundError')
        expect(await failure(bucket().touch(id, expiry))).toBe('DocumentNotFoundError')
        expect(await failure(counters().append(id, 'more'))).toBe('DocumentNotFoundError')
        expect((await bucket().exists(id)).exists).toBe(false)
      })

      test.each([['an object', { a: [1, 'ü'] }], ['text', 'ü'], ['bytes', Buffer.from([0, 255])], ['null', null]])('%s comes back as it went', async (_, content) => {
        const id = key()
        await bucket().insert(id, content, { expiry })
        expect((await bucket().get(id)).content).toEqual(content)
      })

      test('only one of two inserts wins', async () => {
        const id = key()
        const outcomes = await Promise.all([1, 2].map((content) => failure(bucket().insert(id, content, { expiry }))))
        expect(outcomes.sort()).toEqual(['DocumentExistsError', 'none'])
      })

      test.each(['replace', 'upsert'] as const)('a removed document can be inserted again, and %s changes it', async (operation) => {
        const id = key()
        await bucket().insert(id, 1, { expiry })
        await bucket().remove(id)
        await bucket().insert(id, 2, { expiry })
        await bucket()[operation](id, 3, { expiry })
        expect((await bucket().get(id)).content).toBe(3)
      })

      test('a stale cas changes nothing, the present one does', async () => {
        const id = key()
        const { cas: stale } = await bucket().insert(id, 1, { expiry })
        const { cas } = await bucket().replace(id, 2, { cas: stale, expiry })
        expect(await failure(bucket().replace(id, 3, { cas: stale }))).toBe('CasMismatchError')
        expect(await failure(bucket().remove(id, { cas: stale }))).toBe('CasMismatchError')
        expect((await bucket().get(id)).content).toBe(2)
        await bucket().remove(id, { cas })
        expect(await failure(bucket().replace(id, 3, { cas }))).toBe('DocumentNotFoundError')
      })

      test('a write takes the expiry away unless it preserves it', async () => {
        const id = key()
        await bucket().insert(id, 1, { expiry })
        const before = (await bucket().get(id, { withExpiry: true })).expiryTime
        await bucket().replace(id, 2, { preserveExpiry: true })
        expect((await bucket().get(id, { withExpiry: true })).expiryTime).toBe(before)
        await bucket().upsert(id, 3)
        expect((await bucket().get(id, { withExpiry: true })).expiryTime).toBe(0)
        await bucket().touch(id, 60)
      })

      test('a touch moves the expiry and the cas, and a get-and-touch reads as well', async () => {
        const id = key()
        const { cas } = await bucket().insert(id, 1)
        const touched = await bucket().touch(id, expiry)
        expect(touched.cas.toString()).not.toBe(cas.toString())
        expect((await bucket().getAndTouch(id, 60)).content).toBe(1)
        const { expiryTime } = await bucket().get(id, { withExpiry: true })
        expect(Math.abs((expiryTime ?? 0) - Date.now() / 1_000 - 60)).toBeLessThan(5)
      })

      test('an expiry in the past is the end of the document', async () => {
        const id = key()
        await bucket().insert(id, 1, { expiry: new Date(Date.now() - 60_000) })
        expect(await failure(bucket().get(id))).toBe('DocumentNotFoundError')
      })

      test('bytes go before and after', async () => {
        const id = key()
        await bucket().insert(id, Buffer.from('b'), { expiry })
        await counters().append(id, 'c')
        await counters().prepend(id, 'a')
        expect(String((await bucket().get(id)).content)).toBe('abc')
      })

      test('a locked document can be read, and only the cas of its lock changes or unlocks it', async () => {
        const id = key()
        await bucket().insert(id, 1, { expiry })
        const { cas } = await bucket().getAndLock(id, 20)
        const read = await bucket().get(id)
        expect(read.content).toBe(1)
        expect(await failure(bucket().unlock(id, read.cas))).toBe('CasMismatchError')
        // The SDK tries on while the document is locked.
        expect(await failure(bucket().upsert(id, 2, { timeout: 300 }))).toBe('AmbiguousTimeoutError')
        await bucket().replace(id, 3, { cas, expiry })
        expect(await failure(bucket().unlock(id, cas))).toBe('DocumentNotLockedError')
        expect((await bucket().get(id)).content).toBe(3)
      })

      test('parts of a document are found by path', async () => {
        const id = key()
        await bucket().insert(id, { list: [1, { deep: true }], 'a.b': 2 }, { expiry })
        const paths = [LookupInSpec.get('list[-1].deep'), LookupInSpec.get('`a.b`'), LookupInSpec.count('list'), LookupInSpec.exists('none')]
        const { content } = await bucket().lookupIn(id, [...paths, LookupInSpec.get('list.deep'), LookupInSpec.get('list[')])
        expect(content.slice(0, 4).map(({ value }) => value as unknown)).toEqual([true, 2, 2, false])
        expect(content.slice(4).map(({ error }) => error?.name)).toEqual(['PathMismatchError', 'PathInvalidError'])
      })

      test.each([
        [250, 'none'],
        [251, 'InvalidArgumentError'],
      ])('a key of %i bytes: %s', async (length, outcome) => expect(await failure(bucket().upsert(key().padEnd(length, 'k'), 1, { expiry }))).toBe(outcome))

      test.each([
        [20, 0, 'none'],
        [20, 1, 'ValueTooLargeError'],
      ])('a value of %i MiB and %i bytes: %s', async (mebibytes, more, outcome) => {
        const id = key()
        expect(await failure(bucket().insert(id, Buffer.alloc(mebibytes * 1_048_576 + more), { expiry: 60, timeout: 10_000 }))).toBe(outcome)
        if (outcome === 'none') await bucket().remove(id)
      })
    })
  })
}
