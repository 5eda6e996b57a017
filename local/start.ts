// npm start: builds the functions and runs them with everything around them on this machine, until Ctrl-C.
import { build } from '../build.ts'
import { apiGateway, type Route } from './api-gateway/api-gateway.ts'
import { pages } from './pages.ts'
import { readCors, readRoutes } from './routes.ts'
import { PortTaken } from './server.ts'
import { surroundings } from './surroundings.ts'

const standardPorts = {
  PORT: 8080,
  SYNC_GATEWAY_PUBLIC_PORT: 4984,
  SYNC_GATEWAY_ADMIN_PORT: 4985,
  COUCHBASE_PORT: 11_210,
  TWILIO_PORT: 8081,
  SECRETS_MANAGER_PORT: 8082,
}
type PortName = keyof typeof standardPorts

const port = (name: PortName) => {
  const text = process.env[name] ?? String(standardPorts[name])
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535) return Number(text)
  throw new Error(`${name} must be a port number.`)
}

// A person must have the time that a real voice would leave to find the digits. What follows the keys is over at once, and the phone is free again.
const voiceMillisecondsPerCharacter = 60

const start = async () => {
  await build()
  const mainPort = port('PORT')
  const issuer = `http://localhost:${mainPort}`
  const around = await surroundings({
    issuer,
    given: process.env,
    sayMilliseconds: (text, listening) => (listening ? text.length * voiceMillisecondsPerCharacter : 0),
    ports: {
      syncGatewayPublic: port('SYNC_GATEWAY_PUBLIC_PORT'),
      syncGatewayAdmin: port('SYNC_GATEWAY_ADMIN_PORT'),
      couchbase: port('COUCHBASE_PORT'),
      twilio: port('TWILIO_PORT'),
      secretsManager: port('SECRETS_MANAGER_PORT'),
    },
  })
  // As Lambda does: a function finds its settings in its environment, before its first line runs.
  Object.assign(process.env, around.environment)
  const origins = process.env['ORIGINS']?.split(',').map((origin) => origin.trim()) ?? [issuer]
  const front = await apiGateway({ port: mainPort, routes: await builtRoutes(), cors: await readCors(origins), pages: await pages(around.places) }).catch(async (error: unknown) => {
    await around.close()
    throw error
  })
  const stop = () => {
    void Promise.all([front.close(), around.close()]).then(() => process.exit(0))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  for (const [name, url] of Object.entries({ callgate: issuer, ...around.places })) console.log(`${name} ${url}`)
  console.log('ready')
}

/** As in Lambda, a function starts when it is first asked. */
const builtRoutes = async (): Promise<Route[]> => {
  const load = (name: string) => import(`../.build/${name}/index.mjs`) as Promise<{ handler: Route['handler'] }>
  return (await readRoutes()).map((route) => ({ ...route, handler: async (event, context) => (await load(route.functionName)).handler(event, context) }))
}

await start().catch((error: unknown) => {
  const taken = error instanceof PortTaken ? (Object.keys(standardPorts) as PortName[]).find((name) => port(name) === error.port) : undefined
  console.error(error instanceof Error ? error.message : error, ...(taken ? [`${taken} says which.`] : []))
  process.exit(1)
})
