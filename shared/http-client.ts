// One bounded HTTP request over node:http; fetch and undici would each double a cold start.
import http from 'node:http'
import https from 'node:https'
import { timed } from './stopwatch.ts'
import { UpstreamError, type System, type UpstreamFailure } from './upstream-error.ts'

export type HttpRequest = {
  /** Names the request in logs and errors; never part of what is sent. */
  operation: string
  method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  url: string
  headers?: Record<string, string>
  body?: string
  timeoutMilliseconds: number
  /** Whether the other side waits before it answers, which says nothing of how fast it is. */
  held?: boolean
  /** Takes a new connection: for the repeat of a request that a stale one may have swallowed. */
  fresh?: boolean
  /** Ends the request early: the deadline of the whole invocation. */
  signal: AbortSignal
}

export type HttpReply = { status: number; headers: http.IncomingHttpHeaders; body: string }

const replyBytesMax = 1_048_576

// Codes that Node gives before a byte of the request has left this machine.
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'])

/**
 * A client for one system. Resolves with any whole answer, whatever its status. Rejects with an UpstreamError:
 * `unreachable` if nothing was sent, `lost_reply` if the answer did not come whole and in time, `unexpected` past 1 MiB.
 */
export const httpClient = (system: System, { keepAlive, connectionsMax: maxSockets = Infinity }: { keepAlive: boolean; connectionsMax?: number }) => {
  // A frozen sandbox wakes to connections that the other side has closed; the socket's own timeout keeps the pool fresh.
  const options = { keepAlive, timeout: 60_000, maxSockets }
  const kept = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) }

  return ({ operation, method, url, headers = {}, body, timeoutMilliseconds, held = false, fresh = false, signal }: HttpRequest): Promise<HttpReply> =>
    timed(held ? 'held' : system, () => new Promise((resolve, reject) => {
      let connected = false
      const fail = (failure: UpstreamFailure, cause?: unknown) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
        reject(new UpstreamError(system, operation, failure, { cause }))
      }
      const target = new URL(url)
      const secure = target.protocol === 'https:'
      const request = (secure ? https : http).request(target, {
        method,
        agent: fresh ? false : kept[secure ? 'https:' : 'http:'],
        headers: { ...headers, ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }) },
      })
      const abort = () => request.destroy(new Error('The time of this invocation is over.'))
      const timer = setTimeout(() => request.destroy(new Error(`No answer within ${timeoutMilliseconds} ms.`)), timeoutMilliseconds)
      signal.addEventListener('abort', abort, { once: true })
      if (signal.aborted) abort()

      request.on('socket', (socket) => {
        if (request.reusedSocket || !socket.connecting) connected = true
        else socket.once(secure ? 'secureConnect' : 'connect', () => { connected = true })
      })
      request.on('error', (cause: NodeJS.ErrnoException) => fail(!connected || neverSent.has(cause.code ?? '') ? 'unreachable' : 'lost_reply', cause))
      request.on('response', (response) => {
        const chunks: Buffer[] = []
        let bytes = 0
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          bytes += chunk.length
          if (bytes <= replyBytesMax) return
          fail('unexpected', new Error(`An answer of more than ${replyBytesMax} bytes.`))
          request.destroy()
        })
        response.on('error', (cause) => fail('lost_reply', cause))
        response.on('end', () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', abort)
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() })
        })
      })
      request.end(body)
    }))
}

export type HttpClient = ReturnType<typeof httpClient>
