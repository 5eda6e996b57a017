// Stands before the admin port: lets something happen before a request gets through, and tells when a long poll waits behind it.
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from '../local/server.ts'
import type { World } from './world.ts'

export type Asked = { method: string; path: string; port: number }

export const isRead = ({ path }: Asked) => path.includes('filter=_doc_ids')
export const isLongPoll = ({ path }: Asked) => path.includes('feed=longpoll')

/** From now on the functions of this world ask through it. */
export const longPolls = async (world: Pick<World, 'environment' | 'restart'>) => {
  const target = world.environment['SYNC_GATEWAY_ADMIN_URL'] ?? ''
  const asked: Asked[] = []
  const waiting: (() => void)[] = []
  const acts: { when: (asked: Asked) => boolean; act: () => Promise<unknown> }[] = []

  const actBefore = async (request: Asked) => {
    const at = acts.findIndex(({ when }) => when(request))
    if (at >= 0) await acts.splice(at, 1)[0]?.act()
  }
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const request = { method: incoming.method ?? '', path: incoming.url ?? '', port: incoming.socket.remotePort ?? 0 }
    asked.push(request)
    await actBefore(request)
    const onward = forward(`${target}${request.path}`, { method: request.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers)
      answer.pipe(outgoing)
      // Sync Gateway begins its answer when it begins to wait.
      if (isLongPoll(request)) waiting.shift()?.()
    })
    onward.on('error', () => incoming.socket.destroy())
    incoming.pipe(onward)
  }
  const running = await listen(createServer((incoming, outgoing) => void pass(incoming, outgoing)), 0)
  world.environment['SYNC_GATEWAY_ADMIN_URL'] = running.url
  world.restart()

  return {
    close: running.close,
    /** What was asked since this was called last. */
    taken: () => asked.splice(0),
    /** The next such request gets through when this is done. */
    before: (when: (asked: Asked) => boolean, act: () => Promise<unknown>) => void acts.push({ when, act }),
    /** Resolves when so many more long polls wait. */
    waits: (count = 1) => Promise.all(Array.from({ length: count }, () => new Promise<void>((resolve) => waiting.push(resolve)))),
  }
}

export type LongPolls = Awaited<ReturnType<typeof longPolls>>
