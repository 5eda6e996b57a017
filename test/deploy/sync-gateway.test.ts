// npm run sync-gateway: what it shows, what it refuses, and what is there afterwards.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Config } from '../../deploy/database-config.ts'
import { syncGatewayCommand, type SyncGatewayOrder } from '../../deploy/sync-gateway-command.ts'
import { syncGateway } from '../../local/sync-gateway/sync-gateway.ts'

const folder = `${import.meta.dirname}/../../sync-gateway`
const shipped = readFileSync(`${folder}/sync-function.js`, 'utf8')
const config = { ...(JSON.parse(readFileSync(`${folder}/database.json`, 'utf8')) as Config), bucket: 'notes', cors: { origin: ['https://app.example'], login_origin: ['https://app.example'] } }
const login = { username: 'callgate', password: 'a-password' }

let server: Awaited<ReturnType<typeof syncGateway>>
let said: string[]
beforeEach(async () => {
  server = await syncGateway({ adminLogins: [login] })
  said = []
})
afterEach(() => server.close())

const run = (order: Partial<SyncGatewayOrder> = {}) =>
  syncGatewayCommand({ adminUrl: server.adminUrl, publicUrl: server.publicUrl, login, keyspace: 'notes', config, syncFunction: shipped, shipped, apply: true, write: (line) => said.push(line), ...order })

const ask = async (method: string, path: string, body?: string, type = 'application/json') => {
  const headers = { authorization: `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`, ...(body === undefined ? {} : { 'content-type': type }) }
  const answer = await fetch(`${server.adminUrl}/${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
  return { status: answer.status, text: await answer.text() }
}
const found = async () => JSON.parse((await ask('GET', 'notes/_config')).text) as Config
const make = (members: Config) => ask('PUT', 'notes/', JSON.stringify({ bucket: 'notes', num_index_replicas: 0, sync: shipped, ...members }))
const safe = Object.fromEntries(Object.entries(config).filter(([member]) => !['bucket', 'sync', 'num_index_replicas', 'enable_shared_bucket_access'].includes(member)))

describe('a database that is not there', () => {
  test('is announced, then made with the sync function, and a session made there opens the public port', async () => {
    await run({ apply: false })
    expect(said).toEqual(['notes: is not there, and would be made.', 'Nothing was changed: repeat this with --apply.'])
    expect((await ask('GET', 'notes/')).status).toBe(403)
    await run()
    expect(said.slice(2)).toEqual(['notes: is not there, and would be made.', 'notes: installed.', `A session made at ${server.adminUrl} opens ${server.publicUrl}/notes, and nobody gets in without one.`])
    expect((await ask('GET', 'notes/_config/sync')).text).toBe(shipped)
    expect(await found()).toMatchObject({ guest: { disabled: true }, session_cookie_secure: true, disable_password_auth: true, import_docs: true })
  })

  test('can be a named collection', async () => {
    await run({ keyspace: 'notes.app.docs' })
    expect((await ask('GET', 'notes.app.docs/_config/sync')).text).toBe(shipped)
    expect(await found()).toMatchObject({ scopes: { app: { collections: { docs: expect.anything() as unknown } } } })
    said = []
    await run({ keyspace: 'notes.app.docs', apply: false })
    expect(said[0]).toBe('notes.app.docs: its configuration is as it should be.')
  })

  test('is not made as long as its bucket and its pages are not named', async () => {
    const asShipped = JSON.parse(readFileSync(`${folder}/database.json`, 'utf8')) as Config
    await expect(run({ config: asShipped })).rejects.toThrow('To make notes, say what its bucket and cors are: --bucket BUCKET --origins')
    expect((await ask('GET', 'notes/')).status).toBe(403)
  })
})

describe('a database that is there', () => {
  test('with nothing to change is left alone, and tried', async () => {
    await run()
    const before = await found()
    said = []
    await run({ apply: false })
    expect(said).toEqual(['notes: its configuration is as it should be.', 'notes: its sync function is as it should be.', expect.stringContaining('A session made at')])
    expect(await found()).toEqual(before)
    expect(JSON.parse((await ask('GET', 'notes/_user/')).text)).toEqual([])
  })

  test('is shown what would change, member by member and line by line, before anything is', async () => {
    await make({ ...safe, session_cookie_secure: false, javascript_timeout_secs: 9, sync: shipped.replace("// For every document whose id begins with neither u:: nor signin::.", '// Ours.') })
    const before = await found()
    await run({ apply: false })
    expect(said).toEqual([
      'notes: would be changed.', '  javascript_timeout_secs: 9 -> 5', '  session_cookie_secure: false -> true', 'notes: its sync function would be changed.',
      '     //', '  -  // Ours.', '  +  // For every document whose id begins with neither u:: nor signin::.', expect.stringMatching(/^ {3} {2}\/\/ owner is/), '  …', 'Nothing was changed: repeat this with --apply.',
    ])
    expect(await found()).toEqual(before)
  })

  test('gets what it lacks, and keeps what only it has', async () => {
    await make({ guest: { disabled: false }, revs_limit: 100, session_cookie_name: 'OurCookie', sync: 'function (doc) { channel(doc.channels) }' })
    await run()
    expect(await found()).toMatchObject({ guest: { disabled: true }, session_cookie_secure: true, revs_limit: 50, session_cookie_name: 'OurCookie', bucket: 'notes' })
    expect((await ask('GET', 'notes/_config/sync')).text).toBe(shipped)
    expect(said).toContain('Documents that are there already follow the new function only after a resync: see sync-gateway/README.md.')
  })

  test('keeps its origins and its bucket, where none are given', async () => {
    await make({ ...safe, cors: { origin: ['https://theirs.example'] } })
    await run({ config: JSON.parse(readFileSync(`${folder}/database.json`, 'utf8')) as Config })
    expect(await found()).toMatchObject({ bucket: 'notes', cors: { origin: ['https://theirs.example'] } })
  })

  test('is found without being named if it is the only one', async () => {
    await run()
    await run({ keyspace: undefined })
    await ask('PUT', 'other/', JSON.stringify({ bucket: 'other', num_index_replicas: 0 }))
    await expect(run({ keyspace: undefined })).rejects.toThrow('There are several databases: name one of notes, other with --keyspace.')
  })
})

describe('refused, with nothing changed, is', () => {
  test.each<[string, Config, Config, string]>([
    ['a guest', {}, { guest: { disabled: false } }, 'It would let in guests'],
    ['a cookie that goes over plain HTTP', {}, { session_cookie_secure: false }, 'Sessions would not be secure'],
    ['a page that may be anybody’s', {}, { cors: { origin: ['*'] } }, 'Its cors would let in every page.'],
    ['a database that does not import', {}, { import_docs: false }, 'import_docs must be true'],
    ['a password where there was none', { disable_password_auth: true }, { disable_password_auth: false }, 'disable_password_auth is true and would not be any more.'],
    ['a cookie that scripts may read', { session_cookie_http_only: true }, { session_cookie_http_only: false }, 'session_cookie_http_only is true'],
    ['a list of all documents', { disable_public_all_docs: true }, { disable_public_all_docs: false }, 'disable_public_all_docs is true'],
  ])('%s', async (_what, before, wanted, said) => {
    await make({ ...safe, ...before })
    const kept = await found()
    await expect(run({ config: { ...config, ...wanted } })).rejects.toThrow(said)
    expect(await found()).toEqual(kept)
  })

  test.each([
    ['no sync function', ' ', 'There is no sync function to install'],
    ['one without the rules of Callgate', 'function (doc) { channel(doc.channels) }', "outside of the app's own rules"],
    ['one whose rules of Callgate were loosened', shipped.replace('16384', '99999999'), "outside of the app's own rules"],
  ])('%s', async (_what, syncFunction, said) => {
    await make(safe)
    await expect(run({ syncFunction })).rejects.toThrow(said)
    expect((await ask('GET', 'notes/_config/sync')).text).toBe(shipped)
  })

  test("but not one with the app's own rules", async () => {
    await make(safe)
    const ours = shipped.replace('// For every document whose id begins with neither u:: nor signin::.', '// Ours.')
    await run({ syncFunction: ours })
    expect((await ask('GET', 'notes/_config/sync')).text).toBe(ours)
  })
})

describe('a sentence says', () => {
  test('that the login is refused', async () => expect(run({ login: { ...login, password: 'else' } })).rejects.toThrow('The admin port refuses this login'))
  test('that nobody answers', async () => expect(run({ adminUrl: 'http://127.0.0.1:9' })).rejects.toThrow('Nobody answers at http://127.0.0.1:9.'))
  test('that the public port is another server’s', async () => {
    const other = await syncGateway()
    await expect(run({ publicUrl: other.publicUrl })).rejects.toThrow('does not open')
    await other.close()
    expect(JSON.parse((await ask('GET', 'notes/_user/')).text)).toEqual([])
  })
})

test('the command shows, applies, and ends with 1 where it refuses', async () => {
  const command = (...given: string[]) =>
    promisify(execFile)(process.execPath, [`${import.meta.dirname}/../../deploy/sync-gateway.ts`, '--url', server.adminUrl, '--public-url', server.publicUrl, ...given], {
      env: { ...process.env, SYNC_GATEWAY_USERNAME: login.username, SYNC_GATEWAY_PASSWORD: login.password },
    }).catch((error: unknown) => error as { code: number; stdout: string; stderr: string })
  expect(await command()).toMatchObject({ code: 1, stderr: 'There is no database yet: name it with --keyspace.\n' })
  expect(await command('--config', `${folder}/sync-function.js`)).toMatchObject({ code: 1, stderr: expect.stringContaining('sync-function.js is not JSON: ') as unknown })
  expect(await command('--keyspace', 'notes', '--bucket', 'notes', '--origins', 'https://app.example', '--apply')).toMatchObject({ stdout: expect.stringContaining('notes: installed.') as unknown, stderr: '' })
  expect(await command()).toMatchObject({ stdout: expect.stringContaining('as it should be') as unknown, stderr: '' })
}, 30_000)
