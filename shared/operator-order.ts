// The event of the operator's function: what to do, to whose account.
import * as z from 'zod/mini'
import { NotDone } from './not-done.ts'
import { parsePhone, type Phone } from './phone-number.ts'
import { isUserId, type UserId } from './user-id.ts'

const phone = z.pipe(
  z.string(),
  z.transform((text, { issues }) => {
    const found = parsePhone(text)
    if (!found) issues.push({ code: 'custom', input: text })
    return found as Phone
  }),
)
const who = { number: z.optional(phone), user: z.optional(z.custom<UserId>(isUserId)) }

const orderShape = z.discriminatedUnion('action', [
  z.strictObject({ action: z.enum(['find', 'disable', 'enable', 'delete', 'lift-quiet']), ...who }),
  z.strictObject({ action: z.literal('move'), ...who, to: phone, signOut: z._default(z.boolean(), true) }),
  z.strictObject({ action: z.literal('sign-out'), ...who, device: z.optional(z.string().check(z.regex(/^[\w-]{1,64}$/))), all: z.optional(z.literal(true)) }),
])

type Shape = z.infer<typeof orderShape>

/** Of a sign-out, either `device` or `all` is there. */
export type Order = Shape & ({ number: Phone; user?: undefined } | { number?: undefined; user: UserId })

const examples: Record<Order['action'], string> = {
  find: '{"action":"find","number":"+1…"}',
  disable: '{"action":"disable","user":"u::0001"}',
  enable: '{"action":"enable","user":"u::0001"}',
  delete: '{"action":"delete","user":"u::0001"}',
  move: '{"action":"move","user":"u::0001","to":"+1…"}, with "signOut":false to keep its devices signed in',
  'sign-out': '{"action":"sign-out","user":"u::0001","device":"…"}, or "all":true in place of "device"',
  'lift-quiet': '{"action":"lift-quiet","number":"+1…"}',
}
const members = ['number', 'user', 'to', 'signOut', 'device', 'all']

/** Throws NotDone with the right form of the event, and nothing of what was sent. */
export const parseOrder = (event: unknown): Order => {
  const action = actionOf(event)
  if (!action) throw new NotDone(`The action must be one of ${Object.keys(examples).join(', ')}. For example: ${examples.find}.`)
  const { success, data: order, error } = orderShape.safeParse(event)
  if (!success) throw malformed(action, placeOf(error.issues[0]?.path[0]))
  if (order.action === 'sign-out' && (order.device === undefined) === (order.all === undefined)) throw malformed(action, 'it wants either device or all')
  const { number, user } = order
  if (number && !user) return { ...order, number, user }
  if (user && !number) return { ...order, number, user }
  throw malformed(action, 'it wants either number or user')
}

const actionOf = (event: unknown) => {
  const action: unknown = typeof event === 'object' && event !== null && 'action' in event ? event.action : undefined
  return (Object.keys(examples) as Order['action'][]).find((known) => known === action)
}

// The names that we know; a number could stand where a name should.
const placeOf = (member: PropertyKey | undefined) => {
  const known = members.find((name) => name === member)
  return known === undefined ? 'it has a member that this action does not take' : `${known} is missing or malformed`
}

const malformed = (action: Order['action'], what: string) =>
  new NotDone(`The event is wrong: ${what}. Write ${examples[action]}. A number is in international form, and "user" and "number" may stand for each other.`)
