// TLS in front of a server that speaks none, by a certificate for localhost that nobody should trust anywhere else.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:tls'
import { listen } from '../local/server.ts'
import { relay } from './relay.ts'

const folder = `${import.meta.dirname}/../local/tls`

/** For an HTTP server at `url`. `authority` is the file that NODE_EXTRA_CA_CERTS must name to whoever comes by it. */
export const tlsFront = async (url: string) => {
  const [key, cert] = await Promise.all(['key', 'certificate'].map((name) => readFile(`${folder}/${name}.pem`)))
  // Without delay, or an answer would wait 40 ms for the acknowledgement of the session tickets before it.
  const running = await listen(createServer({ key, cert, noDelay: true }, relay(url)), 0)
  return { url: `https://localhost:${running.port}`, authority: `${folder}/certificate.pem`, close: running.close }
}
