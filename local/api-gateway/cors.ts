// CORS as it is configured on an HTTP API: API Gateway answers preflights itself, and its headers replace the function's.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
import type { IncomingHttpHeaders } from 'node:http'
import type { Reply } from './reply.ts'

export type Cors = {
  /** Exact origins, `https://*`, `http://*`, or `*`. */
  allowOrigins: string[]
  allowMethods?: string[]
  allowHeaders?: string[]
  exposeHeaders?: string[]
  allowCredentials?: boolean
  maxAgeSeconds?: number
}

/** Throws for what API Gateway refuses to configure: credentials for every origin. */
export const cors = (config: Cors) => {
  const { allowOrigins, allowMethods = [], allowHeaders = [], exposeHeaders = [], allowCredentials = false, maxAgeSeconds } = config
  if (allowCredentials && allowOrigins.includes('*')) throw new Error(`allow-credentials is not supported if 'allow-origin' is *`)
  const list = (name: string, values: string[]): Reply['headers'] => (values.length > 0 ? [[name, values.join(',')]] : [])
  const allowed = (origin: string) => allowOrigins.some((one) => one === origin || (/^https?:\/\/\*$/.test(one) && origin.startsWith(one.slice(0, -1))))

  /** What API Gateway adds. A request without an origin gets nothing, and neither does one from elsewhere. */
  const headersFor = (method: string, { origin, ...headers }: IncomingHttpHeaders): Reply['headers'] => {
    const preflight = method === 'OPTIONS'
    if (origin === undefined || (preflight && headers['access-control-request-method'] === undefined)) return []
    const everybody = allowOrigins.includes('*')
    if (!everybody && !allowed(origin)) return []
    return [
      ['access-control-allow-origin', everybody ? '*' : origin],
      ...(allowCredentials ? list('access-control-allow-credentials', ['true']) : []),
      ...list('access-control-expose-headers', exposeHeaders),
      ...(preflight ? [...list('access-control-allow-methods', allowMethods), ...list('access-control-allow-headers', allowHeaders)] : []),
      ...(preflight && maxAgeSeconds !== undefined ? list('access-control-max-age', [String(maxAgeSeconds)]) : []),
    ]
  }

  return {
    preflight: (): Reply => ({ status: 204, headers: [], body: Buffer.alloc(0) }),
    /** The function's own CORS headers are ignored, whoever asks. */
    apply: (reply: Reply, method: string, headers: IncomingHttpHeaders): Reply => ({
      ...reply,
      headers: [...reply.headers.filter(([name]) => !name.startsWith('access-control-')), ...headersFor(method, headers)],
    }),
  }
}
