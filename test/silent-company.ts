// A phone company that takes every call and never rings: what is left of a call whose webhooks do not come.
import { createServer } from 'node:http'
import { listen } from '../local/server.ts'

export const silentCompany = () =>
  listen(createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(201, { 'content-type': 'application/json' }).end('{"sid":"CA0"}'))
  }), 0)
