// The Couchbase connection of a function that counts: its login is a secret, which is read within a time of its own, because the connection outlives a request.
import { configuration } from './configuration.ts'
import { openSecrets } from './connections.ts'
import { counter } from './counter.ts'
import type { Runtime } from './runtime.ts'
import { timed } from './stopwatch.ts'

const loginMilliseconds = 5_000

/** Opens nothing until something is counted. */
export const openCounter = (runtime: Runtime) => {
  const vault = openSecrets(runtime, 'couchbase')
  const { COUCHBASE_URL, COUCHBASE_BUCKET } = configuration(runtime.environment(), ['COUCHBASE_URL', 'COUCHBASE_BUCKET'])
  const opened = counter({
    url: COUCHBASE_URL,
    bucket: COUCHBASE_BUCKET,
    login: async () => (await vault.read(AbortSignal.timeout(loginMilliseconds))).couchbase,
    rereadLogin: async () => {
      await vault.reread(AbortSignal.timeout(loginMilliseconds))
    },
  })
  return {
    ...opened,
    /** Reads the login ahead, for who is going to count. Rejects as the reading of any secret does. */
    readLogin: async (signal: AbortSignal) => {
      await vault.read(signal)
    },
    next: (delta?: number) => timed('couchbase', () => opened.next(delta)),
    tally: (document: string, expirySeconds: number) => timed('couchbase', () => opened.tally(document, expirySeconds)),
  }
}
