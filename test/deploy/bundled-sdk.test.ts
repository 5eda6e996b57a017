// The Couchbase SDK as a bundle has it, with what nothing uses left out: all that counting asks of it is there, and its errors are told apart.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { couchbase } from '../../local/couchbase/couchbase.ts'
import { opcode } from '../../local/couchbase/opcode.ts'

const root = `${import.meta.dirname}/../..`
const right = { username: 'callgate', password: 'secret' }

let server: Awaited<ReturnType<typeof couchbase>>
let hangs = false
beforeAll(async () => {
  server = await couchbase({ buckets: ['counters'], logins: [right], intercept: (request, next) => (hangs && request.opcode === opcode.increment ? 'hang' : next()) })
})
afterAll(() => server.close())

/** Runs in a process of its own, with the SDK of a bundle as `sdk`; answers what it gives. */
const asked = async (script: string) => {
  const program = `
    const sdk = require(${JSON.stringify(`${root}/.build/start-call/couchbase.cjs`)})
    const timeouts = { bootstrapTimeout: 3_000, kvTimeout: 500 }
    const open = (login, bucket) => sdk.connect(${JSON.stringify(server.url)}, { ...login, timeouts, tracingConfig: { enableTracing: false }, metricsConfig: { enableMetrics: false } })
      .then((cluster) => cluster.bucket(bucket).defaultCollection())
    const nameOf = (promise) => promise.then((value) => value, (error) => error.constructor.name)
    const right = ${JSON.stringify(right)}
    ;(async () => { ${script} })().then((value) => { console.log(JSON.stringify(value)); process.exit(0) })`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program])
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as unknown
}

test('every name that shared/counter.ts takes from it', async () => {
  const text = await readFile(`${root}/shared/counter.ts`, 'utf8')
  const names = [...new Set([...text.matchAll(/\bsdk\.(\w+)/g)].map(([, name]) => name!))]
  expect(names.length).toBeGreaterThan(8)
  expect(await asked(`return ${JSON.stringify(names)}.filter((name) => sdk[name] === undefined)`)).toEqual([])
})

test('it counts, with and without durability, and writes and reads', async () => {
  expect(await asked(`
    const collection = await open(right, 'counters')
    const first = await collection.binary().increment('a', 5, { initial: 1, durabilityLevel: sdk.DurabilityLevel.Majority })
    const second = await collection.binary().increment('a', 5, { initial: 1, expiry: 60 })
    return [first.value, second.value]`)).toEqual([1, 6])
})

test('what fails is of the class that it should be', async () => {
  expect(await asked(`return nameOf(open({ ...right, password: 'wrong' }, 'counters'))`)).toBe('AuthenticationFailureError')
  hangs = true
  expect(await asked(`return nameOf((await open(right, 'counters')).binary().increment('a', 1, { initial: 1 }))`)).toBe('AmbiguousTimeoutError')
  hangs = false
}, 30_000)
