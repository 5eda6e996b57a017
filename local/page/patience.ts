// The app's patience: polls for the grant as often as it may, and outlasts a network or a service that is down for a while.
import type { Grant, PlacedCall } from './callgate.ts'
import { isRefused, type Refused } from './refused.ts'

export type Patience = {
  /** Rejects when nobody waits any more. */
  wait: (seconds: number) => Promise<void>
  /** Milliseconds since 1970. */
  now: () => number
  /** Says why it takes longer, or that it goes on. */
  tell: (trouble: Refused | undefined) => void
}

// CIBA Core 1.0 section 11: after slow_down the interval grows by five seconds, for good.
const slowDownSeconds = 5
const retrySeconds = 3

const over: Refused = { refused: 'expired_token', sentence: 'The time for this call is over. Ask for a new one.' }

/** The grant, or what ended the call. */
export const awaitGrant = async (call: PlacedCall, poll: (authReqId: string) => Promise<Grant | Refused>, patience: Patience): Promise<Grant | Refused> => {
  let { intervalSeconds } = call
  while (patience.now() < call.expiresAt) {
    await patience.wait(intervalSeconds)
    const answer = await insist(() => poll(call.authReqId), call.expiresAt, patience)
    if (!isRefused(answer)) return answer
    if (answer.refused === 'slow_down') intervalSeconds += slowDownSeconds
    else if (answer.refused !== 'authorization_pending') return answer
  }
  return over
}

/** Asks again, until the given time, while no answer comes or the service says that it cannot work now. */
export const insist = async <T extends object>(ask: () => Promise<T | Refused>, until: number, { wait, now, tell }: Patience): Promise<T | Refused> => {
  for (;;) {
    const answer = await ask()
    const trouble = isRefused(answer) && (answer.refused === 'offline' || answer.refused === 'temporarily_unavailable') ? answer : undefined
    tell(trouble)
    if (!trouble || now() >= until) return answer
    await wait(trouble.retryAfterSeconds ?? retrySeconds)
  }
}
