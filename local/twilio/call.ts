// A call as a record, and what can happen to it.
import type { Method } from './webhook.ts'

export type CallStatus = 'queued' | 'initiated' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled'
export type ProgressEvent = 'initiated' | 'ringing' | 'answered' | 'completed'
export type Instructions = { twiml: string } | { url: string; method: Method }

export type CallOrder = {
  to: string
  from: string
  ringSeconds: number
  talkSecondsMax: number
  instructions: Instructions
  statusCallback: { url: string; method: Method; events: ProgressEvent[] } | undefined
}

/** Times in milliseconds since 1970. */
export type Call = CallOrder & { sid: string; status: CallStatus; createdAt: number; updatedAt: number; answeredAt?: number; endedAt?: number }

/** Nothing brings a call back into the queue. */
export type MovedCall = Call & { status: Exclude<CallStatus, 'queued'> }

export type Happening = 'dialed' | 'rang' | 'answered' | 'was_busy' | 'was_not_answered' | 'failed' | 'was_canceled' | 'was_hung_up'

/** The call after something happened to it; undefined if that cannot happen to it now. */
export const after = (call: Call, happening: Happening, now: number): MovedCall | undefined => {
  const status = transitions[call.status][happening]
  if (!status) return undefined
  return {
    ...call,
    status,
    updatedAt: now,
    ...(status === 'in-progress' ? { answeredAt: now } : {}),
    ...(isOver(status) ? { endedAt: now } : {}),
  }
}

export const isOver = (status: CallStatus) => Object.keys(transitions[status]).length === 0

/** Whole seconds of talk, a begun one counted, as calls are billed. */
export const talkSeconds = ({ answeredAt, endedAt }: Call) => (answeredAt === undefined || endedAt === undefined ? 0 : Math.ceil((endedAt - answeredAt) / 1_000))

/** Which of Twilio's four progress events brought a call to this status. */
export const eventOf = (status: Exclude<CallStatus, 'queued'>): ProgressEvent => {
  if (status === 'in-progress') return 'answered'
  return status === 'initiated' || status === 'ringing' ? status : 'completed'
}

// https://www.twilio.com/docs/voice/api/call-resource#call-status-values
const transitions: Record<CallStatus, Partial<Record<Happening, MovedCall['status']>>> = {
  queued: { dialed: 'initiated', was_canceled: 'canceled' },
  initiated: { rang: 'ringing', was_busy: 'busy', failed: 'failed', was_canceled: 'canceled' },
  ringing: { answered: 'in-progress', was_busy: 'busy', was_not_answered: 'no-answer', failed: 'failed', was_canceled: 'canceled' },
  'in-progress': { was_hung_up: 'completed' },
  completed: {},
  busy: {},
  'no-answer': {},
  failed: {},
  canceled: {},
}
