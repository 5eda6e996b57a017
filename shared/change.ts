// Read, decide, write by compare-and-set, and decide again when somebody else was faster.
import { UpstreamError } from './upstream-error.ts'
import type { Document, SyncGateway } from './sync-gateway.ts'

/** What to do with what was read: write `next`, or nothing if it is absent, and answer `result`. */
export type Decision<T, R> = { next?: T; result: R }

export type Kind<T> = { read: (document: Document | undefined) => T; written: (value: T) => object }

// In each round somebody wins, so losing this often in a row takes as many writers at one document; they are told to come again.
const roundsMax = 32

export type Change<T, R> = {
  id: string
  kind: Kind<T>
  decide: (current: T) => Decision<T, R>
  /** What was read just now, to save a request; present and undefined says that nothing was there. */
  known?: Document | undefined
  signal: AbortSignal
}

/** Rejects with what `decide` throws, and with UpstreamError `unavailable` after 32 lost rounds. */
export const change = async <T, R>(gateway: SyncGateway, wanted: Change<T, R>): Promise<{ result: R; document: Document | undefined }> => {
  const { id, kind, decide, signal } = wanted
  let document = 'known' in wanted ? wanted.known : await gateway.readDocument(id, signal)
  for (let round = 0; round < roundsMax; round++) {
    const { next, result } = decide(kind.read(document))
    if (next === undefined) return { result, document }
    const written = await gateway.writeDocument(id, document, kind.written(next), signal)
    if (written) return { result, document: written }
    document = await gateway.readDocument(id, signal)
  }
  throw new UpstreamError('sync-gateway', 'writeDocument', 'unavailable')
}
