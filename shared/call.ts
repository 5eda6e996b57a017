// The rules of a call: what each key, each report of the phone company and each poll makes of it. Pure: time and comparisons are given.

/** Why a call was denied or ended; the phone company's words where they are its own. */
export const callReasons = ['star', 'wrong_digits', 'busy', 'no-answer', 'failed', 'canceled', 'hung_up', 'not_placed'] as const
export type CallReason = (typeof callReasons)[number]

/** Hashes of the Idempotency-Key that asked for a call, and of the parameters that came with it. */
export type Idempotency = { keyHash: string; parametersHash: string }

/** The call that a line keeps. Times in seconds since 1970. */
export type Call = {
  /** In the webhook URLs; independent of what the app holds. */
  id: string
  client: string
  scope: string
  /** Of the secret in the app's auth_req_id. */
  secretHash: string
  matchCode: string
  lastDigits: string
  locale: string
  /** CIBA's binding message, where it is spoken: a repeated prompt says it again. */
  message?: string | undefined
  attempt: number
  expires: number
  state: 'pending' | 'approved' | 'denied' | 'ended'
  /** Whether somebody, or a machine, has picked up. */
  answered?: true | undefined
  reason?: CallReason | undefined
  /** The thumbprint of the key that alone may redeem it (RFC 9449 section 10, `dpop_jkt`). */
  jkt?: string | undefined
  idempotency?: Idempotency | undefined
}

export const callSeconds = 180
export const pollIntervalSeconds = 2
export const attemptsMax = 2

export const isOver = (call: Call, nowSeconds: number) => nowSeconds >= call.expires

/** Whether nobody has decided it yet, and somebody still may. */
export const isPending = (call: Call, nowSeconds: number) => call.state === 'pending' && !isOver(call, nowSeconds)

/** Whether this call keeps its line: it rings, or its approval waits to be redeemed. */
export const isUnderWay = (call: Call, nowSeconds: number) => !isOver(call, nowSeconds) && (call.state === 'pending' || call.state === 'approved')

/** What the person hears next. */
export type Heard = 'prompt' | 'again' | 'approved' | 'denied' | 'reported' | 'over'

/** What the keys of one attempt mean. `attempt` is the one in the webhook's URL, so the same webhook twice, late or out of order changes nothing. */
export const pressKeys = (call: Call, keys: { attempt: number; digits: string; right: boolean }, nowSeconds: number): { call: Call; heard: Heard } => {
  if (keys.attempt < call.attempt) return { call, heard: 'again' }
  switch (call.state) {
    case 'approved': return { call, heard: 'approved' }
    case 'denied': return { call, heard: call.reason === 'star' ? 'reported' : 'denied' }
    case 'ended': return keys.attempt === call.attempt ? lastWord(call, keys, nowSeconds) : { call, heard: 'over' }
    case 'pending': return keys.attempt === call.attempt && !isOver(call, nowSeconds) ? judge(call, keys) : lastWord(call, keys, nowSeconds)
    default: return call.state satisfies never
  }
}

// Whoever says no is heard, however late. And who keys in the digits and hangs up at once may have the report of that overtake them.
const lastWord = (call: Call, keys: { digits: string; right: boolean }, nowSeconds: number): { call: Call; heard: Heard } => {
  const isLateOnly = call.reason === 'hung_up' && keys.right && !isOver(call, nowSeconds)
  return keys.digits.includes('*') || isLateOnly ? judge(call, keys) : { call, heard: 'over' }
}

const judge = (call: Call, { digits, right }: { digits: string; right: boolean }): { call: Call; heard: Heard } => {
  if (digits.includes('*')) return { call: { ...call, state: 'denied', reason: 'star' }, heard: 'reported' }
  if (digits === '' || digits.startsWith('0')) return { call, heard: 'prompt' }
  if (right) return { call: { ...call, state: 'approved', reason: undefined }, heard: 'approved' }
  if (call.attempt < attemptsMax) return { call: { ...call, attempt: call.attempt + 1 }, heard: 'again' }
  return { call: { ...call, state: 'denied', reason: 'wrong_digits' }, heard: 'denied' }
}

const endings = new Map<string, CallReason>([['busy', 'busy'], ['no-answer', 'no-answer'], ['failed', 'failed'], ['canceled', 'canceled'], ['completed', 'hung_up']])

/** What a status webhook makes of a call: only one that is still pending can end, or be answered. */
export const report = (call: Call, callStatus: string): Call => {
  if (callStatus === 'in-progress') return call.state === 'pending' && !call.answered ? { ...call, answered: true } : call
  const reason = endings.get(callStatus)
  return reason && call.state === 'pending' ? { ...call, state: 'ended', reason } : call
}

/** What an app that polls is told, with a sentence that it can show. */
export type Verdict = { code: 'authorization_pending' | 'access_denied' | 'expired_token'; description: string; reason?: CallReason | 'answered' } | 'approved'

const sentences: Record<CallReason, string> = {
  star: 'The person who answered said that they did not ask for this call, so this number is left alone for a day.',
  wrong_digits: 'The digits were wrong twice. Ask for a new call.',
  busy: 'The phone was busy. Ask for a new call when the line is free.',
  'no-answer': 'Nobody answered the phone. Ask for a new call.',
  failed: 'The phone could not be reached. Check the number, and ask for a new call.',
  canceled: 'The call was canceled. Ask for a new one.',
  hung_up: 'The call ended before the digits were keyed in. Ask for a new one.',
  not_placed: 'The call could not be placed. Check the number, and ask for a new call.',
}

export const verdict = (call: Call, nowSeconds: number): Verdict => {
  if (call.state === 'denied' || call.state === 'ended') {
    const { reason = 'failed' } = call
    return { code: 'access_denied', description: sentences[reason], reason }
  }
  if (isOver(call, nowSeconds)) return { code: 'expired_token', description: 'The time for this call is over. Ask for a new one.' }
  if (call.state === 'approved') return 'approved'
  if (call.answered) return { code: 'authorization_pending', description: 'The phone was answered, and waits for the digits.', reason: 'answered' }
  return { code: 'authorization_pending', description: 'The phone is ringing.' }
}
