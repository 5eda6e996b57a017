// Requests and replies of the stand-in, apart from the sockets that carry them.
import type { IncomingMessage, ServerResponse } from 'node:http'

export type ApiRequest = { method: string; path: string; query: URLSearchParams; headers: IncomingMessage['headers']; form: URLSearchParams }
export type ApiReply = { status: number; json?: object; headers?: Record<string, string> }

const bodyBytesMax = 65_536

/** The request with its form; a body of another type counts as an empty form. Undefined if the body is too large. */
export const readRequest = async (message: IncomingMessage): Promise<ApiRequest | undefined> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bodyBytesMax) return undefined
    chunks.push(chunk)
  }
  const { method = 'GET', headers, url = '/' } = message
  const [path = '', query = ''] = url.split('?', 2)
  const isForm = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase() === 'application/x-www-form-urlencoded'
  return { method, path, query: new URLSearchParams(query), headers, form: new URLSearchParams(isForm ? Buffer.concat(chunks).toString() : '') }
}

export const writeReply = (response: ServerResponse, { status, json, headers = {} }: ApiReply) => {
  response.writeHead(status, { ...(json ? { 'content-type': 'application/json; charset=utf-8' } : {}), 'cache-control': 'no-store', ...headers })
  response.end(json ? JSON.stringify(json) : undefined)
}
