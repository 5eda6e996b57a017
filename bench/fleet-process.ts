// Several sandboxes in one process: each has loaded the bundles for itself, and so has its own memory of secrets, its own sockets and its own Couchbase connection.
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Handler } from '../local/api-gateway/lambda.ts'

export type Errand = { id: number; sandbox: number; file: string; event: APIGatewayProxyEventV2 }

const require = createRequire(import.meta.url)
const loaded = new Map<string, Promise<Handler>>()
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 29_000 } as Parameters<Handler>[1]

/** As a bundle's index.mjs does it, which can be imported but once. */
const load = async (file: string): Promise<Handler> => {
  const { handler } = require(`${dirname(file)}/function.cjs`) as { handler: Handler & { prepare?: () => Promise<void> } }
  await handler.prepare?.()
  return handler
}

const handlerOf = (sandbox: number, file: string) => {
  const key = `${sandbox} ${file}`
  const found = loaded.get(key)
  if (found) return found
  forgetModules()
  const handler = load(file)
  loaded.set(key, handler)
  return handler
}

// The next require runs a bundle anew. An addon stays: it is loaded once in a process.
const forgetModules = () => {
  for (const file of Object.keys(require.cache)) if (file.endsWith('.cjs')) delete require.cache[file]
}

process.on('message', ({ id, sandbox, file, event }: Errand) => {
  handlerOf(sandbox, file).then((handler) => handler(event, context)).then(
    (answer) => process.send?.({ id, answer }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  )
})
