// A refusal as Sync Gateway words it: an HTTP status and a reason.
import { STATUS_CODES } from 'node:http'

/** An Error, so that it can be thrown through any depth; `reason` is shown to the client as it is. */
export class HttpError extends Error {
  readonly status: number
  readonly reason: string

  constructor(status: number, reason: string) {
    super(`${status} ${reason}`)
    this.status = status
    this.reason = reason
  }
}

/** What any error becomes in an answer; an unknown one is a 500, as in the real server. */
export const asHttpError = (cause: unknown): HttpError => {
  if (cause instanceof HttpError) return cause
  return new HttpError(500, `Internal error: ${cause instanceof Error ? cause.message : String(cause)}`)
}

/** The member `error` of an answer that refuses the whole request. */
export const errorName = (status: number) => {
  if (status === 404) return 'not_found'
  if (status === 409) return 'conflict'
  return STATUS_CODES[status] ?? String(status)
}

const bulkNames: Record<number, string> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  406: 'not_acceptable',
  409: 'conflict',
  412: 'file_exists',
  415: 'bad_content_type',
}

/** The member `error` of one row of a bulk answer. */
export const bulkErrorName = (status: number) => bulkNames[status] ?? String(status)
