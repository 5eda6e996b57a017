// An app with the client in it, in the pocket of a person with a telephone: storage that outlives the app, a network that can be cut, and one clock for all.
import { randomBytes } from 'node:crypto'
import { makePair, proofKey } from '../../client/browser-key.ts'
import { callgate, type Options, type Progress, type ProofKey } from '../../client/callgate.ts'
import type { manualClock } from '../manual-clock.ts'
import { app } from '../app.ts'
import type { World } from '../world.ts'

export type Network = (url: string, init: RequestInit) => Promise<Response>

export const pocket = async ({ url, places }: Pick<World, 'url' | 'places'>, clock: ReturnType<typeof manualClock>, { bound = true }: { bound?: boolean } = {}) => {
  const values = new Map<string, string>()
  const own: ProofKey | undefined = bound ? await proofKey(await makePair()) : undefined
  const acts: (() => Promise<unknown>)[] = []
  const seen: Progress[] = []
  const asked: { method: string; path: string; headers: Record<string, string> }[] = []
  let network: Network = (to, init) => fetch(to, init)

  const options: Options = {
    url, clientId: 'app', now: clock.now, key: () => Promise.resolve(own), random: (bytes) => new Uint8Array(randomBytes(bytes)),
    storage: { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => values.set(key, value), removeItem: (key) => values.delete(key) },
    fetch: (input, init = {}) => {
      const to = input instanceof Request ? input.url : String(input)
      asked.push({ method: init.method ?? 'GET', path: to.slice(url.length), headers: init.headers as Record<string, string> })
      return network(to, init)
    },
    // Time passes only by waiting, and while the app waits the person acts.
    wait: async (milliseconds, signal) => {
      await acts.shift()?.()
      if (signal?.aborted) throw signal.reason as Error
      clock.advance(milliseconds)
    },
  }

  const person = app({ url, places })
  return {
    options,
    values,
    asked,
    seen,
    progress: (progress: Progress) => void seen.push(progress),
    /** What the person does while the app waits, one act a wait. */
    meanwhile: (...next: (() => Promise<unknown>)[]) => void acts.push(...next),
    cut: (next: Network) => { network = next },
    mend: () => { network = (to, init) => fetch(to, init) },
    phone: person.phone,
    matchCode: () => seen.flatMap((one) => (one.state === 'ringing' ? [one.matchCode] : [])).at(-1) ?? '',
    /** The app as it starts: with what is stored, and nothing else. */
    open: (over: Partial<Options> = {}) => callgate({ ...options, ...over }),
  }
}

export type Pocket = Awaited<ReturnType<typeof pocket>>

export const failing: Network = () => Promise.reject(new TypeError('Failed to fetch'))
