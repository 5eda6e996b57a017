// What a caller did wrong or may not do, by OAuth's codes; http.ts alone gives them a status.
import type { CallReason } from './call.ts'

/**
 * RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1, RFC 9449 section 5, and CIBA Core 1.0 sections 11 and 13. CIBA's `unknown_user_id` would tell which numbers
 * have accounts, `missing_user_code` which are test numbers, and `expired_login_hint_token` belongs to hints that we do not take: never sent.
 */
export type RefusalCode =
  | 'invalid_request'
  | 'invalid_scope'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unsupported_grant_type'
  | 'invalid_binding_message'
  | 'invalid_user_code'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'
  | 'access_denied'
  | 'authorization_pending'
  | 'slow_down'
  | 'expired_token'
  | 'invalid_token'
  | 'request_too_large'
  | 'temporarily_unavailable'

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly retryAfterSeconds: number | undefined
  /** Why, for a program to tell apart what one code holds: it goes into the answer as `reason`. */
  readonly reason: CallReason | 'answered' | 'disabled' | 'number' | undefined

  /** The description is a sentence that an app may show; it holds nothing of what was sent. */
  constructor(code: RefusalCode, description: string, { retryAfterSeconds, reason, cause }: Pick<Partial<Refusal>, 'retryAfterSeconds' | 'reason' | 'cause'> = {}) {
    super(description, { cause })
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
    this.reason = reason
  }
}
