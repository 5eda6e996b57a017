// What npm run sync-gateway does: shows what it would change in a database, changes it when told to, and tries a session.
import { adminPort, type AdminPort } from './admin-port.ts'
import { changesOf, freshConfig, membersToReplace, weaknesses, type Change, type Config } from './database-config.ts'
import { lineDifference } from './line-difference.ts'
import { problem } from './problem.ts'
import { checkSession } from './session-check.ts'
import { withoutRules } from './sync-function-text.ts'

export type SyncGatewayOrder = {
  adminUrl: string
  publicUrl: string
  login: { username: string; password: string } | undefined
  /** Undefined takes the only database that there is. */
  keyspace: string | undefined
  config: Config
  syncFunction: string
  /** The sync function that comes with Callgate, for comparison. */
  shipped: string
  apply: boolean
  write: (line: string) => void
}

type Found = { config: Config; etag: string | null; syncFunction: string }

/** Throws a sentence for what it will not or cannot do. */
export const syncGatewayCommand = async (order: SyncGatewayOrder) => {
  const { write, apply, syncFunction } = order
  const admin = adminPort(order.adminUrl, order.login)
  const keyspace = order.keyspace ?? (await onlyDatabase(admin))
  const [database = '', ...collection] = keyspace.split('.')
  refuseFunction(syncFunction, order.shipped)
  const found = await find(admin, database, keyspace)
  const changes = changesOf(found?.config ?? {}, order.config)
  show(order, keyspace, found, changes)
  const weak = weaknesses(found?.config ?? {}, changes)
  if (weak.length > 0) throw problem(`Nothing was changed. ${weak.join(' ')}`)
  const isSame = found !== undefined && changes.length === 0 && found.syncFunction === syncFunction
  if (!isSame && !apply) return write('Nothing was changed: repeat this with --apply.')
  if (!isSame) await install(order, admin, { database, keyspace, collection, found, changes })
  await checkSession(admin, order.publicUrl, database)
  return write(`A session made at ${order.adminUrl} opens ${order.publicUrl}/${database}, and nobody gets in without one.`)
}

const onlyDatabase = async (admin: AdminPort) => {
  const names = JSON.parse((await admin('GET', '_all_dbs', { wanted: [200] })).text) as string[]
  if (names.length === 1 && names[0]) return names[0]
  throw problem(names.length === 0 ? 'There is no database yet: name it with --keyspace.' : `There are several databases: name one of ${names.join(', ')} with --keyspace.`)
}

const find = async (admin: AdminPort, database: string, keyspace: string): Promise<Found | undefined> => {
  const { status, text, etag } = await admin('GET', `${database}/_config`, { wanted: [200, 403, 404] })
  if (status !== 200) return (await isListed(admin, database)) ? refuseLogin(database) : undefined
  const { text: syncFunction } = await admin('GET', `${keyspace}/_config/sync`, { wanted: [200] })
  return { config: JSON.parse(text) as Config, etag, syncFunction }
}

// A database that is not there is a 403 to whoever has a login, and so is one that this login may not configure.
const isListed = async (admin: AdminPort, database: string) => {
  const { status, text } = await admin('GET', '_all_dbs', { wanted: [200, 403] })
  return status === 200 && (JSON.parse(text) as string[]).includes(database)
}

const refuseLogin = (database: string) => {
  throw problem(`This login may not configure ${database}: set SYNC_GATEWAY_USERNAME and SYNC_GATEWAY_PASSWORD to one that may.`)
}

const refuseFunction = (text: string, shipped: string) => {
  if (text.trim() === '') throw problem('Nothing was changed. There is no sync function to install, and without one anybody may write anything.')
  if (withoutRules(text) !== withoutRules(shipped)) throw problem("Nothing was changed. This sync function differs from the one that comes with Callgate outside of the app's own rules.")
}

const show = ({ write, syncFunction }: SyncGatewayOrder, keyspace: string, found: Found | undefined, changes: Change[]) => {
  if (!found) return write(`${keyspace}: is not there, and would be made.`)
  write(changes.length === 0 ? `${keyspace}: its configuration is as it should be.` : `${keyspace}: would be changed.`)
  for (const { member, before, after } of changes) write(`  ${member}: ${JSON.stringify(before) ?? 'not set'} -> ${JSON.stringify(after)}`)
  const lines = lineDifference(found.syncFunction, syncFunction)
  write(lines.length === 0 ? `${keyspace}: its sync function is as it should be.` : `${keyspace}: its sync function would be changed.`)
  for (const line of lines) write(`  ${line}`)
}

type Place = { database: string; keyspace: string; collection: string[]; found: Found | undefined; changes: Change[] }

// A database is shut until its function is there, and a configuration that names only what changes never takes a function away.
const install = async ({ config, syncFunction, write }: SyncGatewayOrder, admin: AdminPort, { database, keyspace, collection, found, changes }: Place) => {
  if (!found) await make(admin, database, freshConfig(config, collection))
  else if (changes.length > 0) await admin('POST', `${database}/_config`, { json: Object.fromEntries(changes.map(({ member, after }) => [member, after])), etag: found.etag, wanted: [200, 201] })
  await admin('PUT', `${keyspace}/_config/sync`, { javascript: syncFunction, wanted: [200] })
  const now = await find(admin, database, keyspace)
  if (now?.syncFunction !== syncFunction || changesOf(now.config, config).length > 0) throw problem(`${keyspace} did not take all of it: run this again, and see to what it shows.`)
  write(`${keyspace}: installed.`)
  if (found && found.syncFunction !== syncFunction) write('Documents that are there already follow the new function only after a resync: see sync-gateway/README.md.')
}

const make = async (admin: AdminPort, database: string, config: Config) => {
  const missing = membersToReplace(config)
  if (missing.length > 0) throw problem(`To make ${database}, say what its ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'}: --bucket BUCKET --origins https://APP,…`)
  await admin('PUT', `${database}/`, { json: config, wanted: [201] })
  for (let attempt = 0; attempt < onlineAttempts; attempt += 1) {
    const { text } = await admin('GET', `${database}/`, { wanted: [200, 503] })
    if ((JSON.parse(text) as { state?: string }).state === 'Online') return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw problem(`${database} was made, but is not online after 30 s.`)
}

const onlineAttempts = 120
