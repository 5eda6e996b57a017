// What a 401 asks for in `WWW-Authenticate`.
import { dpopAlgorithms } from './dpop-algorithms.ts'
import type { Refusal } from './refusal.ts'

const bearer = 'Bearer realm="callgate"'
const dpop = `DPoP algs="${dpopAlgorithms.join(' ')}"`

/**
 * For a refusal that is answered by 401, and the `Authorization` header it came with (RFC 6749 section 5.2, RFC 6750 section 3, RFC 9449 section 7.1).
 * A refusal that is answered otherwise gets none: on a pending grant this header would end a client's polling.
 */
export const challenge = ({ code, message }: Refusal, authorization = '') => {
  const why = `error="${code}", error_description="${message}"`
  if (code === 'invalid_client') return /^basic /i.test(authorization) ? 'Basic realm="callgate"' : undefined
  // Whoever showed no token, or did not know how, is told how, and of no error.
  if (code === 'invalid_token') return /^(bearer|dpop) /i.test(authorization) ? `${bearer}, ${why}` : `${bearer}, ${dpop}`
  return code === 'invalid_dpop_proof' || code === 'use_dpop_nonce' ? `${dpop}, ${why}` : undefined
}
