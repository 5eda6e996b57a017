// npm run copy-keyspace: copies a keyspace into another one, and tells the orders that make everybody a user there.
import { parseArgs } from 'node:util'
import { adminPort } from './admin-port.ts'
import { copyKeyspace } from './keyspace-copy.ts'
import { problem, sentence } from './problem.ts'

const usage = `npm run copy-keyspace -- --url http://HOST:4985 --from DB --to DB.SCOPE.COLLECTION > orders
The orders, one a line, are for manage-accounts. The login is SYNC_GATEWAY_USERNAME and SYNC_GATEWAY_PASSWORD in the environment.`

const run = async () => {
  const { values } = parseArgs({ options: { url: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } } })
  const { SYNC_GATEWAY_USERNAME: username, SYNC_GATEWAY_PASSWORD: password } = process.env
  if (!values.url || !URL.canParse(values.url) || !values.from || !values.to) throw problem(usage)
  const admin = adminPort(values.url.replace(/\/+$/, ''), username !== undefined && password !== undefined ? { username, password } : undefined)
  const { documents, orders } = await copyKeyspace(admin, values.from, values.to)
  for (const order of orders) console.log(JSON.stringify(order))
  console.error(`${documents} documents copied, ${orders.length} accounts among them.`)
}

await run().catch((error: unknown) => {
  console.error(sentence(error))
  process.exitCode = 1
})
