// What is sent for secrets is signed as AWS's own client would sign it.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { expect, test } from '@jest/globals'
import { listen } from '../../local/server.ts'
import { shapesOf } from '../../shared/secret-shapes.ts'
import { secrets } from '../../shared/secrets.ts'
import { credentials, sdk } from '../secrets-manager/sdk.ts'

const now = Date.parse('2026-11-24T12:00:00Z')

test.each([['with a session token', credentials], ['without one', { ...credentials, sessionToken: '' }]])("the signature %s is the one of AWS's client", async (_what, given) => {
  const seen: { headers: IncomingHttpHeaders; body: string }[] = []
  const server = createServer((request, response) => {
    request.on('data', (body: Buffer) => seen.push({ headers: request.headers, body: body.toString() }))
    request.on('end', () => response.end(JSON.stringify({ Name: 'p/line-key', SecretString: JSON.stringify({ key: 'A'.repeat(43) }) })))
  })
  const { url, close } = await listen(server, 0)
  await secrets({ prefix: 'p', endpoint: url, region: 'eu-west-3', credentials: () => given, now: () => now }, shapesOf('line-key')).read(new AbortController().signal)
  await close()
  const [{ headers, body } = { headers: {}, body: '' }] = seen
  const sent = { host: headers.host!, 'content-type': headers['content-type']!, 'x-amz-target': String(headers['x-amz-target']) }

  const client = sdk(url, given, 'eu-west-3')
  const signer = await client.config.signer()
  const theirs = await signer.sign(
    { method: 'POST', protocol: 'http:', hostname: '127.0.0.1', path: '/', query: {}, headers: sent, body },
    // Their client adds this header to what it signs; the service does not need it.
    { signingDate: new Date(now), unsignableHeaders: new Set(['x-amz-content-sha256']) },
  )
  client.destroy()
  expect(headers['authorization']).toContain('SignedHeaders=content-type;host;x-amz-date')
  expect(headers['authorization']).toBe(theirs.headers['authorization'])
  expect(headers['x-amz-security-token']).toBe(given.sessionToken || undefined)
})
