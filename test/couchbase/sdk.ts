// The real SDK, opened on whatever cluster a test names.
import couchbase, { type Collection } from 'couchbase'

export const { connect, DurabilityLevel, LookupInSpec, PingState } = couchbase

export type Target = { url: string; bucket: string; username: string; password: string }

/** `close` ends the connections, without which the test process would go on. */
export const openSdk = async ({ url, bucket, username, password }: Target): Promise<{ collection: Collection; close: () => Promise<void> }> => {
  const cluster = await connect(url, { username, password, timeouts: { kvTimeout: 2_000, bootstrapTimeout: 5_000 } })
  return { collection: cluster.bucket(bucket).defaultCollection(), close: () => cluster.close() }
}

/** The class of what a promise is rejected with: `none` where it is fulfilled. */
export const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof Error ? error.constructor.name : String(error)),
  )
