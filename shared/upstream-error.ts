// What can go wrong with a system that we ask: always for the operator, never the caller's fault.

export type System = 'sync-gateway' | 'couchbase' | 'twilio' | 'secrets-manager'

/**
 * `unreachable`: the request was never sent, so nothing happened. `lost_reply`: it was sent and no whole answer came, so it
 * may have happened. `unavailable`: it answered that it cannot serve now. `login_refused`: it does not know our login, or
 * does not let it do this. `unexpected`: it answered something that we do not understand.
 */
export type UpstreamFailure = 'unreachable' | 'lost_reply' | 'unavailable' | 'login_refused' | 'unexpected'

export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly system: System
  readonly operation: string
  readonly failure: UpstreamFailure
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined

  constructor(system: System, operation: string, failure: UpstreamFailure, { status, cause }: { status?: number; cause?: unknown } = {}) {
    super(`${system} ${operation}: ${failure}`, { cause })
    this.system = system
    this.operation = operation
    this.failure = failure
    this.status = status
  }
}
