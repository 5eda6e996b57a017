// A Couchbase server of one node with key-value buckets in memory, for the real SDK to connect to.
import { createServer, type Socket } from 'node:net'
import { realClock, type Clock } from '../clock.ts'
import { listen, type Running } from '../server.ts'
import { bucket } from './bucket.ts'
import { collections } from './collections.ts'
import { encodeReply, frameReader, type Reply, type Request } from './frame.ts'
import { loginBook, type Login } from './login.ts'
import { session } from './session.ts'

/**
 * Stands between a request and its answer. `next` does the work and gives the answer; not calling it does nothing.
 * `drop` ends the connection without an answer, `hang` says nothing. `connection` counts from 1.
 */
export type Intercept = (request: { opcode: number; key: string; connection: number }, next: () => Reply) => Reply | 'drop' | 'hang'

export type CouchbaseOptions = {
  /** 0, the default, takes any free one. */
  port?: number
  clock?: Clock
  buckets: readonly string[]
  /** `scope.collection`, in every bucket, beside `_default._default`. */
  collections?: readonly string[]
  logins: readonly Login[]
  /** How many the buckets want of one node that has none: more than 0 makes every durable write impossible. */
  replicas?: number
  intercept?: Intercept
}

/** Every login may use every bucket. The `url` is the connection string. */
export const couchbase = (options: CouchbaseOptions): Promise<Running> => {
  const { port = 0, clock = realClock, replicas = 0, intercept = (_request, next) => next() } = options
  const store = {
    buckets: new Map(options.buckets.map((name) => [name, bucket(clock)])),
    collections: collections(options.collections ?? []),
    logins: loginBook(options.logins),
    replicas,
  }
  let connections = 0
  const server = createServer({ noDelay: true }, (socket) => {
    connections += 1
    const connection = connections
    const { answer, keyOf } = session(store, socket.localPort ?? 0)
    serve(socket, (request) => intercept({ opcode: request.opcode, key: keyOf(request), connection }, () => answer(request)))
  })
  return listen(server, port, 'couchbase')
}

const serve = (socket: Socket, answer: (request: Request) => Reply | 'drop' | 'hang') => {
  const read = frameReader()
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    const { requests, malformed } = read(chunk)
    for (const request of requests) {
      const reply = answer(request)
      if (reply === 'drop') return socket.destroy()
      if (reply === 'hang') continue
      // Who does not read the answers is not asked for more requests.
      if (!socket.write(encodeReply(request, reply)) && !socket.isPaused()) socket.pause().once('drain', () => socket.resume())
    }
    return malformed ? socket.destroySoon() : undefined
  })
}
