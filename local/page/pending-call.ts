// The call that this window waits for, kept so that a reload does not lose it: its number is not called again before it is over.
import type { PlacedCall } from './callgate.ts'
import { fields } from './fields.ts'

/** `number` as it was typed. */
export type PendingCall = PlacedCall & { number: string }

const key = 'callgate.call'

export const pendingCall = {
  /** Undefined where there is none, or its time is over. */
  read: (): PendingCall | undefined => {
    const call = parsed(sessionStorage.getItem(key))
    return call && call.expiresAt > Date.now() ? call : undefined
  },
  keep: (call: PendingCall) => {
    sessionStorage.setItem(key, JSON.stringify(call))
  },
  forget: () => {
    sessionStorage.removeItem(key)
  },
}

const parsed = (text: string | null): PendingCall | undefined => {
  try {
    const { text: member, number } = fields(JSON.parse(text ?? 'null'))
    return {
      number: member('number'), authReqId: member('authReqId'), matchCode: member('matchCode'),
      intervalSeconds: number('intervalSeconds'), expiresAt: number('expiresAt'),
    }
  } catch {
    return undefined
  }
}
