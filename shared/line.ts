// The document of a phone line: the account it opens or is making, the call under way, the last redeemed call, its quiet.
import { callReasons, type Call } from './call.ts'
import type { Kind } from './change.ts'
import { fitted, listOf, number, object, oneOf, optional, string, where, type Shape, type Shaped } from './shape.ts'
import { UpstreamError } from './upstream-error.ts'
import { isUserId } from './user-id.ts'

const seconds = number

/** Of the Idempotency-Key of a call, and of the parameters that came with it. */
const idempotencyShape = object({ keyHash: string, parametersHash: string })

const callShape = object({
  id: string,
  client: string,
  scope: string,
  secretHash: string,
  matchCode: string,
  lastDigits: string,
  locale: string,
  message: optional(string),
  attempt: number,
  expires: seconds,
  state: oneOf('pending', 'approved', 'denied', 'ended'),
  answered: optional(oneOf(true)),
  reason: optional(oneOf(...callReasons)),
  jkt: optional(string),
  idempotency: optional(idempotencyShape),
}) satisfies Shape<Call>

const lineShape = object({
  type: oneOf('line'),
  account: optional(object({ state: oneOf('creating', 'ready'), id: where(isUserId) })),
  call: optional(callShape),
  redeemed: optional(object({
    secretHash: string,
    client: string,
    expires: seconds,
    device: string,
    jkt: optional(string),
    idempotency: optional(idempotencyShape),
    scope: string,
    authTime: seconds,
  })),
  quietUntil: optional(seconds),
  /** When calls to this line were denied for wrong digits, within the last day. */
  wrongAt: optional(listOf(seconds)),
})

/** Times in seconds since 1970. */
export type Line = Shaped<typeof lineShape>
export type Redeemed = NonNullable<Line['redeemed']>

const noLine: Line = { type: 'line' }

export const daySeconds = 86_400
const wrongCallsMax = 3

/** The line with what became of its call: a star, or three calls denied by wrong digits within a day, leave the number alone for a day. */
export const settled = (line: Line, call: Call, nowSeconds: number): Line => {
  const wrongAt = (line.wrongAt ?? []).filter((at) => at > nowSeconds - daySeconds)
  if (call.state === 'denied' && call.reason === 'wrong_digits') wrongAt.push(nowSeconds)
  const quiet = call.state === 'denied' && (call.reason === 'star' || wrongAt.length >= wrongCallsMax)
  return { ...line, call, wrongAt, ...(quiet ? { quietUntil: nowSeconds + daySeconds } : {}) }
}

// Long enough that a webhook that comes late still finds what it is about.
const keptSeconds = 900

/**
 * A document without its `type` is none: a Sync Gateway that does not import leaves an empty one where an unread document expired.
 * A line that names a number never expires; others do, past their call and past their quiet, and each update must name `_exp` again.
 */
export const lineKind: Kind<Line> = {
  read: (document) => {
    if (!document || document.body['type'] === undefined) return noLine
    const line = fitted(lineShape, document.body)
    if (!line.fits) throw new UpstreamError('sync-gateway', 'readLine', 'unexpected', { status: 200 })
    return line.value
  },
  written: (line) => {
    if (line.account) return line
    const lastMoments = [line.call?.expires, line.redeemed?.expires, line.quietUntil, ...(line.wrongAt ?? []).map((at) => at + daySeconds)]
    return { ...line, _exp: Math.max(...lastMoments.map((moment) => moment ?? 0)) + keptSeconds }
  },
}
