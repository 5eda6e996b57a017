// A server in front of another that can hold a request while something else happens.
import { createServer, request as forward } from 'node:http'
import { listen } from '../local/server.ts'

/** Each request waits for what `hold` answers, and then passes. */
export const gate = async (target: string, hold: () => Promise<unknown>) => {
  const server = createServer((incoming, outgoing) => {
    void hold().then(() => {
      const { method, headers, url } = incoming
      const onward = forward(`${target}${url ?? ''}`, { ...(method ? { method } : {}), headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 0, answer.headers)
        answer.pipe(outgoing)
      })
      onward.on('error', () => incoming.socket.destroy())
      incoming.pipe(onward)
    })
  })
  return listen(server, 0)
}
