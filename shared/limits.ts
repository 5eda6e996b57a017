// The limits that hold the bill and the peace: each call is counted for its address, its number, its country and all together.
import type { Counter } from './counter.ts'
import { keyed } from './digest.ts'
import { networkOf } from './limit-address.ts'
import { windowAt, type Limit } from './limit.ts'
import type { Log, LogFields } from './log.ts'
import { Refusal } from './refusal.ts'
import { UpstreamError } from './upstream-error.ts'

export type LimitSettings = Record<'address' | 'number' | 'country' | 'total', Limit[]>

export type LimitsConfig = {
  counter: Pick<Counter, 'tally'>
  limits: LimitSettings
  /** base64url, 32 bytes: what is counted for lines and addresses is named by an HMAC under it. */
  key: string
  /** Milliseconds since 1970. */
  now: () => number
}

/** `line` names the phone number without telling it; `address` is the caller's IP address, as the network saw it. */
export type Asked = { line: string; address: string; country: string }

type Round = { signal: AbortSignal; log: Log }

export const limits = ({ counter, limits: { address, number, country, total }, key, now }: LimitsConfig) => {
  const secretly = (...parts: string[]) => keyed(key, 'limit', ...parts)

  // A limit counts only what the limits before it let through, so they are asked one after the other, the shortest window first: whoever
  // hammers is stopped by his own address and neither keeps a number from its owner nor uses up the day, and impatience costs nobody a day.
  const byAddress = (from: string) => address.map((limit) => ({ limit, of: 'address', who: secretly('address', networkOf(from)) }) as const)
  const inOrder = (asked: Asked) => [
    ...byAddress(asked.address),
    ...number.map((limit) => ({ limit, of: 'number', who: secretly('number', asked.line) }) as const),
    ...country.map((limit) => ({ limit, of: 'country', who: asked.country }) as const),
    ...total.map((limit) => ({ limit, of: 'total', who: 'all' }) as const),
  ]

  const countAll = async (counted: ReturnType<typeof inOrder>, { signal, log, fields }: Round & { fields: LogFields }) => {
    for (const { limit, of, who } of counted) {
      const { starts, restSeconds } = windowAt(limit, now())
      const document = `limit::${of}::${limit.windowSeconds}::${starts}::${who}`
      const calls = await unlessAborted(signal, () => counter.tally(document, restSeconds + graceSeconds))
      if (calls <= limit.callsMax) continue
      log(of === 'country' || of === 'total' ? 'warn' : 'info', 'limit_reached', { reason: of, ...fields }, { LimitRefusals: 1 })
      throw new Refusal('slow_down', `${sentences[of]} Try again later.`, { retryAfterSeconds: restSeconds })
    }
  }

  return {
    /**
     * Counts a call that is about to be made. Throws `slow_down` with the seconds until the window of the reached limit ends; an UpstreamError, or
     * what the counter throws, if it cannot count: then nobody may be called. A lost reply may count one call twice.
     */
    count: (asked: Asked, round: Round) => countAll(inOrder(asked), { ...round, fields: { country: asked.country } }),

    /** Counts a guess for its address alone, as `count` does: it must not use up the calls of the number that is guessed at. */
    countGuess: (from: string, round: Round) => countAll(byAddress(from), { ...round, fields: {} }),
  }
}

// So long may one sandbox's clock be behind another's.
const graceSeconds = 60

const sentences = {
  address: 'Too many calls were asked for from this network.',
  number: 'This number has been called too often.',
  country: 'Too many numbers of this country have been called.',
  total: 'As many calls have been made as may be made for now.',
} as const

const unlessAborted = (signal: AbortSignal, count: () => Promise<number>) =>
  new Promise<number>((resolve, reject) => {
    const abandon = () => reject(new UpstreamError('couchbase', 'tally', 'lost_reply'))
    if (signal.aborted) return abandon()
    signal.addEventListener('abort', abandon, { once: true })
    return void count().then(resolve, reject).finally(() => signal.removeEventListener('abort', abandon))
  })
