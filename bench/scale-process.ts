// The cost of each step among so many accounts: in a process of its own, because a million of them want memory.
import { randomBytes } from 'node:crypto'
import { realClock } from '../local/clock.ts'
import { gateway } from '../local/sync-gateway/gateway.ts'
import { httpPort } from '../local/sync-gateway/http-port.ts'
import { listen } from '../local/server.ts'
import { counter } from '../shared/counter.ts'
import { countingRelay } from './counting-relay.ts'
import { numberOf, seedCrowd } from './crowd.ts'
import { person, type Person } from './person.ts'
import { stage } from './stage.ts'
import { median } from './statistics.ts'

export type StepCost = { step: string; requests: Record<string, number>; bytes: number; milliseconds: number }
export type ScaleResult = { accounts: number; mebibytes: number; seedSeconds: number; steps: StepCost[] }

// All that was ever made and will be has seven digits, so that a longer number does not count as growth.
const after = 1_000_000
const walks = 8
const relayed = ['SYNC_GATEWAY_ADMIN_URL', 'TWILIO_API_URL', 'AWS_ENDPOINT_URL_SECRETS_MANAGER']
const metrics = { SyncGatewayMilliseconds: 'Sync Gateway', CouchbaseMilliseconds: 'Couchbase', TwilioMilliseconds: 'Twilio', SecretsManagerMilliseconds: 'secrets' }
const given = { LOG_LEVEL: 'debug', LIMIT_NUMBER: '50/10m,1000/1d', LIMIT_ADDRESS: '10000/1h,10000/1d', LIMIT_TOTAL: '10000/1d' }

const open = async () => {
  const databases = gateway(realClock, undefined)
  const [admin, visible] = [await listen(httpPort(databases, 'admin'), 0), await listen(httpPort(databases, 'public'), 0)]
  const relays: Awaited<ReturnType<typeof countingRelay>>[] = []
  const asked: Record<string, number> = {}
  const here = await stage({
    given: { ...given, SYNC_GATEWAY_ADMIN_URL: admin.url, SYNC_GATEWAY_PUBLIC_URL: visible.url },
    reroute: async (environment) => {
      const rerouted = { ...environment }
      for (const name of relayed) {
        const relay = await countingRelay(environment[name] ?? '')
        relays.push(relay)
        rerouted[name] = relay.url
      }
      return rerouted
    },
    write: (line) => {
      const entry = JSON.parse(line) as Record<string, unknown>
      if (entry['event'] !== 'upstream_timed') return
      for (const [metric, system] of Object.entries(metrics)) asked[system] = (asked[system] ?? 0) + ((entry[metric] as unknown[] | undefined)?.length ?? 0)
    },
  })
  const spent = () => ({ requests: { ...asked }, bytes: relays.reduce((sum, { bytes }) => sum + bytes(), 0), at: performance.now() })
  return { here, db: databases.find('notes')!, spent }
}

type Opened = Awaited<ReturnType<typeof open>>

const seed = async ({ here, db }: Opened, count: number) => {
  const [pepper, lineKey] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')]
  here.setSecret('phone-pepper', { key: pepper })
  here.setSecret('line-key', { key: lineKey })
  const begun = performance.now()
  seedCrowd(db, { count, after, pepper, lineKey })
  const { COUCHBASE_URL: url = '', COUCHBASE_BUCKET: bucket = '' } = here.environment
  const numbers = counter({ url, bucket, login: () => Promise.resolve({ username: 'callgate', password: 'callgate-local' }), rereadLogin: () => Promise.resolve() })
  await numbers.next()
  await numbers.next(after + count - 1)
  await numbers.close()
  return (performance.now() - begun) / 1_000
}

/** One sign-in from call to session; each step is told to `step`. */
const walk = async (one: Person, kind: string, step: <A>(name: string, run: () => Promise<A>) => Promise<A>) => {
  const called = await step('call', () => one.call())
  await step('callbacks', () => one.press(called))
  const tokens = await step(`token, ${kind}`, () => one.redeem(called))
  const refreshed = await step('token, refreshed', () => one.refresh(tokens))
  await step('session', () => one.session(refreshed))
}

const measure = async ({ here, spent }: Opened, count: number): Promise<StepCost[]> => {
  const costs = new Map<string, StepCost[]>()
  const step = async <A>(name: string, run: () => Promise<A>) => {
    const before = spent()
    const answer = await run()
    const { requests, bytes, at } = spent()
    const differences = Object.fromEntries(Object.entries(requests).map(([system, total]) => [system, total - (before.requests[system] ?? 0)]))
    costs.set(name, [...(costs.get(name) ?? []), { step: name, requests: differences, bytes: bytes - before.bytes, milliseconds: at - before.at }])
    return answer
  }
  await walk(person(here, numberOf(1)), 'returning', (_, run) => run())
  for (let at = 1; at <= walks; at++) {
    await walk(person(here, numberOf(count + at)), 'first', step)
    // Somebody out of the crowd, and far from its ends.
    await walk(person(here, numberOf(Math.ceil((count * at) / (walks + 1)))), 'returning', step)
  }
  return [...costs.values()].map((several) => ({
    ...several.at(-1)!, bytes: median(several.map(({ bytes }) => bytes)), milliseconds: median(several.map(({ milliseconds }) => milliseconds)),
  }))
}

const count = Number(process.argv[2])
const opened = await open()
const seedSeconds = await seed(opened, count)
const steps = await measure(opened, count)
const result: ScaleResult = { accounts: count, mebibytes: process.memoryUsage().rss / 2 ** 20, seedSeconds, steps }
process.send?.(result)
process.exit()
