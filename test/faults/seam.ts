// A seam at the network, around a whole world: every request to Sync Gateway, Couchbase, Twilio and Secrets Manager passes here, and one of them fails.
import { faultyServer, type Fault } from '../faulty-server.ts'
import type { World } from '../world.ts'
import { faultyCouchbase } from './faulty-couchbase.ts'

/** One request of a walk: the nth of its name, which begins with its system. */
export type Target = { name: string; nth: number }
/** What befalls it; in an `outage` its system answers 503 from there on. */
export type Strike = Target & { fault: Fault | 'outage' }

const happens = new Set<Fault>(['go', 'lose_reply', 'cut', 'empty'])

/** Goes in front of what the world's functions talk to. They find it at their next `restart`. */
export const seam = async ({ environment, places }: Pick<World, 'environment' | 'places'>) => {
  let seen: Target[] = []
  let happened: string[] = []
  let strike: Strike | undefined
  let struck = 0

  const befalls = (name: string, nth: number): Fault => {
    if (!strike) return 'go'
    const isTarget = strike.name === name && strike.nth === nth
    if (isTarget) struck += 1
    if (strike.fault === 'outage') return struck > 0 && systemOf(name) === systemOf(strike.name) ? 503 : 'go'
    return isTarget ? strike.fault : 'go'
  }
  const next = (name: string) => {
    const nth = 1 + seen.filter((target) => target.name === name).length
    seen.push({ name, nth })
    const fault = befalls(name, nth)
    if (happens.has(fault)) happened.push(name)
    return fault
  }
  const web = (system: string, target: string) => faultyServer(target, ({ method, path }) => next(`${system} ${method} ${shapeOf(path)}`))
  const fronts = {
    SYNC_GATEWAY_ADMIN_URL: await web('sync-gateway', places['sync-gateway-admin']),
    TWILIO_API_URL: await web('twilio', places.twilio),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: await web('secrets-manager', places['secrets-manager']),
    COUCHBASE_URL: await faultyCouchbase(places.couchbase, (command) => next(`couchbase ${command}`)),
  }
  for (const [variable, { url }] of Object.entries(fronts)) environment[variable] = url

  return {
    /** Begins to count requests anew, and strikes this one. */
    arm: (next?: Strike) => {
      seen = []
      happened = []
      struck = 0
      strike = next
    },
    seen: () => seen,
    /** The names of those that came to the real thing. */
    happened: () => happened,
    /** How often the target was struck. */
    struck: () => struck,
    close: async () => { await Promise.all(Object.values(fronts).map((front) => front.close())) },
  }
}

export type Seam = Awaited<ReturnType<typeof seam>>

export const systemOf = (name: string) => name.split(' ')[0] ?? ''

// The same for every number, person and session, so that one walk's requests are the next one's.
const shapeOf = (path: string) =>
  decodeURIComponent(path)
    .replace(/\?.*/, '')
    .replace(/tel::[\w-]{43}/, 'tel::LINE')
    .replace(/(u::|u-)\d+/, '$1N')
    .replace(/(_session\/)\w+/, '$1ID')
    .replace(/AC\w+/, 'SID')
