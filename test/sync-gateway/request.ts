// One HTTP request exactly as a test words it: no redirects, no cookies of its own, headers as they come.
import { request as send } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'

export type Answer = { status: number; headers: IncomingHttpHeaders; text: string; body: unknown }

export type Question = { method?: string; headers?: Record<string, string>; body?: unknown }

/** A string is sent as it is, anything else as JSON; `body` of the answer is its JSON, or undefined. */
export const request = (base: string, path: string, { method = 'GET', headers = {}, body }: Question = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const url = new URL(base)
    const sent = send({ host: url.hostname, port: url.port, path: escaped(path), method, headers: { accept: '*/*', ...type, ...headers } }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => { text += chunk })
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parsed(text) }))
    })
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body))
  })

/** What is escaped already stays so. */
const escaped = (path: string) => path.replaceAll(/[^!-~]|["<>\\^`{|}]/gu, (char) => encodeURIComponent(char))

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
