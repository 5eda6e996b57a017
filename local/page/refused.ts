// What did not work, as a code for the app and a sentence for the person.
import { fields } from './fields.ts'

/** `refused` is the code of the service (RFC 6749, CIBA Core 1.0), or `offline` when no answer came. */
export type Refused = { refused: string; sentence: string; retryAfterSeconds?: number }

export const offline: Refused = { refused: 'offline', sentence: 'There is no answer. Check that everything runs (npm start), and try again.' }

export const isRefused = (answer: object): answer is Refused => 'refused' in answer

/** From an answer that is no success. */
export const refusedBy = (status: number, json: unknown, retryAfter: string | null): Refused => {
  const { optionalText } = fields(json)
  return {
    refused: optionalText('error') ?? (status >= 500 ? 'temporarily_unavailable' : 'server_error'),
    sentence: optionalText('error_description') ?? optionalText('message') ?? `The answer has the status ${status}. Try again.`,
    ...(retryAfter !== null && /^\d{1,9}$/.test(retryAfter) ? { retryAfterSeconds: Number(retryAfter) } : {}),
  }
}
