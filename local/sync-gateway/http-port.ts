// One of the two ports, over node:http.
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answer } from './answer.ts'
import type { Exchange, Port, Reply } from './exchange.ts'
import type { Gateway } from './gateway.ts'

const requestBytesMax = 64 * 1024 * 1024

export const httpPort = (gateway: Gateway, port: Port) =>
  createServer((request, response) => {
    void serve(gateway, port, request, response)
  })

const serve = async (gateway: Gateway, port: Port, request: IncomingMessage, response: ServerResponse) => {
  const body = await bodyOf(request)
  if (!body) {
    response.destroy()
    return
  }
  const [path = '', search = ''] = splitUrl(request.url ?? '/')
  const closing = new Set<() => void>()
  response.on('close', () => {
    for (const run of closing) run()
  })
  const exchange: Exchange = {
    port, method: request.method ?? 'GET', path, query: new URLSearchParams(search), vars: {}, headers: request.headers, body, extra: [],
    onClose: (run) => closing.add(run),
  }
  write(response, exchange, await answer(exchange, gateway, search))
}

const splitUrl = (url: string) => {
  const at = url.indexOf('?')
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at)]
}

/** Undefined if the client went away or sends more than anybody should. */
const bodyOf = async (request: IncomingMessage) => {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > requestBytesMax) return undefined
      chunks.push(chunk)
    }
  } catch {
    return undefined
  }
  return Buffer.concat(chunks)
}

const write = (response: ServerResponse, exchange: Exchange, { status, headers, body, stream }: Reply) => {
  response.statusCode = status
  response.setHeader('server', 'Couchbase Sync Gateway/() CE')
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  for (const [name, value] of exchange.extra) response.appendHeader(name, value)
  if (!stream || exchange.method === 'HEAD') {
    response.end(exchange.method === 'HEAD' ? undefined : body)
    return
  }
  response.flushHeaders()
  stream({ write: (text) => void response.write(text), end: (text) => void response.end(text) })
}
