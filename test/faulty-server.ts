// A server that fails as networks and servers do, one way for each request, in front of one that works.
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from '../local/server.ts'

/**
 * `go` passes it on; `refuse` cuts the connection before it happened; `lose_reply` after; `hang` never answers; `cut` ends in the middle of the answer;
 * `empty` lets it happen and answers with its status and nothing in it; `nonsense` is answered with a page for people, and a number with that status:
 * then nothing happens.
 */
export type Fault = 'go' | 'refuse' | 'lose_reply' | 'hang' | 'cut' | 'empty' | 'nonsense' | number

/** `next` says what befalls the request, by its method and path. */
export const faultyServer = async (target: string, next: (request: { method: string; path: string }) => Fault) => {
  const seen: string[] = []
  const server = createServer((incoming, outgoing) => {
    const [method, path] = [incoming.method ?? '', incoming.url ?? '']
    seen.push(`${method} ${path}`)
    strike(next({ method, path }), target, incoming, outgoing)
  })
  return { ...(await listen(server, 0)), seen }
}

const strike = (fault: Fault, target: string, incoming: IncomingMessage, outgoing: ServerResponse) => {
  if (fault === 'hang') return
  if (fault === 'refuse') {
    incoming.socket.destroy()
    return
  }
  if (fault === 'nonsense' || typeof fault === 'number') {
    outgoing.writeHead(fault === 'nonsense' ? 200 : fault, { 'content-type': 'text/html' }).end('<html>Not what you asked for</html>')
    return
  }
  const { method, headers } = incoming
  const onward = forward(`${target}${incoming.url ?? ''}`, { ...(method ? { method } : {}), headers }, (answer) => {
    answer.on('error', () => incoming.socket.destroy())
    if (fault === 'lose_reply') return answer.resume().on('end', () => incoming.socket.destroy())
    if (fault === 'cut') {
      outgoing.writeHead(answer.statusCode ?? 0, { ...answer.headers, 'content-length': '10000' })
      return outgoing.write('{', () => incoming.socket.destroy())
    }
    if (fault === 'empty') {
      outgoing.writeHead(answer.statusCode ?? 0, { 'content-type': 'application/json' })
      return answer.resume().on('end', () => outgoing.end('{}'))
    }
    outgoing.writeHead(answer.statusCode ?? 0, answer.headers)
    return answer.pipe(outgoing)
  })
  onward.on('error', () => incoming.socket.destroy())
  incoming.pipe(onward)
}
