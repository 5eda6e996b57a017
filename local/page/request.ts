// One request, whose answer is read or is a refusal, and never an exception.
import { offline, refusedBy, type Refused } from './refused.ts'

/** `read` throws for an answer that is a success and yet not what it should be. */
export const request = async <T>(url: string, init: RequestInit, read: (json: unknown) => T): Promise<T | Refused> => {
  const response = await fetch(url, init).catch(() => undefined)
  if (!response) return offline
  const json = await response.json().catch(() => undefined) as unknown
  if (!response.ok) return refusedBy(response.status, json, response.headers.get('retry-after'))
  try {
    return read(json)
  } catch {
    return { refused: 'server_error', sentence: 'The answer is not what it should be. Try again.' }
  }
}
