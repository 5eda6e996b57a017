// Times are gathered for the invocation in which they were spent, also while several run at once.
import { expect, test } from '@jest/globals'
import type { Metrics } from '../../shared/metric.ts'
import { timed, watched } from '../../shared/stopwatch.ts'
import { manualClock } from '../manual-clock.ts'

const gathered = () => {
  const told: Metrics[] = []
  return { told, tell: (metrics: Metrics) => told.push(metrics) }
}

test('each request is measured, those that fail too, and told together', async () => {
  const clock = manualClock()
  const { told, tell } = gathered()
  const wait = (milliseconds: number, outcome: () => number) => timed('sync-gateway', async () => {
    clock.advance(milliseconds)
    return outcome()
  })
  const failing = () => {
    throw new Error('no')
  }
  await expect(watched(clock.now, tell, async () => (await wait(5, () => 1)) + (await wait(7, failing)))).rejects.toThrow('no')
  expect(told).toEqual([{ SyncGatewayMilliseconds: [5, 7] }])
})

test('what is held is told apart: how long that takes says nothing of a system', async () => {
  const clock = manualClock()
  const { told, tell } = gathered()
  const wait = (lap: 'held' | 'sync-gateway', milliseconds: number) => timed(lap, async () => clock.advance(milliseconds))
  await watched(clock.now, tell, async () => [await wait('sync-gateway', 3), await wait('held', 20_000)])
  expect(told).toEqual([{ SyncGatewayMilliseconds: [3], HeldMilliseconds: [20_000] }])
})

test('two invocations at once keep their times apart', async () => {
  const clock = manualClock()
  const { told, tell } = gathered()
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const one = watched(clock.now, tell, () => timed('twilio', () => first.promise))
  const other = watched(clock.now, tell, () => timed('couchbase', () => second.promise))
  clock.advance(3)
  second.resolve()
  await other
  clock.advance(4)
  first.resolve()
  await one
  expect(told).toEqual([{ CouchbaseMilliseconds: [3] }, { TwilioMilliseconds: [7] }])
})

test('an invocation that asks nobody tells nothing, and outside of one nothing is measured', async () => {
  const { told, tell } = gathered()
  expect(await watched(Date.now, tell, async () => 1)).toBe(1)
  expect(await timed('twilio', async () => 2)).toBe(2)
  expect(told).toEqual([])
})
