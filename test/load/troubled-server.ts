// A server in front of another, that can be slow, say nothing, or be down, and knows how much hangs on it.
import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { listen, type Running } from '../../local/server.ts'
import { passOn } from '../pass-on.ts'

type Mood = 'well' | 'slow' | 'silent'

const slowMilliseconds = 1_000

export const troubledServer = async (target: string) => {
  let mood: Mood = 'well'
  const open = { requests: 0, sockets: 0 }
  const most = { ...open }
  const quiet = new EventEmitter()
  const count = (what: keyof typeof open, closes: { once: (event: 'close', run: () => void) => unknown }) => {
    open[what] += 1
    most[what] = Math.max(most[what], open[what])
    closes.once('close', () => {
      open[what] -= 1
      if (open.requests === 0) quiet.emit('quiet')
    })
  }

  const start = (port: number): Promise<Running> => {
    const server = createServer((incoming, outgoing) => {
      count('requests', outgoing)
      if (mood === 'well') passOn(target, incoming, outgoing)
      if (mood === 'slow') void delay(slowMilliseconds).then(() => passOn(target, incoming, outgoing))
    })
    server.on('connection', (socket) => count('sockets', socket))
    return listen(server, port)
  }

  let running = await start(0)
  const { url, port } = running
  return {
    url,
    be: (next: Mood) => { mood = next },
    /** Nobody listens until `up`. */
    down: () => running.close(),
    up: async () => { running = await start(port) },
    /** Resolves when no request waits for an answer. */
    quiet: async () => { if (open.requests > 0) await once(quiet, 'quiet') },
    /** The most requests and sockets that were open at once since the last time this was asked. */
    most: () => {
      const were = { ...most }
      Object.assign(most, open)
      return were
    },
    close: () => running.close(),
  }
}
