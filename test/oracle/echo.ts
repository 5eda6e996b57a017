// A server that answers with what it was asked: headers, credentials and all. What an upstream says in its trouble must not land in a log either.
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { listen } from '../../local/server.ts'

/** With a text in place of that, it answers the text, which a parser would quote. */
export const echo = (status: number, instead?: string) =>
  listen(createServer((request, response) => {
    void text(request).then((body) => {
      const said = { ...request.headers, url: request.url, body, reason: body, message: body, __type: body, code: 21_211, _rev: body, type: body }
      response.writeHead(status, { 'content-type': 'application/json' }).end(instead ?? JSON.stringify(said))
    })
  }), 0)
