// One sandbox of Lambda: a process that loads one bundle, with nothing but its environment, and answers events one by one.
type Message = { id: number; event: unknown }

const used = () => ({ asked: [...asked], peakKilobytes: process.resourceUsage().maxRSS })
const asked = new Set<string>()
process.env = new Proxy(process.env, {
  get: (environment, name) => {
    asked.add(String(name))
    return environment[String(name)]
  },
})
const { handler } = (await import(process.argv[2] ?? '')) as { handler: (event: unknown, context: object) => Promise<unknown> }

process.on('message', ({ id, event }: Message) => {
  handler(event, { awsRequestId: String(id), getRemainingTimeInMillis: () => 29_000 }).then(
    (result) => process.send?.({ id, result, ...used() }),
    (error: unknown) => process.send?.({ id, error: String(error), ...used() }),
  )
})
