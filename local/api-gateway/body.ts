// A request's body, up to what API Gateway takes.
import type { IncomingMessage } from 'node:http'

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const bytesMax = 10_485_760

/**
 * Undefined when it is too large; the rest is still read, because a client that is cut off while it sends never sees the
 * answer. Rejects when the request breaks off.
 */
export const bodyOf = (request: IncomingMessage) =>
  new Promise<Buffer | undefined>((resolve, reject) => {
    let chunks: Buffer[] = []
    let bytes = 0
    const tooLarge = () => {
      chunks = []
      resolve(undefined)
    }
    if (Number(request.headers['content-length'] ?? 0) > bytesMax) tooLarge()
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > bytesMax) tooLarge()
      else chunks.push(chunk)
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', reject)
  })
