// How long other systems take to answer, gathered over one invocation.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Metrics } from './metric.ts'
import type { System } from './upstream-error.ts'

/** A system, or what it holds until something happens. */
type Lap = System | 'held'
type Watch = { now: () => number; laps: Map<Lap, number[]> }

const metricNames = {
  'sync-gateway': 'SyncGatewayMilliseconds',
  couchbase: 'CouchbaseMilliseconds',
  twilio: 'TwilioMilliseconds',
  'secrets-manager': 'SecretsManagerMilliseconds',
  held: 'HeldMilliseconds',
} as const satisfies Record<Lap, keyof Metrics>

// Clients are opened once and serve many invocations, so what is measured finds its invocation by the context that it runs in.
const watches = new AsyncLocalStorage<Watch>()

/** Runs an invocation, and tells what was measured in it, if anything was, however it ends. `now` in milliseconds. */
export const watched = async <T>(now: () => number, tell: (metrics: Metrics) => void, run: () => Promise<T>): Promise<T> => {
  const laps: Watch['laps'] = new Map()
  try {
    return await watches.run({ now, laps }, run)
  } finally {
    if (laps.size > 0) tell(Object.fromEntries([...laps].map(([system, times]) => [metricNames[system], times])))
  }
}

/** Measures one request to a system, whatever comes of it. */
export const timed = async <T>(lap: Lap, run: () => Promise<T>): Promise<T> => {
  const watch = watches.getStore()
  if (!watch) return run()
  const begun = watch.now()
  try {
    return await run()
  } finally {
    const times = watch.laps.get(lap) ?? []
    watch.laps.set(lap, [...times, watch.now() - begun])
  }
}
