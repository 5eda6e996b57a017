// One request to the functions: as a form, with a proof of this device's key where one is wanted, and bounded in time.
import { base64url } from './base64url.ts'
import { CallgateError, failure } from './callgate-error.ts'
import { proof, type ProofKey } from './proof.ts'

export type RequestConfig = {
  url: string
  fetch: typeof fetch
  key: () => Promise<ProofKey | undefined>
  /** Milliseconds since 1970. */
  now: () => number
  random: (bytes: number) => Uint8Array
}

export type Asked = {
  method?: 'GET' | 'POST' | 'DELETE'
  form?: Record<string, string | undefined>
  headers?: Record<string, string> | undefined
  /** Sent as `Authorization`, with its proof if it is bound. */
  token?: { accessToken: string; type: string }
  /** Whether a proof goes along without an access token. */
  proven?: boolean
  /** Breaks it off. */
  signal?: AbortSignal | undefined
}
/** `held` tells that the service took as long as it was asked to (RFC 7240), so that nothing speaks against asking again at once. */
export type Answer = { ok: boolean; held: string | null; json: Record<string, unknown>; failure: () => CallgateError }

// The functions answer within 29 s.
const patienceMilliseconds = 35_000

export const requests = ({ url, fetch, key, now, random }: RequestConfig) => {
  let nonce: string | undefined

  const proofOf = async (path: string, { method = 'POST', token }: Asked) => {
    const own = await key()
    const claims = { jti: base64url(random(16)), htm: method, htu: url + path.replace(/\?.*/, ''), iat: Math.floor(now() / 1000), nonce }
    return own && proof(own, claims, token?.accessToken)
  }

  const sendOnce = async (path: string, asked: Asked): Promise<Answer> => {
    const { method = 'POST', form, headers, token, proven = token?.type === 'DPoP', signal } = asked
    const dpop = proven && (await proofOf(path, asked))
    const ending = new AbortController()
    const stop = () => ending.abort()
    const timer = setTimeout(stop, patienceMilliseconds)
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) stop()
    try {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
          ...(token && { authorization: `${token.type} ${token.accessToken}` }),
          ...(dpop && { dpop }),
          ...headers,
        },
        ...(form && { body: encoded(form) }),
        signal: ending.signal,
      })
      nonce = response.headers.get('dpop-nonce') ?? nonce
      const text = await response.text()
      const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
      return { ok: response.ok, held: response.headers.get('preference-applied'), json, failure: () => failure(response.status, json, response.headers.get('retry-after')) }
    } catch {
      throw new CallgateError('offline', 'There is no answer.')
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    }
  }

  /** The answer, whatever it says. Rejects with `offline` if none came. */
  const send = async (path: string, asked: Asked): Promise<Answer> => {
    const answer = await sendOnce(path, asked)
    // RFC 9449 section 8: the nonce that came along is for the next proof.
    return answer.json['error'] === 'use_dpop_nonce' ? sendOnce(path, asked) : answer
  }

  /** What a success says. Rejects with a CallgateError for anything else. */
  const ask = async (path: string, asked: Asked) => {
    const answer = await send(path, asked)
    if (!answer.ok) throw answer.failure()
    return answer.json
  }

  return { send, ask }
}

export type Requests = ReturnType<typeof requests>

// React Native's URLSearchParams is only half of one.
const encoded = (form: Record<string, string | undefined>) =>
  Object.entries(form).flatMap(([name, value]) => (value ? [`${name}=${encodeURIComponent(value)}`] : [])).join('&')
