// A middleman that counts bytes.
import { createServer } from 'node:net'
import { listen } from '../local/server.ts'
import { relay } from './relay.ts'

/** For an HTTP server at `url`. */
export const countingRelay = async (url: string) => {
  let bytes = 0
  const running = await listen(createServer(relay(url, (piece) => { bytes += piece.length })), 0)
  return {
    url: running.url,
    /** Both ways, headers included. */
    bytes: () => bytes,
    close: running.close,
  }
}
