// A connection's middleman: what stands behind it is reached by another port, and notices nothing.
import { connect, type Socket } from 'node:net'

/** Takes connections for a server at `url`; `heard` is told of every piece, both ways. */
export const relay = (url: string, heard?: (piece: Buffer) => void) => {
  const { port, hostname } = new URL(url)
  return (near: Socket) => {
    const far = connect({ port: Number(port), host: hostname, noDelay: true })
    if (heard) for (const side of [near, far]) side.on('data', heard)
    near.pipe(far).pipe(near)
    near.on('error', () => far.destroy())
    far.on('error', () => near.destroy())
  }
}
