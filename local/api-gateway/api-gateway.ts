// An AWS API Gateway HTTP API on this machine, with Lambda proxy integrations of payload format 2.0.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { realClock, type Clock } from '../clock.ts'
import { listen, type Running } from '../server.ts'
import { bodyOf } from './body.ts'
import { cors as corsOf, type Cors } from './cors.ts'
import { eventOf, target } from './event.ts'
import { invoke } from './lambda.ts'
import { message, replyOf, type Reply } from './reply.ts'
import { routeTable, type Match, type Route } from './routes.ts'

export type { Route }

export type ApiGatewayOptions = {
  port?: number
  routes: Route[]
  cors?: Cors
  /** Another stage than `$default` is the first part of every path. */
  stage?: string
  /** Takes what no route takes, in place of 404. */
  pages?: RequestListener
  /** The functions' own timeout: 29 s unless given. One that passes it is an error of the function, hence 500. */
  handlerTimeoutMilliseconds?: number
  clock?: Clock
  /** Where the error of a function goes, as on AWS to its log and never to the client. */
  report?: (functionName: string, error: unknown) => void
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const limits = { headerBytesMax: 10_240, integrationMilliseconds: 30_000 } as const

export const apiGateway = ({ port = 0, pages, ...options }: ApiGatewayOptions): Promise<Running> => {
  const { find, serve } = api(options)
  // Node's own limit on headers must not strike before API Gateway's.
  const server = createServer({ maxHeaderSize: 65_536 }, (request, response) => {
    const match = find(request)
    const preflight = options.cors && request.method === 'OPTIONS'
    if (pages && !match && !preflight) pages(request, response)
    // Whoever breaks off gets no answer.
    else serve(request, match).then((reply) => send(response, reply), () => request.socket.destroy())
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const [status, text] = error.code === 'HPE_HEADER_OVERFLOW' ? [431, 'Request Header Fields Too Large'] : [400, 'Bad Request']
    if (socket.writable) socket.end(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\nContent-Type: application/json\r\n\r\n${JSON.stringify({ message: text })}`)
  })
  return listen(server, port)
}

const api = ({ routes, cors, stage = '$default', handlerTimeoutMilliseconds = 29_000, clock = realClock, report = logged }: Omit<ApiGatewayOptions, 'port' | 'pages'>) => {
  const choose = routeTable(routes)
  const sharing = cors ? corsOf(cors) : undefined

  const find = (request: IncomingMessage) => {
    const path = inStage(target(request)[0], stage)
    return path === undefined ? undefined : choose(request.method ?? '', path)
  }
  const integrate = async (request: IncomingMessage, match: Match, requestId: string) => {
    const body = await bodyOf(request)
    if (!body) return message(413, 'Request Entity Too Large')
    const event = eventOf({ request, body, match, stage, requestId, now: clock.now() })
    const { handler, functionName } = match.route
    const late = Promise.withResolvers<undefined>()
    const cancel = clock.after(limits.integrationMilliseconds, () => late.resolve(undefined))
    const outcome = await Promise.race([invoke({ handler, functionName, event, timeoutMilliseconds: handlerTimeoutMilliseconds, clock }), late.promise]).finally(cancel)
    if (!outcome) return message(503, 'Service Unavailable')
    if ('tooLarge' in outcome) return message(413, 'Request Entity Too Large')
    if ('json' in outcome) return replyOf(outcome.json)
    report(functionName, outcome.error)
    return message(500, 'Internal Server Error')
  }
  const serve = async (request: IncomingMessage, match: Match | undefined): Promise<Reply> => {
    const requestId = randomBytes(11).toString('base64')
    const answer = async () => {
      if (headerBytes(request) > limits.headerBytesMax) return message(431, 'Request Header Fields Too Large')
      if (match) return integrate(request, match, requestId)
      return sharing && request.method === 'OPTIONS' ? sharing.preflight() : message(404, 'Not Found')
    }
    const reply = await answer()
    const shared = sharing?.apply(reply, request.method ?? '', request.headers) ?? reply
    return { ...shared, headers: [...shared.headers, ['apigw-requestid', requestId]] }
  }
  return { find, serve }
}

const logged = (functionName: string, error: unknown) => console.error(functionName, error)

const inStage = (path: string, stage: string) => {
  if (stage === '$default') return path
  return path === `/${stage}` || path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) || '/' : undefined
}

// The quota counts the request line and the values.
const headerBytes = ({ method, url, rawHeaders }: IncomingMessage) =>
  Buffer.byteLength(`${method} ${url} HTTP/1.1`) + rawHeaders.filter((_, at) => at % 2 === 1).reduce((sum, value) => sum + Buffer.byteLength(value, 'latin1'), 0)

const send = (response: ServerResponse, { status, headers, body }: Reply) => {
  response.statusCode = status
  for (const [name, value] of headers) {
    if (name === 'set-cookie') response.appendHeader(name, value)
    else response.setHeader(name, value)
  }
  // Told for HEAD as well, whose answer has no body.
  if (status !== 204 && status !== 304) response.setHeader('content-length', body.length)
  response.end(body)
}
