// The signature that a request should have: Signature Version 4, in its own words and not AWS's signer, which it checks.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
import { createHash, createHmac } from 'node:crypto'

export type SignedRequest = {
  method: string
  path: string
  query: string
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>
  body: Buffer
}

export type Scope = { day: string; region: string; service: string }

export const algorithm = 'AWS4-HMAC-SHA256'

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()

/** Hexadecimal. `date` as in X-Amz-Date; the body is hashed here, whatever a header says of it. */
export const signatureOf = (request: SignedRequest, signedHeaders: string[], date: string, { day, region, service }: Scope, secretAccessKey: string) => {
  const elements = [day, region, service, 'aws4_request']
  const key = elements.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
  return hmac(key, [algorithm, date, elements.join('/'), sha256(canonical(request, signedHeaders))].join('\n')).toString('hex')
}

const canonical = ({ method, path, query, headers, body }: SignedRequest, signedHeaders: string[]) => {
  const lines = signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`)
  const pairs = query.split('&').filter(Boolean).map((pair) => (pair.includes('=') ? pair : `${pair}=`))
  return [method, path, pairs.sort().join('&'), lines.join(''), signedHeaders.join(';'), sha256(body)].join('\n')
}
