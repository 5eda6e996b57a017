// A sandbox that stays: loads one bundle, and runs blocks of events through it, one after the other as Lambda does. Started with --expose-gc.
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { Block, BlockCost } from './warm-sandbox.ts'

type Handler = (event: APIGatewayProxyEventV2, context: object) => Promise<APIGatewayProxyStructuredResultV2>

const { handler } = (await import(process.argv[2] ?? '')) as { handler: Handler }
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 29_000 }

const run = async ({ events, times }: Block): Promise<BlockCost> => {
  let requests = 0
  const begun = process.cpuUsage()
  for (let time = 0; time < times; time++) {
    for (const event of events) {
      const { statusCode, body } = await handler(event, context)
      if (statusCode !== 200) throw new Error(`${statusCode}: ${body}`)
      requests++
    }
  }
  const { user, system } = process.cpuUsage(begun)
  globalThis.gc?.()
  return { cpuMilliseconds: (user + system) / 1_000 / requests, heapBytes: process.memoryUsage().heapUsed, residentBytes: process.memoryUsage().rss }
}

process.on('message', (block: Block) => {
  run(block).then(
    (cost) => process.send?.({ cost }),
    (error: unknown) => process.send?.({ error: String(error) }),
  )
})
