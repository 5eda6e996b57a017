// The edge: an API Gateway event comes in, one reply goes out, and only here does an error become a status.
import middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { challenge } from './challenge.ts'
import { configuration } from './configuration.ts'
import { millisecondsLeft } from './deadline.ts'
import { parseForm, type Form } from './form.ts'
import { errorFields, logUpstreamFailure, type Log } from './log.ts'
import { openedLog } from './opened-log.ts'
import { Refusal, type RefusalCode } from './refusal.ts'
import type { Runtime } from './runtime.ts'
import { watched } from './stopwatch.ts'
import { UpstreamError } from './upstream-error.ts'

export type Request = {
  /** As API Gateway names it, such as `POST /call`. */
  route: string
  header: (name: string) => string | undefined
  rawQuery: string
  /** The query. Throws `invalid_request` as the form does. */
  query: () => Form
  /** The body as text; bytes that are not UTF-8 become U+FFFD. */
  body: string
  /** The body as a form. Throws `invalid_request` if it is labelled or written otherwise. */
  form: () => Form
  /** The caller's address as API Gateway saw it, never what a header says. */
  sourceIp: string
  /** Headers that go along with the answer, whatever it is. */
  carry: Record<string, string>
  /** Over when this invocation should have answered: every request upstream ends by it. */
  signal: AbortSignal
  /** When that will be, in milliseconds since 1970. */
  deadline: number
  log: Log
}

export type Reply = { status: number; headers?: Record<string, string>; json?: object; xml?: string }

const bodyBytesMax = 8_192
// For what is asked of others: API Gateway waits thirty seconds for a first answer, and the invocation itself may take 27. What takes longer goes on, and the
// first request waits for the rest of it.
const prepareMilliseconds = 1_000

const statuses: Record<RefusalCode, number> = {
  invalid_request: 400,
  invalid_scope: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unsupported_grant_type: 400,
  invalid_binding_message: 400,
  invalid_user_code: 400,
  invalid_dpop_proof: 400,
  use_dpop_nonce: 400,
  access_denied: 400,
  authorization_pending: 400,
  slow_down: 400,
  expired_token: 400,
  invalid_token: 401,
  request_too_large: 413,
  temporarily_unavailable: 503,
}

type Options = {
  name: string
  runtime: Runtime
  statuses?: Partial<Record<RefusalCode, number>>
  /** What every request needs and a sandbox can do before its first. Whatever of it fails must be tried again by the request that needs it. */
  prepare?: (signal: AbortSignal) => Promise<unknown>
}
export type Handler = ((event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>) & {
  /** For whoever starts a sandbox, because importing a function does nothing. Waits 1 s for others at most and never rejects: what fails is in the log. */
  prepare: () => Promise<void>
}

/** A Lambda handler for HTTP API events (payload format 2.0) from the steps of one function. It never throws. */
export const http = ({ name, runtime, statuses: own, prepare }: Options, steps: (request: Request) => Promise<Reply>): Handler => {
  const openLog = openedLog(runtime)

  const log = (event?: APIGatewayProxyEventV2): Log => (level, what, fields, metrics) =>
    openLog()(level, what, { function: name, ...(event ? { requestId: event.requestContext.requestId, route: event.routeKey } : {}), ...fields }, metrics)
  const timedBy = <T>(log: Log, run: () => Promise<T>) => watched(runtime.now, (metrics) => log('debug', 'upstream_timed', {}, metrics), run)

  const carried = new WeakMap<APIGatewayProxyEventV2, Record<string, string>>()

  const handler = async (event: APIGatewayProxyEventV2, context: Context) => {
    const begun = runtime.now()
    configuration(runtime.environment(), ['LOG_LEVEL'])
    const request = readRequest(event, context, { log: log(event), begun })
    carried.set(event, request.carry)
    const reply = await timedBy(request.log, () => steps(request))
    log(event)('info', 'answered', { status: reply.status, durationMilliseconds: runtime.now() - begun })
    return written(reply, request.carry)
  }

  const prepared = async () => {
    try {
      await timedBy(log(), async () => prepare?.(AbortSignal.timeout(prepareMilliseconds)))
    } catch (error) {
      log()('warn', 'not_prepared', errorFields(error))
    }
  }

  const edge = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .handler(handler)
    .onError((failed) => {
      const { error, event } = failed
      failed.response = written(replyTo(error, { statuses: { ...statuses, ...own }, authorization: event.headers['authorization'] }, log(event)), carried.get(event))
    })
  return Object.assign(edge, { prepare: prepared })
}

const readRequest = (event: APIGatewayProxyEventV2, context: Context, { log, begun }: { log: Log; begun: number }): Request => {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8')
  if (bytes.length > bodyBytesMax) throw new Refusal('request_too_large', `The body may have ${bodyBytesMax} bytes at most.`)
  const header = (name: string) => event.headers[name]
  const milliseconds = millisecondsLeft(context)
  const body = bytes.toString('utf8')
  return {
    route: event.routeKey,
    header,
    rawQuery: event.rawQueryString,
    query: () => parseForm(event.rawQueryString),
    body,
    form: () => {
      if (!/^application\/x-www-form-urlencoded\s*(;|$)/.test(header('content-type')?.toLowerCase() ?? '')) {
        throw new Refusal('invalid_request', 'Send the parameters in the body as application/x-www-form-urlencoded.')
      }
      return parseForm(body)
    },
    sourceIp: event.requestContext.http.sourceIp,
    carry: {},
    signal: AbortSignal.timeout(milliseconds),
    deadline: begun + milliseconds,
    log,
  }
}

type Asked = { statuses: Record<RefusalCode, number>; authorization: string | undefined }

const replyTo = (error: unknown, { statuses, authorization }: Asked, log: Log): Reply => {
  if (error instanceof Refusal) {
    const { code, message, retryAfterSeconds, reason } = error
    const status = statuses[code]
    log('info', 'refused', { status, code })
    return failure(status, code, message, { retryAfterSeconds, reason, challenge: status === 401 ? challenge(error, authorization) : undefined })
  }
  if (error instanceof UpstreamError) {
    logUpstreamFailure(log, error)
    return failure(503, 'temporarily_unavailable', 'Something that this service needs does not answer now. Try again in a few seconds.', { retryAfterSeconds: 5 })
  }
  log('error', 'failed', errorFields(error))
  return failure(500, 'server_error', 'This service has made a mistake, and its operator can see which.')
}

type Details = { retryAfterSeconds?: number | undefined; reason?: string | undefined; challenge?: string | undefined }

const failure = (status: number, error: string, description: string, { retryAfterSeconds, reason, challenge }: Details = {}): Reply => ({
  status,
  headers: {
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
  },
  json: { error, error_description: description, ...(reason === undefined ? {} : { reason }) },
})

const written = ({ status, headers = {}, json, xml }: Reply, carry: Record<string, string> = {}): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: {
    ...(json ? { 'content-type': 'application/json' } : {}),
    ...(xml === undefined ? {} : { 'content-type': 'text/xml; charset=utf-8' }),
    'cache-control': 'no-store',
    pragma: 'no-cache',
    ...headers,
    ...carry,
  },
  body: xml ?? (json ? JSON.stringify(json) : ''),
})
