// The event of payload format 2.0, made from an HTTP request.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
import type { IncomingMessage } from 'node:http'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { decoded, type Match } from './routes.ts'

export type EventSource = { request: IncomingMessage; body: Buffer; match: Match; stage: string; requestId: string; now: number }

export const eventOf = ({ request, body, match: { routeKey, pathParameters }, stage, requestId, now }: EventSource): APIGatewayProxyEventV2 => {
  const [path, rawQueryString] = target(request)
  const headers = headersOf(request, body, requestId, now)
  const { cookie, ...others } = headers
  const rawPath = pathSeen(path)
  const host = (headers['host'] ?? '').replace(/:\d*$/, '')
  const binary = body.length > 0 && !isText(headers)
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    ...(cookie ? { cookies: cookie.split(/; */).filter(Boolean) } : {}),
    headers: others,
    ...some('queryStringParameters', parametersOf(rawQueryString)),
    requestContext: {
      accountId: '123456789012',
      apiId: 'local',
      domainName: host,
      domainPrefix: host.split('.')[0] ?? '',
      http: { method: request.method ?? '', path: rawPath, protocol: `HTTP/${request.httpVersion}`, sourceIp: addressOf(request), userAgent: headers['user-agent'] ?? '' },
      requestId,
      routeKey,
      stage,
      time: clfTime(now),
      timeEpoch: now,
    },
    ...(body.length > 0 ? { body: body.toString(binary ? 'base64' : 'utf8') } : {}),
    ...some('pathParameters', pathParameters),
    isBase64Encoded: binary,
  }
}

/** Path and query as they were sent. A request may name the whole URL (RFC 9112, 3.2.2). */
export const target = ({ url = '/' }: IncomingMessage): [path: string, query: string] => {
  const [path = '', query = ''] = url.replace(/^https?:\/\/[^/?]*/i, '').split(/\?(.*)/s)
  return [path || '/', query]
}

// Its name notwithstanding, `rawPath` comes decoded, and what follows a decoded question mark is lost: seen in events of real
// HTTP APIs, fastify/aws-lambda-fastify#169 and honojs/hono#2156. The raw query is raw.
const pathSeen = (path: string) => decoded(path).split('?')[0] ?? '/'

const some = <Name extends string>(name: Name, values: Record<string, string>) =>
  (Object.keys(values).length > 0 ? { [name]: values } : {}) as Partial<Record<Name, Record<string, string>>>

// Hop-by-hop headers end at the gateway (RFC 9110, 7.6.1).
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'])

const headersOf = (request: IncomingMessage, body: Buffer, requestId: string, now: number): Record<string, string> => {
  const { localPort } = request.socket
  const headers = Object.entries(request.headersDistinct).filter(([name]) => !hopByHop.has(name)).map(([name, values = []]) => [name, values.join(name === 'cookie' ? '; ' : ',')])
  const forwarded = request.headers['x-forwarded-for']
  return {
    ...(Object.fromEntries(headers) as Record<string, string>),
    'content-length': String(body.length),
    'x-amzn-trace-id': `Root=1-${Math.floor(now / 1_000).toString(16)}-${Buffer.from(requestId).toString('hex').slice(0, 24)}`,
    'x-forwarded-for': [...(forwarded ? [String(forwarded)] : []), addressOf(request)].join(', '),
    'x-forwarded-port': String(localPort ?? ''),
    'x-forwarded-proto': 'http',
  }
}

const addressOf = (request: IncomingMessage) => (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')

const parametersOf = (query: string) => {
  const values = new Map<string, string[]>()
  for (const pair of query.split('&').filter(Boolean)) {
    const [name = '', value = ''] = pair.split(/=(.*)/s).map((part) => decoded(part.replaceAll('+', ' ')))
    values.set(name, [...(values.get(name) ?? []), value])
  }
  return Object.fromEntries([...values].map(([name, list]) => [name, list.join(',')]))
}

// Everything else is binary, forms and bodies without a type included: ministackorg/ministack#766, tried on a real HTTP API.
const isText = (headers: Record<string, string>) =>
  !headers['content-encoding'] && /^(text\/.+|application\/(json|javascript|xml))$/i.test((headers['content-type'] ?? '').split(';')[0]?.trim() ?? '')

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `12/Mar/2020:19:03:58 +0000` */
const clfTime = (time: number) => {
  const [, year, month, day, clock] = /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(new Date(time).toISOString()) ?? []
  return `${day}/${months[Number(month) - 1]}/${year}:${clock} +0000`
}
