// The DPoP proof of a request to us: checked where there is one, with the next nonce going along on whatever the answer is.
import { dpop, DpopError, type ProvenRequest } from './dpop.ts'
import type { Request } from './http.ts'
import { Refusal } from './refusal.ts'

/** Answers the thumbprint of the proof's key. Throws `invalid_dpop_proof` or `use_dpop_nonce`. `now` in milliseconds since 1970. */
export const proofOf = ({ now }: { now: () => number }) => {
  const checker = dpop({ now })
  return async ({ header, carry }: Request, wish: ProvenRequest): Promise<string> => {
    carry['dpop-nonce'] = checker.nonce(wish.tokenKeys)
    try {
      return (await checker.check(header('dpop'), wish)).thumbprint
    } catch (cause) {
      if (!(cause instanceof DpopError)) throw cause
      throw new Refusal(cause.reason === 'nonce' ? 'use_dpop_nonce' : 'invalid_dpop_proof', cause.message, { cause })
    }
  }
}
