// Waiting for a decision where the feed does not do what it should.
import { createServer } from 'node:http'
import { afterAll, expect, test } from '@jest/globals'
import { listen } from '../../local/server.ts'
import { decision } from '../../shared/decision.ts'
import { syncGateway } from '../../shared/sync-gateway.ts'
import { manualClock } from '../manual-clock.ts'

const clock = manualClock()
const opened: { close: () => Promise<void> }[] = []
afterAll(async () => { for (const one of opened) await one.close() })

/** A wait of a second for a document that is always pending, at a feed that answers each request with what `feed` makes. */
const wait = async (feed: (count: number) => object) => {
  let asked = 0
  const running = await listen(createServer((_request, response) => response.end(JSON.stringify(feed(++asked)))), 0)
  opened.push(running)
  const gateway = syncGateway({
    adminUrl: running.url, keyspace: 'notes', login: async () => ({ username: 'u', password: 'p' }), rereadLogin: async () => false, random: (bytes) => Buffer.alloc(bytes),
  })
  const told: string[] = []
  const hold = { until: clock.now() + 1_000, kept: () => told.push('kept'), broken: () => told.push('broken') }
  const document = await decision({ gateway, now: clock.now }).wait('x', { document: undefined, sequence: 1 }, () => Infinity, hold, AbortSignal.timeout(10_000))
  return { asked, told, rev: document?.rev }
}
const change = (seq: number) => ({ results: [{ seq, id: 'x', doc: { _id: 'x', _rev: `${seq}-a` }, changes: [] }], last_seq: String(seq) })

test('a feed that tells of the same change for ever is asked eight times', async () => {
  expect(await wait(() => change(2))).toEqual({ asked: 8, told: [], rev: '2-a' })
})

test('a feed that ends early has not been waited for', async () => {
  expect(await wait((count) => (count < 3 ? change(count + 1) : { results: [], last_seq: '3' }))).toEqual({ asked: 3, told: [], rev: '3-a' })
})

test.each([[51, []], [50, ['kept']], [0, ['kept']], [-500, ['kept']]])('a feed that ends %i ms before its time', async (early, told) => {
  expect(await wait(() => {
    clock.advance(1_000 - early)
    return { results: [], last_seq: '1' }
  })).toEqual({ asked: 1, told, rev: undefined })
})

test('a feed that breaks is told of, and what was seen last is the answer', async () => {
  expect(await wait((count) => (count < 2 ? change(2) : {}))).toEqual({ asked: 2, told: ['broken'], rev: '2-a' })
})
