// A connection's middleman that counts bytes: what stands behind it is reached by another port, and notices nothing.
import { connect, createServer } from 'node:net'
import { listen } from '../local/server.ts'

/** For an HTTP server at `url`. */
export const countingRelay = async (url: string) => {
  const { port, hostname } = new URL(url)
  let bytes = 0
  const count = (chunk: Buffer) => { bytes += chunk.length }
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    near.on('data', count).pipe(far)
    far.on('data', count).pipe(near)
    near.on('error', () => far.destroy())
    far.on('error', () => near.destroy())
  })
  const running = await listen(server, 0)
  return {
    url: running.url,
    /** Both ways, headers included. */
    bytes: () => bytes,
    close: running.close,
  }
}
