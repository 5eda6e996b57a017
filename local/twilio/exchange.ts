// The telephone exchange: all calls, and every telephone that has been called or touched.
import { randomBytes } from 'node:crypto'
import type { Call, CallOrder } from './call.ts'
import { line, type Found, type Line, type LineOptions } from './line.ts'

type Phone = { next: Found; line: Line | undefined }

export const exchange = (options: LineOptions) => {
  const lines = new Map<string, Line>()
  const phones = new Map<string, Phone>()

  const phone = (number: string) => {
    const known = phones.get(number) ?? { next: 'free', line: undefined }
    phones.set(number, known)
    return known
  }

  return {
    /** Makes the call and dials. Answers it as it was before it was dialed. */
    place: (order: CallOrder): Call => {
      const now = options.clock.now()
      const call: Call = { ...order, sid: `CA${randomBytes(16).toString('hex')}`, status: 'queued', createdAt: now, updatedAt: now }
      const made = line(call, options)
      lines.set(call.sid, made)
      const called = phone(order.to)
      if (called.line?.isLive()) made.dial('busy')
      else {
        made.dial(called.next)
        Object.assign(called, { next: 'free', line: made } satisfies Phone)
      }
      return call
    },
    find: (sid: string) => lines.get(sid),
    /** The newest first. */
    calls: () => [...lines.values()].map((each) => each.call()).reverse(),
    phone,
    numbers: () => [...phones.keys()],
    settled: async () => { for (const each of lines.values()) await each.settled() },
  }
}

export type Exchange = ReturnType<typeof exchange>
