// The document of a phone line: the account it opens or is making, the call under way, the last redeemed call, its quiet.
import * as z from 'zod/mini'
import { callReasons, type Call } from './call.ts'
import { isUserId, type UserId } from './user-id.ts'
import { UpstreamError } from './upstream-error.ts'
import type { Kind } from './change.ts'

const seconds = z.number()
const text = z.string()

/** Of the Idempotency-Key of a call, and of the parameters that came with it. */
const idempotencyShape = z.object({ keyHash: text, parametersHash: text })

const callShape = z.object({
  id: text,
  client: text,
  scope: text,
  secretHash: text,
  matchCode: text,
  lastDigits: text,
  locale: text,
  message: z.optional(text),
  attempt: z.number(),
  expires: seconds,
  state: z.enum(['pending', 'approved', 'denied', 'ended']),
  answered: z.optional(z.literal(true)),
  reason: z.optional(z.enum(callReasons)),
  jkt: z.optional(text),
  idempotency: z.optional(idempotencyShape),
}) satisfies z.ZodMiniType<Call>

const lineShape = z.object({
  type: z.literal('line'),
  account: z.optional(z.object({ state: z.enum(['creating', 'ready']), id: z.custom<UserId>(isUserId) })),
  call: z.optional(callShape),
  redeemed: z.optional(z.object({
    secretHash: text,
    client: text,
    expires: seconds,
    device: text,
    jkt: z.optional(text),
    idempotency: z.optional(idempotencyShape),
    scope: text,
    authTime: seconds,
  })),
  quietUntil: z.optional(seconds),
  /** When calls to this line were denied for wrong digits, within the last day. */
  wrongAt: z.optional(z.array(seconds)),
})

/** Times in seconds since 1970. */
export type Line = z.infer<typeof lineShape>
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
    const { success, data } = lineShape.safeParse(document.body)
    if (!success) throw new UpstreamError('sync-gateway', 'readLine', 'unexpected', { status: 200 })
    return data
  },
  written: (line) => {
    if (line.account) return line
    const lastMoments = [line.call?.expires, line.redeemed?.expires, line.quietUntil, ...(line.wrongAt ?? []).map((at) => at + daySeconds)]
    return { ...line, _exp: Math.max(...lastMoments.map((moment) => moment ?? 0)) + keptSeconds }
  },
}
