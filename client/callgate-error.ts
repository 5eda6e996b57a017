// What did not work, as a code that an app can switch on and the service's sentence for a developer, or for a person who reads English.

/**
 * While signing in: `bad_number`, `bad_code` (of a test number), `not_allowed` (nobody calls there), `limited` (again after `retryAfterSeconds`), `busy`, `no_answer`,
 * `unreachable`, `hung_up`, `wrong_digits`, `reported` (the person pressed the star), `expired` (too late, or used), `cancelled` (by the app). Always: `disabled`
 * (the account), `signed_out` (sign in again), `offline` (no answer came), `unavailable` (try again later), `failed` (a mistake of the app's or the service's).
 */
export type Code =
  | 'bad_number' | 'bad_code' | 'not_allowed' | 'limited' | 'busy' | 'no_answer' | 'unreachable' | 'hung_up' | 'wrong_digits' | 'reported' | 'expired'
  | 'cancelled' | 'disabled' | 'signed_out' | 'offline' | 'unavailable' | 'failed'

export class CallgateError extends Error {
  override readonly name = 'CallgateError'
  declare readonly code: Code
  declare readonly retryAfterSeconds: number | undefined
  constructor(code: Code, message: string, retryAfterSeconds?: number) {
    super(message)
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export const hasCode = (error: unknown, ...codes: Code[]): error is CallgateError => error instanceof CallgateError && codes.includes(error.code)

/** Whether the same request may work later, and nothing has ended. */
export const isPassing = (error: unknown) => hasCode(error, 'offline', 'unavailable')

export const cancelled = () => new CallgateError('cancelled', 'This call was cancelled.')

// The service's reasons and errors; a reason that is not here is a code.
const codes: Record<string, Code> = {
  number: 'bad_number', star: 'reported', 'no-answer': 'no_answer', failed: 'unreachable', not_placed: 'unreachable', canceled: 'hung_up',
  slow_down: 'limited', access_denied: 'not_allowed', invalid_user_code: 'bad_code', expired_token: 'expired',
  invalid_grant: 'signed_out', invalid_token: 'signed_out', invalid_dpop_proof: 'signed_out',
}

/** From an answer that is no success. */
export const failure = (status: number, { error, error_description: sentence, reason }: Record<string, unknown>, retryAfter: string | null) => {
  const known = String(reason ?? error)
  // Without an error of ours it comes from what stands before the service, which throttles too.
  const isPassing = status >= 500 || (status === 429 && !error)
  const code = codes[known] ?? (reason ? (known as Code) : isPassing ? 'unavailable' : 'failed')
  return new CallgateError(code, (sentence as string | undefined) ?? `Status ${status}.`, Number(retryAfter) || undefined)
}
