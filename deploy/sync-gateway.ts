// npm run sync-gateway: installs or updates the database and its sync function, after it has shown what would change.
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Config } from './database-config.ts'
import { problem, sentence } from './problem.ts'
import { syncGatewayCommand } from './sync-gateway-command.ts'

const usage = `npm run sync-gateway -- --url http://HOST:4985   shows what would change; with --apply it changes it
  --public-url URL      if not given, port 4984 of the same host
  --keyspace DB         or DB.SCOPE.COLLECTION; if not given, the only database
  --bucket BUCKET --origins https://APP,…   for a new database; origins also for one that is there
  --config FILE --function FILE             if not given, those in sync-gateway/
The login is SYNC_GATEWAY_USERNAME and SYNC_GATEWAY_PASSWORD in the environment.`

const shippedFolder = `${import.meta.dirname}/../sync-gateway`

const run = async () => {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' }, 'public-url': { type: 'string' }, keyspace: { type: 'string' }, bucket: { type: 'string' }, origins: { type: 'string' },
      config: { type: 'string', default: `${shippedFolder}/database.json` }, function: { type: 'string', default: `${shippedFolder}/sync-function.js` }, apply: { type: 'boolean', default: false },
    },
  })
  const adminUrl = values.url && URL.canParse(values.url) ? values.url.replace(/\/+$/, '') : undefined
  if (!adminUrl) throw problem(`Name the admin port.\n${usage}`)
  const { SYNC_GATEWAY_USERNAME: username, SYNC_GATEWAY_PASSWORD: password } = process.env
  const config = parsed(await readFile(values.config, 'utf8'), values.config)
  await syncGatewayCommand({
    adminUrl,
    publicUrl: (values['public-url'] ?? withPort(adminUrl, '4984')).replace(/\/+$/, ''),
    login: username !== undefined && password !== undefined ? { username, password } : undefined,
    keyspace: values.keyspace,
    config: filledIn(config, values.bucket, values.origins?.split(',').map((origin) => origin.trim())),
    syncFunction: await readFile(values.function, 'utf8'),
    shipped: await readFile(`${shippedFolder}/sync-function.js`, 'utf8'),
    apply: values.apply,
    write: (line) => console.log(line),
  })
}

const parsed = (text: string, file: string) => {
  try {
    return JSON.parse(text) as Config
  } catch (cause) {
    throw problem(`${file} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
}

const withPort = (url: string, port: string) => {
  const changed = new URL(url)
  changed.port = port
  return changed.href
}

const filledIn = (config: Config, bucket: string | undefined, origins: string[] | undefined): Config => ({
  ...config,
  ...(bucket === undefined ? {} : { bucket }),
  ...(origins === undefined ? {} : { cors: { ...(config['cors'] as object | undefined), origin: origins, login_origin: origins } }),
})

await run().catch((error: unknown) => {
  console.error(sentence(error))
  process.exitCode = 1
})
