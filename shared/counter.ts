// Numbers that count up in Couchbase, those of accounts and those of limits; the only file that knows its SDK.
import type { Cluster, Collection } from 'couchbase'
import { UpstreamError, type UpstreamFailure } from './upstream-error.ts'

export type CounterConfig = {
  /** The connection string, and the bucket in whose default collection the counters are. */
  url: string
  bucket: string
  login: () => Promise<{ username: string; password: string }>
  /** Called when the login is refused, before `login` is asked once more. */
  rereadLogin: () => Promise<void>
  /** For connecting, and again for each attempt to count; 2500 if not given. A durable one gets 1500 at least. */
  timeoutMilliseconds?: number
}

type Sdk = typeof import('couchbase')
type Opened = { sdk: Sdk; cluster: Cluster; collection: Collection }
type Connection = { opened: Promise<Opened>; users: number }
type Addition = { operation: 'next' | 'tally'; document: string; delta: number; expirySeconds?: number }

const timeoutMillisecondsStandard = 2_500

/** Opens nothing before the first number is asked for, and then keeps one connection that all share. */
export const counter = (config: CounterConfig) => {
  const timeout = config.timeoutMilliseconds ?? timeoutMillisecondsStandard
  let current: Connection | undefined

  const giveUp = (connection: Connection) => {
    if (current === connection) current = undefined
  }

  const borrow = (addition: Addition): Connection => {
    if (!current) {
      const connection = { opened: open(config, addition.operation, timeout), users: 0 }
      connection.opened.catch(() => giveUp(connection))
      current = connection
    }
    current.users += 1
    return current
  }

  // Others may still wait for their answers on a connection that was given up: the last one closes it.
  const release = async (connection: Connection) => {
    connection.users -= 1
    if (current === connection || connection.users > 0) return
    const opened = await connection.opened.catch(() => undefined)
    // Nothing more is asked of it, and what cannot be closed is closed by the other side.
    await opened?.cluster.close().catch(() => undefined)
  }

  const attempt = async (addition: Addition): Promise<number | UpstreamError> => {
    const connection = borrow(addition)
    try {
      const outcome = await add(await connection.opened, addition)
      if (outcome instanceof UpstreamError && healedByConnecting.has(outcome.failure)) giveUp(connection)
      return outcome
    } finally {
      void release(connection)
    }
  }

  // A connection on which nothing comes back any more, as after a freeze, never heals: whatever was lost is tried on a new one.
  const sum = async (addition: Addition): Promise<number> => {
    const first = await attempt(addition)
    if (typeof first === 'number') return first
    if (!healedByConnecting.has(first.failure)) throw first
    const second = await again(addition, first)
    if (typeof second === 'number') return second
    throw first.failure === 'lost_reply' ? first : second
  }

  const again = async (addition: Addition, first: UpstreamError) => {
    try {
      if (first.failure === 'login_refused') await config.rereadLogin()
      return await attempt(addition)
    } catch (cause) {
      throw first.failure === 'lost_reply' ? first : cause
    }
  }

  return {
    /**
     * Adds `delta` and answers the sum, which nobody else gets; the first number ever is 1, whatever the delta. A lost reply
     * burns a number and another is drawn: gaps are fine, reuse is not. Rejects with an UpstreamError, or as `login` does.
     */
    next: (delta = 1) => sum({ operation: 'next', document: 'counter::u', delta }),

    /**
     * Counts one and answers how many there were since the first, which is forgotten, with all after it, `expirySeconds`
     * (30 days at most) after it came. A lost reply may count one too many. Rejects as `next` does.
     */
    tally: (document: string, expirySeconds: number) => sum({ operation: 'tally', document, delta: 1, expirySeconds }),

    /** Loads the SDK, which a number else waits for. */
    load: async () => {
      await load()
    },

    /** Ends the connection as soon as nobody waits on it. A later number opens another. */
    close: async () => {
      const last = current
      if (!last) return
      last.users += 1
      giveUp(last)
      await release(last)
    },
  }
}

export type Counter = ReturnType<typeof counter>

const healedByConnecting = new Set<UpstreamFailure>(['lost_reply', 'unreachable', 'login_refused'])

// Our own log says how long it takes to count. The SDK's meter wants a histogram that build.ts leaves out.
const unobserved = { tracingConfig: { enableTracing: false }, metricsConfig: { enableMetrics: false } }

// The SDK costs a cold start as much as hello world, and 20 MB: it is loaded by who is going to count, or by the first number that somebody needs.
const load = async (): Promise<Sdk> => (await import('couchbase')).default

const open = async ({ url, bucket, login, rereadLogin }: CounterConfig, operation: string, timeout: number): Promise<Opened> => {
  const sdk = await load()
  const dial = async () => {
    const timeouts = { bootstrapTimeout: timeout, kvTimeout: timeout }
    const options = { ...(await login()), timeouts, ...unobserved }
    // A handshake that breaks comes as a bare Error, of no class of the SDK's.
    return sdk.connect(url, options).catch((cause: unknown) => {
      throw new UpstreamError('couchbase', operation, meaning(sdk, cause), { cause })
    })
  }
  const cluster = await dial().catch(async (cause: unknown) => {
    if (!(cause instanceof UpstreamError && cause.cause instanceof sdk.AuthenticationFailureError)) throw cause
    await rereadLogin()
    return dial()
  })
  return { sdk, cluster, collection: cluster.bucket(bucket).defaultCollection() }
}

const add = async ({ sdk, collection }: Opened, { operation, document, delta, expirySeconds }: Addition) => {
  const options = expirySeconds === undefined ? { durabilityLevel: sdk.DurabilityLevel.Majority } : { expiry: expirySeconds }
  try {
    const { value } = await collection.binary().increment(document, delta, { initial: 1, ...options })
    return Number.isSafeInteger(value) ? value : new UpstreamError('couchbase', operation, 'unexpected', { cause: new Error(`${value} is past 2^53.`) })
  } catch (cause) {
    return new UpstreamError('couchbase', operation, meaning(sdk, cause), { cause })
  }
}

// https://docs.couchbase.com/sdk-api/couchbase-node-client/modules/errors.html
const meaning = (sdk: Sdk, cause: unknown): UpstreamFailure => {
  const is = (...kinds: (abstract new (...parameters: never[]) => Error)[]) => kinds.some((kind) => cause instanceof kind)
  // A request that was cut off by a closing connection may have been done before.
  if (is(sdk.AmbiguousTimeoutError, sdk.RequestCanceledError, sdk.DurabilityAmbiguousError)) return 'lost_reply'
  if (is(sdk.UnambiguousTimeoutError)) return 'unreachable'
  // A server tells who may not use a bucket no more than who asks for one that is not there.
  if (is(sdk.AuthenticationFailureError, sdk.BucketNotFoundError)) return 'login_refused'
  if (is(sdk.TemporaryFailureError, sdk.DurabilityImpossibleError, sdk.RateLimitedError, sdk.QuotaLimitedError, sdk.ServiceNotAvailableError)) return 'unavailable'
  return 'unexpected'
}
