// Holding an answer until a call is decided, woken by Sync Gateway. What goes wrong with that is nobody's error: the app polls again.
import type { Document, Sighting, SyncGateway } from './sync-gateway.ts'
import { UpstreamError } from './upstream-error.ts'

export type Hold = {
  /** Milliseconds since 1970. */
  until: number
  /** Whether it ends, too, when the phone is answered, or was. */
  withProgress?: boolean
  /** Told when the answer was held until the decision, or for the whole time. */
  kept: () => void
  /** Told what broke it off. */
  broken: (error: UpstreamError) => void
}

/** A sequence of undefined says that nothing can be waited for. */
export type Seen = { document: Document | undefined; sequence: number | undefined }

// More than a call changes; a feed that tells of more goes round in circles.
const roundsMax = 8
// Timers may be early by a little.
const toleranceMilliseconds = 50

/** `now` in milliseconds since 1970. */
export const decision = ({ gateway, now }: { gateway: SyncGateway; now: () => number }) => {
  const unlessBroken = async <T>({ broken }: Hold, ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      broken(error)
      return undefined
    }
  }

  return {
    /** The document, read so that no change after it is missed, where there is something to wait for. */
    read: async (id: string, hold: Hold | undefined, signal: AbortSignal): Promise<Seen> => {
      const sighting = hold && (await unlessBroken(hold, () => gateway.readSighting(id, signal)))
      return sighting ?? { document: await gateway.readDocument(id, signal), sequence: undefined }
    },

    /** The document as it was seen last: when it was decided, or when the time was over. `pendingUntil` in milliseconds since 1970; undefined says that it is decided. */
    wait: async (id: string, seen: Seen, pendingUntil: (document: Document | undefined) => number | undefined, hold: Hold, signal: AbortSignal) => {
      let { document, sequence = Infinity } = seen
      for (let round = 0; round < roundsMax && sequence < Infinity; round++) {
        const end = Math.min(pendingUntil(document) ?? 0, hold.until)
        const next: Sighting | undefined = now() < end ? await unlessBroken(hold, () => gateway.nextSighting(id, sequence, end - now(), signal)) : undefined
        if (!next) {
          if (now() >= end - toleranceMilliseconds) hold.kept()
          return document
        }
        ({ document, sequence } = next)
      }
      return document
    },
  }
}

export type Decision = ReturnType<typeof decision>
