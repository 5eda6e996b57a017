// A gateway for one test, and a client that sends exactly what it is told.
import http from 'node:http'
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import { apiGateway, type ApiGatewayOptions, type Route } from '../../local/api-gateway/api-gateway.ts'

export type Answer = { status: number; headers: http.IncomingHttpHeaders; body: string }
export type Sent = { method?: string; path?: string; headers?: http.OutgoingHttpHeaders | readonly string[]; body?: string | Buffer | Buffer[] }
export type Send = (sent?: Sent) => Promise<Answer>

export const route = (key: string, handler: Route['handler']): Route => {
  const [method = '', path = '$default'] = key.split(' ')
  return { method, path, handler, functionName: 'tested' }
}

/** Runs one test with a gateway of these routes, and closes it. */
export const withFront = async (options: ApiGatewayOptions, run: (send: Send, url: string) => Promise<void>) => {
  const { port, url, close } = await apiGateway(options)
  try {
    await run((sent = {}) => exchange(port, sent), url)
  } finally {
    await close()
  }
}

/** What a function got, for one request to an API with this one route. */
export const seenBy = async (key: string, sent: Sent, options: Partial<ApiGatewayOptions> = {}) => {
  const seen: { event: APIGatewayProxyEventV2; context: Context }[] = []
  const handler: Route['handler'] = async (event, context) => String(seen.push({ event, context }))
  await withFront({ ...options, routes: [route(key, handler)] }, async (send) => void (await send(sent)))
  return seen[0]!
}

export const never = new Promise<undefined>(() => {})

const exchange = (port: number, { method = 'GET', path = '/', headers = {}, body }: Sent) =>
  new Promise<Answer>((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method, path, agent: false, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }))
    })
    request.on('error', reject)
    for (const chunk of Array.isArray(body) ? body : []) request.write(chunk)
    request.end(Array.isArray(body) ? undefined : body)
  })
