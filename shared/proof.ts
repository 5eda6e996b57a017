// The DPoP proof of a request to us: checked where there is one, with the next nonce going along on whatever the answer is. What checks it is loaded by the
// first, because jose costs a cold start 8 ms.
import type { dpop, ProvenRequest } from './dpop.ts'
import type { Request } from './http.ts'
import { Refusal } from './refusal.ts'

/** Answers the thumbprint of the proof's key. Throws `invalid_dpop_proof` or `use_dpop_nonce`. `now` in milliseconds since 1970. */
export const proofOf = ({ now }: { now: () => number }) => {
  // One for all: it remembers the proofs that it has seen.
  let checker: ReturnType<typeof dpop> | undefined
  return async ({ header, carry }: Request, wish: ProvenRequest): Promise<string> => {
    const { dpop, DpopError } = await import('./dpop.ts')
    checker ??= dpop({ now })
    carry['dpop-nonce'] = checker.nonce(wish.tokenKeys)
    try {
      return (await checker.check(header('dpop'), wish)).thumbprint
    } catch (cause) {
      if (!(cause instanceof DpopError)) throw cause
      throw new Refusal(cause.reason === 'nonce' ? 'use_dpop_nonce' : 'invalid_dpop_proof', cause.message, { cause })
    }
  }
}
