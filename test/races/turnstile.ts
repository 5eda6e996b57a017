// A turnstile in front of a server: every actor has an entrance of his own, and a schedule says whose request goes through next.
import { Agent, createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { listen } from '../../local/server.ts'

/** A request that went through, and how it was answered. */
export type Passed = { actor: number; method: string; path: string; body: string; status: number; answer: string }
export type Actor = () => Promise<unknown>
type Waiting = { label: string; pass: () => void }

export const turnstile = async (target: string) => {
  const agent = new Agent({ keepAlive: true })
  const waiting = new Map<number, Waiting>()
  let passed: Passed[] = []
  let changed = () => {}

  /** Resolves when it is this actor's turn. */
  const turn = (actor: number, label: string) =>
    new Promise<void>((resolve) => {
      waiting.set(actor, { label, pass: resolve })
      changed()
    })

  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing)
  })
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const [, entrance = '', path = ''] = /^\/actor-(\d+)(\/.*)$/s.exec(incoming.url ?? '') ?? []
    const [actor, method] = [Number(entrance), incoming.method ?? '']
    const body = await text(incoming)
    await turn(actor, `${method} ${path}`)
    const onward = forward(`${target}${path}`, { method, agent, headers: incoming.headers }, (answer) => {
      void text(answer).then((said) => {
        passed.push({ actor, method, path, body, status: answer.statusCode ?? 0, answer: said })
        outgoing.writeHead(answer.statusCode ?? 0, answer.headers).end(said)
      })
    })
    onward.on('error', () => incoming.socket.destroy())
    onward.end(body)
  }
  const running = await listen(server, 0)

  /** Until every actor waits at the turnstile or has come to his end. */
  const atRest = (actors: number, ended: Set<number>) =>
    new Promise<void>((resolve) => {
      changed = () => {
        if (waiting.size + ended.size === actors) resolve()
      }
      changed()
    })

  return {
    entrance: (actor: number) => `${running.url}/actor-${actor}`,
    turn,

    /**
     * Runs all actors, one request at a time: of those who wait, `choose` says who goes next. The same actors and choices give the same schedule again.
     * Answers the requests in the order in which they were done, and the schedule in words. Rejects as an actor does.
     */
    run: async (actors: Actor[], choose: (waiting: number[], step: number) => number | undefined) => {
      passed = []
      const [schedule, ended] = [[] as string[], new Set<number>()]
      const ends = Promise.all(actors.map((act, actor) => turn(actor, 'begins').then(act).finally(() => {
        ended.add(actor)
        changed()
      })))
      ends.catch(() => {}) // Awaited below; until then nobody is to call it unhandled.
      for (let step = 0; ; step++) {
        await atRest(actors.length, ended)
        const next = choose([...waiting.keys()].sort((a, b) => a - b), step)
        if (next === undefined) break
        const { label, pass } = waiting.get(next)!
        waiting.delete(next)
        schedule.push(`${next} ${label}`)
        pass()
      }
      await ends
      return { passed, schedule }
    },

    close: async () => {
      agent.destroy()
      await running.close()
    },
  }
}

export type Turnstile = Awaited<ReturnType<typeof turnstile>>
