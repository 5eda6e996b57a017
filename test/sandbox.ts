// One sandbox of every function that has a route, called directly with events as API Gateway makes them: for tests that need volume.
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import { createSession } from '../functions/create-session.ts'
import { discovery } from '../functions/discovery.ts'
import { issueJwt } from '../functions/issue-jwt.ts'
import { receiveCallback } from '../functions/receive-callback.ts'
import { startCall } from '../functions/start-call.ts'
import type { Handler } from '../shared/http.ts'
import type { Runtime } from '../shared/runtime.ts'

export const routes = [
  'POST /call', 'POST /call/keys', 'POST /call/status', 'POST /token', 'POST /revoke', 'POST /session', 'GET /session', 'DELETE /session',
  'GET /.well-known/openid-configuration', 'GET /.well-known/jwks.json',
] as const
export type RouteName = (typeof routes)[number]

/** Header names in lower case. A body goes as API Gateway sends one that is not text: in base64. */
export type Sent = { route: RouteName; query?: string; headers?: Record<string, string>; body?: string | Uint8Array; sourceIp?: string }
export type Answer = { status: number; headers: Record<string, string>; text: string; json: Record<string, unknown> }

export const eventFor = ({ route, query = '', headers = {}, body = '', sourceIp = '192.0.2.1' }: Sent): APIGatewayProxyEventV2 => {
  const [method = '', path = ''] = route.split(' ')
  const bytes = Buffer.from(body)
  return {
    version: '2.0', routeKey: route, rawPath: path, rawQueryString: query, headers,
    requestContext: {
      accountId: '123456789012', apiId: 'local', domainName: 'callgate.test', domainPrefix: 'callgate', requestId: 'request', routeKey: route, stage: '$default',
      time: '24/Nov/2026:12:00:00 +0000', timeEpoch: 1_795_521_600_000, http: { method, path, protocol: 'HTTP/1.1', sourceIp, userAgent: 'test' },
    },
    isBase64Encoded: bytes.length > 0,
    ...(bytes.length > 0 ? { body: bytes.toString('base64') } : {}),
  }
}

export const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 29_000 } as Context

export const sandbox = (runtime: Runtime) => {
  const [call, callback, token, session, known] = [startCall(runtime), receiveCallback(runtime), issueJwt(runtime), createSession(runtime), discovery(runtime)]
  const handlers: Record<RouteName, Handler> = {
    'POST /call': call, 'POST /call/keys': callback, 'POST /call/status': callback, 'POST /token': token, 'POST /revoke': token,
    'POST /session': session, 'GET /session': session, 'DELETE /session': session,
    'GET /.well-known/openid-configuration': known, 'GET /.well-known/jwks.json': known,
  }

  /** Any event, whether or not API Gateway would ever make it. */
  const handle = async (event: APIGatewayProxyEventV2): Promise<Answer> => {
    const { statusCode = 0, headers = {}, body = '' } = await handlers[event.routeKey as RouteName](event, context)
    return { status: statusCode, headers: headers as Record<string, string>, text: body, json: body.startsWith('{') ? (JSON.parse(body) as Record<string, unknown>) : {} }
  }
  const send = (sent: Sent) => handle(eventFor(sent))
  const post = (path: 'call' | 'token' | 'revoke', form: Record<string, string>, headers: Record<string, string> = {}) =>
    send({ route: `POST /${path}`, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body: new URLSearchParams(form).toString() })

  return { handle, send, post }
}

export type Sandbox = ReturnType<typeof sandbox>
