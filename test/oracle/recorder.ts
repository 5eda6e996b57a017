// Stands before each system that the functions ask, passes everything on, and writes down what was asked.
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { listen } from '../../local/server.ts'
import type { World } from '../world.ts'

export type Asked = { system: string; method: string; path: string; body: string }

const systems = { SYNC_GATEWAY_ADMIN_URL: 'sync-gateway', TWILIO_API_URL: 'twilio', AWS_ENDPOINT_URL_SECRETS_MANAGER: 'secrets-manager' } as const

/** From now on the functions of this world ask through it. */
export const recorder = async (world: World) => {
  const asked: Asked[] = []
  const doors = await Promise.all(Object.entries(systems).map(async ([variable, system]) => {
    const target = world.environment[variable] ?? ''
    const door = await listen(createServer((incoming, outgoing) => void pass(target, incoming, outgoing, (body) => {
      asked.push({ system, method: incoming.method ?? '', path: incoming.url ?? '', body })
    })), 0)
    world.environment[variable] = door.url
    return door
  }))
  world.restart()
  return {
    /** What was asked since this was called last. */
    taken: () => asked.splice(0),
    close: () => Promise.all(doors.map((door) => door.close())),
  }
}

const pass = async (target: string, incoming: IncomingMessage, outgoing: ServerResponse, note: (body: string) => void) => {
  const body = await buffer(incoming)
  note(body.toString())
  const { method = '', headers, url = '' } = incoming
  forward(`${target}${url}`, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 0, answer.headers)
    answer.pipe(outgoing)
  }).on('error', () => incoming.socket.destroy()).end(body)
}
