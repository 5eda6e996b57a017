// Sync Gateway's admin port as an installer needs it: one request, its whole answer, and a sentence when it is not the wanted one.
import { problem } from './problem.ts'

export type Answer = { status: number; text: string; etag: string | null }
export type Sent = { json?: object; javascript?: string; etag?: string | null; wanted: number[] }

export const adminPort = (url: string, login: { username: string; password: string } | undefined) => {
  const standing: Record<string, string> = { accept: 'application/json, application/javascript', ...(login ? { authorization: `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}` } : {}) }
  return async (method: string, path: string, { json, javascript, etag, wanted }: Sent): Promise<Answer> => {
    const body = json ? JSON.stringify(json) : javascript
    const headers = {
      ...standing,
      ...(body === undefined ? {} : { 'content-type': json ? 'application/json' : 'application/javascript' }),
      ...(etag ? { 'if-match': etag } : {}),
    }
    const response = await fetch(`${url}/${path}`, { method, headers, ...(body === undefined ? {} : { body }), signal: AbortSignal.timeout(30_000) }).catch((cause: unknown) => {
      throw problem(`Nobody answers at ${url}.`, cause)
    })
    const text = await response.text()
    if (wanted.includes(response.status)) return { status: response.status, text, etag: response.headers.get('etag') }
    throw problem(meaning(response.status, `${method} /${path}`, text))
  }
}

export type AdminPort = ReturnType<typeof adminPort>

const meaning = (status: number, request: string, text: string) => {
  if (status === 401 || status === 403) return `The admin port refuses this login for ${request}: set SYNC_GATEWAY_USERNAME and SYNC_GATEWAY_PASSWORD to one that may configure databases.`
  if (status === 412) return `Somebody else has changed the configuration meanwhile: nothing was written by ${request}. Run this again.`
  return `${request} was answered with ${status}: ${text.slice(0, 500)}`
}
