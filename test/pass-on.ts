// Passes a request on to the server behind, and its answer back. Where that server breaks off, so does this one.
import { request as forward, type IncomingMessage, type ServerResponse } from 'node:http'

export const passOn = (target: string, incoming: IncomingMessage, outgoing: ServerResponse) => {
  const { method, headers, url } = incoming
  const onward = forward(`${target}${url ?? ''}`, { ...(method ? { method } : {}), headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 0, answer.headers)
    answer.pipe(outgoing)
  })
  onward.on('error', () => incoming.socket.destroy())
  incoming.pipe(onward)
}
