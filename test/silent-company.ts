// A phone company that takes every call and never rings, or refuses it: what is left of a call whose webhooks do not come.
import { createServer } from 'node:http'
import { listen } from '../local/server.ts'

type Answer = { status: number; body: object }

export const silentCompany = async (answer: () => Answer = () => ({ status: 201, body: { sid: 'CA0' } })) => {
  let calls = 0
  const running = await listen(createServer((request, response) => {
    calls += 1
    request.resume().on('end', () => {
      const { status, body } = answer()
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  }), 0)
  return { ...running, calls: () => calls }
}
