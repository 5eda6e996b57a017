// A server in front of another that can hold a request while something else happens.
import { createServer } from 'node:http'
import { listen } from '../local/server.ts'
import { passOn } from './pass-on.ts'

/** Each request waits for what `hold` answers, and then passes. */
export const gate = async (target: string, hold: () => Promise<unknown>) => {
  const server = createServer((incoming, outgoing) => {
    void hold().then(() => passOn(target, incoming, outgoing))
  })
  return listen(server, 0)
}
