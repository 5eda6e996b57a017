// What every local server shares: it listens on 127.0.0.1 only, a taken port is a clear error, and closing it ends its connections.
import type { AddressInfo, Server } from 'node:net'

export type Running = { url: string; port: number; close: () => Promise<void> }

export class PortTaken extends Error {
  override readonly name = 'PortTaken'
  readonly port: number
  constructor(port: number, cause: unknown) {
    super(`Port ${port} is taken: stop what uses it, or choose another.`, { cause })
    this.port = port
  }
}

// More than come at once: beyond it, Linux has connections wait, and in the end resets them. Node's own is 511.
const waitingMax = 4_096

/** Port 0 takes any free one. Rejects with PortTaken when somebody else has it. */
export const listen = (server: Server, port: number, scheme = 'http'): Promise<Running> =>
  new Promise((resolve, reject) => {
    const sockets = new Set<{ destroy: () => unknown }>()
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(cause.code === 'EADDRINUSE' ? new PortTaken(port, cause) : cause)
    })
    server.listen({ port, host: '127.0.0.1', backlog: waitingMax }, () => {
      const { port: actual } = server.address() as AddressInfo
      const close = () =>
        new Promise<void>((done) => {
          server.close(() => done())
          for (const socket of sockets) socket.destroy()
        })
      resolve({ url: `${scheme}://127.0.0.1:${actual}`, port: actual, close })
    })
  })
