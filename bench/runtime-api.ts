// Lambda's Runtime API for one sandbox and one event. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from '../local/server.ts'

const invocationSeconds = 29

/** `host` is what a sandbox finds in AWS_LAMBDA_RUNTIME_API; `answer` rejects with what the sandbox reports as its error. It gets its event after `started`. */
export const runtimeApi = async (event: unknown, started: () => Promise<void>) => {
  const { promise: answer, resolve, reject } = Promise.withResolvers<string>()
  let asked = 0
  const server = createServer((request, response) => {
    const { url = '' } = request
    // The second `next` waits for ever, as in a sandbox that nobody calls.
    if (url.endsWith('/invocation/next')) {
      if (++asked === 1) void started().then(() => give(response, event), reject)
      return
    }
    void bodyOf(request).then((body) => {
      if (url.endsWith('/response')) resolve(body)
      else reject(new Error(`The sandbox failed: ${body}`))
      response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}')
    }, reject)
  })
  const { url, close } = await listen(server, 0)
  return { host: url.replace('http://', ''), answer, close }
}

const give = (response: ServerResponse, event: unknown) => {
  const requestId = randomUUID()
  response.writeHead(200, {
    'content-type': 'application/json',
    'lambda-runtime-aws-request-id': requestId,
    'lambda-runtime-deadline-ms': String(Date.now() + invocationSeconds * 1_000),
    'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:123456789012:function:bench',
    'lambda-runtime-trace-id': `Root=1-00000000-${requestId.replaceAll('-', '').slice(0, 24)}`,
  })
  response.end(JSON.stringify(event))
}

const bodyOf = async (request: IncomingMessage) => {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
