// Sign-in by phone call for an app: from a number to a Sync Gateway session, and what keeps it going. For browsers, Capacitor, Cordova and React Native; no dependencies.
import { browserKey } from './browser-key.ts'
import { calls, type Call, type Wanted } from './call.ts'
import { cancelled, CallgateError, hasCode, isPassing, type Code } from './callgate-error.ts'
import { device, type Values } from './device.ts'
import { insist, type Wait } from './insist.ts'
import { kept, ownStore, type Store } from './kept.ts'
import { makeLock, type Lock } from './lock.ts'
import type { Progress, Waiting } from './progress.ts'
import type { ProofKey } from './proof.ts'
import { requests } from './request.ts'
import type { Device, Session } from './session.ts'
import { wait as waitReally } from './wait.ts'

export { CallgateError, type Code, type Device, type Lock, type Progress, type ProofKey, type Session, type Store, type Waiting }

export type Options = {
  /** The issuer: the base URL of the functions. */
  url: string
  clientId: string
  /** Where the sign-in is kept; `localStorage` where there is one. AsyncStorage fits as it is. */
  storage?: Store
  /** The key that tokens are bound to (DPoP); by default a WebCrypto key in IndexedDB where there are both. Undefined binds them to none. */
  key?: () => Promise<ProofKey | undefined>
  lock?: Lock
  fetch?: typeof fetch
  random?: (bytes: number) => Uint8Array
  /** Milliseconds since 1970. */
  now?: () => number
  /** Rejects with `cancelled` when the signal aborts. */
  wait?: Wait
}

/** Every method that talks to the service rejects with a CallgateError. */
export const callgate = (options: Options) => {
  const { clientId, fetch = globalThis.fetch, now = Date.now, wait = waitReally, lock = makeLock(globalThis.navigator?.locks) } = options
  const random = options.random ?? ((bytes: number) => crypto.getRandomValues(new Uint8Array(bytes)))
  const ownKey = options.key ?? browserKey()
  const key = () => ownKey().catch(() => { throw new CallgateError('failed', 'There is no key here.') })
  const prefix = `callgate.${clientId}.`
  const values = kept<Values>(options.storage ?? ownStore(), prefix)
  const locked = <T>(work: () => Promise<T>) => lock(`${prefix}lock`, work)
  const request = requests({ url: options.url.replace(/\/+$/, ''), fetch, key, now, random })
  const calling = calls({ clientId, request, key, now, random, wait, keep: (call) => values.write('call', call) })
  const { settle, revoke, ...own } = device({ clientId, request, values, locked, now })

  const redeem = async (call: Call, waiting: Waiting) => {
    const tokens = await calling.wait(call, waiting)
    if (waiting.signal?.aborted) {
      await revoke(tokens.refreshToken).catch(() => undefined)
      throw cancelled()
    }
    await locked(async () => {
      await values.write('tokens', tokens)
      await values.forget('call', 'session')
    })
  }

  const follow = async (call: Call, waiting: Waiting) => {
    await redeem(call, waiting).catch(async (error: unknown) => {
      // Another window waited for the same call, and was faster.
      if (hasCode(error, 'expired') && !(await values.read('call')) && (await values.read('tokens'))) return
      if (!hasCode(error, 'cancelled') && !isPassing(error)) await values.forget('call')
      throw error
    })
    waiting.progress?.({ state: 'approved' })
    return insist(own.session, waiting, { now, wait })
  }

  return {
    /** Calls the number, and waits for the person. The same number again within three minutes goes on with the same call. */
    signIn: async (number: string, { locale, message, userCode, ...waiting }: Omit<Wanted, 'number'> & Waiting = {}): Promise<Session> => {
      const wanted: Wanted = { number, locale, message, userCode }
      const before = await values.read('call')
      const call = before && now() < before.expiresAt && JSON.stringify(before.wanted) === JSON.stringify(wanted) ? before : calling.made(wanted)
      await values.write('call', call)
      return follow(call, waiting)
    },

    /** At the start of the app: goes on with a call that was under way when it ended, or with the sign-in. Undefined if there is neither. */
    resume: async (waiting: Waiting = {}): Promise<Session | undefined> => {
      await settle()
      if (await values.read('tokens')) return own.session()
      const call = await values.read('call')
      return call && now() < call.expiresAt ? follow(call, waiting) : undefined
    },

    /** The session that was opened last, which may be over; undefined if nobody is signed in. Asks nobody, and so works without a network. */
    signedIn: async (): Promise<Session | undefined> => ((await values.read('tokens')) ? values.read('session') : undefined),

    ...own,

    /** In a browser: tells when another window has signed in or out. Answers how to stop. */
    watch: (changed: () => void) => {
      const heard = ({ key: name }: StorageEvent) => { if (name === null || name === `${prefix}session`) changed() }
      addEventListener('storage', heard)
      return () => removeEventListener('storage', heard)
    },
  }
}

export type Callgate = ReturnType<typeof callgate>
