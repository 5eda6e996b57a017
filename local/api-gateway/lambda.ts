// One invocation of a function as Lambda makes it: everything passes through JSON, is limited in size, and ends in time.
import { randomUUID } from 'node:crypto'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import type { Clock } from '../clock.ts'

export type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2 | string | undefined>

export type Invocation = { handler: Handler; functionName: string; event: APIGatewayProxyEventV2; timeoutMilliseconds: number; clock: Clock }

/** What came of it: the JSON that the function answered; nothing, because the event was too large; or an error, for its log. */
export type Outcome = { json: string } | { tooLarge: true } | { error: unknown }

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB each way, and the answer's envelope has 100 bytes more.
const limits = { requestBytesMax: 6_291_456, responseBytesMax: 6_291_556, memoryMegabytes: 1_024 } as const

export const invoke = async ({ handler, functionName, event, timeoutMilliseconds, clock }: Invocation): Promise<Outcome> => {
  const sent = JSON.stringify(event)
  if (Buffer.byteLength(sent) > limits.requestBytesMax) return { tooLarge: true }
  const requestId = randomUUID()
  const deadline = clock.now() + timeoutMilliseconds
  const run = async (): Promise<Outcome> => {
    const result = await handler(JSON.parse(sent) as APIGatewayProxyEventV2, context(functionName, requestId, () => Math.max(0, deadline - clock.now())))
    const json = JSON.stringify(result ?? null)
    if (Buffer.byteLength(json) > limits.responseBytesMax) throw new Error(`Response payload size exceeded maximum allowed payload size (${limits.responseBytesMax} bytes).`)
    return { json }
  }
  const late = Promise.withResolvers<Outcome>()
  const cancel = clock.after(timeoutMilliseconds, () => late.resolve({ error: new Error(`${requestId} Task timed out after ${(timeoutMilliseconds / 1_000).toFixed(2)} seconds`) }))
  return Promise.race([run().catch((error: unknown) => ({ error })), late.promise]).finally(cancel)
}

const context = (functionName: string, awsRequestId: string, getRemainingTimeInMillis: () => number): Context => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: `arn:aws:lambda:us-east-1:123456789012:function:${functionName}`,
  memoryLimitInMB: String(limits.memoryMegabytes),
  awsRequestId,
  logGroupName: `/aws/lambda/${functionName}`,
  logStreamName: '2026/01/01/[$LATEST]local',
  getRemainingTimeInMillis,
  done: callbacksAreGone,
  fail: callbacksAreGone,
  succeed: callbacksAreGone,
})

const callbacksAreGone = () => {
  throw new Error('Node.js 24 on Lambda has no callbacks: return a promise.')
}
