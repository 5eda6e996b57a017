// One connection to a server, over TCP or TLS, which carries one request after the other.
import net from 'node:net'

/** What is under way on a connection. `over` is told once, with the reason if there is one, and whether anything can have been sent by then. */
export type Exchange = { take: (piece: Buffer) => void; over: (sent: boolean, cause?: Error) => void }

export type ConnectionEvents = {
  /** It carries nothing more, whether or not it was in use. */
  ended: () => void
  /** By which the next connection to the same server shakes hands sooner (RFC 8446 section 2.2). */
  session: (session: Buffer) => void
}

// By the first URL that wants it: it takes 2 ms to load, and a sandbox whose first request asks nobody answers without it.
const secured = () => process.getBuiltinModule('node:tls')

/** Opens at once; `session` is that of an earlier connection to the same server. */
export const connect = (target: URL, session: Buffer | undefined, events: ConnectionEvents) => {
  const secure = target.protocol === 'https:'
  const host = target.hostname.replace(/^\[|\]$/g, '')
  const where = { host, port: Number(target.port) || (secure ? 443 : 80), noDelay: true, keepAlive: true, keepAliveInitialDelay: 1_000 }
  // RFC 6066 section 3: an address is no server name.
  const name = net.isIP(host) ? {} : { servername: host }
  const socket = secure ? secured().connect({ ...where, ...name, ...(session ? { session } : {}), ALPNProtocols: ['http/1.1'] }) : net.connect(where)
  let connected = false
  let exchange: Exchange | undefined

  const over = (cause?: Error) => {
    const ended = exchange
    exchange = undefined
    events.ended()
    ended?.over(connected, cause)
  }
  // What is destroyed is closed a little later, and must not be taken for another request until then.
  const discard = () => {
    events.ended()
    socket.destroy()
  }
  socket.once(secure ? 'secureConnect' : 'connect', () => {
    connected = true
  })
  socket.on('session', events.session)
  socket.on('data', (piece) => {
    // Nobody asked: whatever comes next could not be told from the answer to another question.
    if (exchange) exchange.take(piece)
    else discard()
  })
  socket.on('timeout', discard)
  // Before its close, which waits until all that was written has gone.
  socket.on('end', () => over())
  socket.on('error', over)
  socket.on('close', () => over())

  return {
    /** Only where nothing is under way. Whoever sends has a timer, which keeps the process alive meanwhile. */
    send: (text: string, next: Exchange) => {
      exchange = next
      socket.setTimeout(0)
      socket.write(text)
    },
    /** After a whole reply: keeps the connection for so many milliseconds, in which it keeps no process alive. Answers whether it can be kept. */
    rest: (milliseconds: number) => {
      exchange = undefined
      // A reply that came before all of the request had gone leaves the rest of it to the next.
      if (milliseconds <= 0 || !socket.writable || socket.writableLength > 0) {
        socket.destroy()
        return false
      }
      socket.setTimeout(milliseconds)
      socket.unref()
      return true
    },
    /** Ends it, and what is under way with this reason. */
    destroy: (cause: Error) => socket.destroy(cause),
  }
}

export type Connection = ReturnType<typeof connect>
