// One bounded HTTP request: over sockets, because node:http costs a cold start 3 to 5 ms more, and fetch or undici would each double it.
import { connect, type Connection } from './connection.ts'
import { replyReader, ReplyTooLarge, requestText, type ReplyMessage, type RequestMessage } from './http-message.ts'
import { timed } from './stopwatch.ts'
import { UpstreamError, type System, type UpstreamFailure } from './upstream-error.ts'

export type HttpRequest = {
  /** Names the request in logs and errors; never part of what is sent. */
  operation: string
  method: RequestMessage['method']
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

export type HttpReply = Pick<ReplyMessage, 'status' | 'body'>

const replyBytesMax = 1_048_576
// A frozen sandbox wakes to connections that the other side has closed: few servers keep one for longer than a minute.
const idleSecondsMax = 60
// So long before the other side closes it, a request may still reach it.
const earlierSeconds = 1
// A sandbox has one; the local run may have many at once. Node's own agents keep as many.
const idleMax = 256

/**
 * A client for one system. Resolves with any whole answer, whatever its status. Rejects with an UpstreamError:
 * `unreachable` if nothing was sent, `lost_reply` if the answer did not come whole and in time, `unexpected` past 1 MiB.
 */
export const httpClient = (system: System, { keepAlive }: { keepAlive: boolean }) => {
  const idle: { origin: string; connection: Connection }[] = []
  const sessions = new Map<string, Buffer>()

  const take = (origin: string) => {
    const at = idle.findLastIndex((one) => one.origin === origin)
    return at < 0 ? undefined : idle.splice(at, 1)[0]?.connection
  }
  const forget = (connection: Connection) => {
    const at = idle.findIndex((one) => one.connection === connection)
    if (at >= 0) idle.splice(at, 1)
  }
  const open = (target: URL): Connection => {
    const { origin } = target
    const connection: Connection = connect(target, sessions.get(origin), {
      ended: () => forget(connection),
      session: (session) => { sessions.set(origin, session) },
    })
    return connection
  }

  return ({ operation, method, url, headers = {}, body, timeoutMilliseconds, held = false, fresh = false, signal }: HttpRequest): Promise<HttpReply> =>
    timed(held ? 'held' : system, () => new Promise((resolve, reject) => {
      const target = new URL(url)
      const keeps = keepAlive && !fresh
      const text = requestText({ method, target, headers, body, keepAlive: keeps })
      const fail = (failure: UpstreamFailure, cause: unknown) => reject(new UpstreamError(system, operation, failure, { cause }))
      const overdue = () => new Error('The time of this invocation is over.')
      if (signal.aborted) return fail('unreachable', overdue())

      const connection = (keeps ? take(target.origin) : undefined) ?? open(target)
      const timer = setTimeout(() => connection.destroy(new Error(`No answer within ${timeoutMilliseconds} ms.`)), timeoutMilliseconds)
      const abort = () => connection.destroy(overdue())
      signal.addEventListener('abort', abort, { once: true })
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
      }
      const reader = replyReader(replyBytesMax)
      const succeed = ({ status, body: said, seconds }: ReplyMessage) => {
        done()
        const kept = connection.rest(keeps && idle.length < idleMax ? (Math.min(seconds, idleSecondsMax) - earlierSeconds) * 1_000 : 0)
        if (kept) idle.push({ origin: target.origin, connection })
        resolve({ status, body: said })
      }
      const read = (step: () => ReplyMessage | undefined) => {
        try {
          const reply = step()
          if (reply) succeed(reply)
        } catch (cause) {
          done()
          connection.rest(0)
          fail(cause instanceof ReplyTooLarge ? 'unexpected' : 'lost_reply', cause)
        }
      }
      connection.send(text, {
        take: (piece) => read(() => reader.take(piece)),
        over: (sent, cause) => {
          if (sent && !cause) return read(() => reader.end())
          done()
          return fail(sent ? 'lost_reply' : 'unreachable', cause)
        },
      })
    }))
}

export type HttpClient = ReturnType<typeof httpClient>
