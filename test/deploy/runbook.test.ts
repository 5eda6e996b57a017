// The steps of docs/runbook.md that change data, walked on the local run.
import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { adminPort } from '../../deploy/admin-port.ts'
import type { Config } from '../../deploy/database-config.ts'
import { copyKeyspace } from '../../deploy/keyspace-copy.ts'
import { syncGatewayCommand } from '../../deploy/sync-gateway-command.ts'
import { realClock } from '../../local/clock.ts'
import { app, type App } from '../app.ts'
import { openSdk } from '../couchbase/sdk.ts'
import { world, type World } from '../world.ts'

const root = `${import.meta.dirname}/../..`
const shipped = await readFile(`${root}/sync-gateway/sync-function.js`, 'utf8')
const cors = { origin: ['https://app.example'], login_origin: ['https://app.example'] }
const config = { ...(JSON.parse(await readFile(`${root}/sync-gateway/database.json`, 'utf8')) as Config), cors }

let here: World
let person: App
beforeEach(async () => {
  here = await world({ clock: realClock })
  person = app(here)
})
afterEach(() => here.close())

const admin = () => adminPort(here.places['sync-gateway-admin'], undefined)
const install = (keyspace: string, bucket: string, syncFunction = shipped) =>
  syncGatewayCommand({
    adminUrl: here.places['sync-gateway-admin'], publicUrl: here.places['sync-gateway'], login: undefined, keyspace, config: { ...config, bucket }, syncFunction, shipped, apply: true, write: () => undefined,
  })
const numbers = ['+12025550131', '+12025550132', '+12025550133'] as const
const session = async (number: string) => {
  const { tokens } = await person.signIn(number)
  const { json } = await person.session(tokens.json['access_token'])
  const headers = { cookie: `${String(json['cookie_name'])}=${String(json['session_id'])}`, 'content-type': 'application/json' }
  return { profile: json['profile'], ask: (id: string, init: RequestInit = {}) => fetch(`${String(json['sync_url'])}/${id}`, { headers, ...init }) }
}

describe('moving to another keyspace', () => {
  test('keeps everybody’s account, documents and standing', async () => {
    const [first, second] = [await session(numbers[0]), await session(numbers[1])]
    await first.ask('note', { method: 'PUT', body: JSON.stringify({ owner: first.profile, text: 'kept', _attachments: { a: { data: 'aGk=' } } }) })
    await here.manage({ action: 'disable', user: String(second.profile) })
    await install('moved.app.docs', 'moved')
    const { orders } = await copyKeyspace(admin(), 'notes', 'moved.app.docs')
    expect(orders).toEqual([{ action: 'enable', user: 'u::0001' }, { action: 'disable', user: 'u::0002' }])

    here.environment['SYNC_GATEWAY_KEYSPACE'] = 'moved.app.docs'
    here.restart()
    for (const order of orders) await here.manage(order)
    const again = await session(numbers[0])
    expect(again.profile).toBe(first.profile)
    expect(await (await again.ask('note')).json()).toMatchObject({ text: 'kept' })
    expect(await (await again.ask('note/a')).text()).toBe('hi')
    expect((await person.signIn(numbers[1])).tokens.json).toMatchObject({ error: 'access_denied' })
    expect((await session(numbers[2])).profile).toBe('u::0003')
  }, 30_000)

  test('can be begun again, and refuses to mix two keyspaces', async () => {
    await session(numbers[0])
    await install('moved', 'moved')
    const copy = async () => (await copyKeyspace(admin(), 'notes', 'moved')).documents
    expect(await copy()).toBe(await copy())
    await admin()('PUT', 'moved/other', { json: { text: 'theirs' }, wanted: [201] })
    await admin()('PUT', 'notes/other', { json: { text: 'ours' }, wanted: [201] })
    await expect(copy()).rejects.toThrow('other is in moved already, and differs there.')
  })

  test('keeps the end of what expires', async () => {
    await person.call(numbers[0])
    await install('moved', 'moved')
    await copyKeyspace(admin(), 'notes', 'moved')
    const { rows } = JSON.parse((await admin()('GET', 'moved/_all_docs', { wanted: [200] })).text) as { rows: { id: string }[] }
    const exp = async (database: string) => (JSON.parse((await admin()('GET', `${database}/${encodeURIComponent(rows[0]!.id)}?show_exp=true`, { wanted: [200] })).text) as { _exp?: string })._exp
    expect(rows).toHaveLength(1)
    expect(await exp('moved')).toEqual(expect.any(String))
    expect(await exp('moved')).toBe(await exp('notes'))
  })
})

describe('changing the sync function', () => {
  test('takes effect for new writings at once, and for old documents after a resync', async () => {
    const { profile, ask } = await session(numbers[0])
    const put = (id: string) => ask(id, { method: 'PUT', body: JSON.stringify({ owner: profile, kind: 'secret' }) })
    expect((await put('before')).status).toBe(201)
    await install('notes', 'notes', shipped.replace(/(function appRules\([^)]*\) \{\n)/, "$1    if (doc.kind === 'secret') refuse('Not here.');\n"))
    expect((await put('after')).status).toBe(403)
    expect((await ask('before')).status).toBe(200)
    await admin()('POST', 'notes/_offline', { wanted: [200] })
    await admin()('POST', 'notes/_resync?action=start', { wanted: [200] })
    expect(JSON.parse((await admin()('GET', 'notes/_resync', { wanted: [200] })).text)).toMatchObject({ status: 'completed' })
    await admin()('POST', 'notes/_online', { wanted: [200] })
    expect((await ask('before')).status).toBe(403)
    expect((await ask(String(profile))).status).toBe(200)
  })
})

describe('restoring a backup', () => {
  const keys = { 'phone-pepper': { key: Buffer.alloc(32, 1).toString('base64url') }, 'line-key': { key: Buffer.alloc(32, 2).toString('base64url') } }
  const put = (secrets: Record<string, object>) => {
    for (const [name, value] of Object.entries(secrets)) here.setSecret(name, value)
    here.restart()
  }

  test('with the counter gone makes no number twice', async () => {
    for (const number of numbers) await session(number)
    const { COUCHBASE_URL: url = '', COUCHBASE_BUCKET: bucket = '' } = here.environment
    const { collection, close } = await openSdk({ url, bucket, username: 'callgate', password: 'callgate-local' })
    await collection.remove('counter::u')
    await close()
    // 1, 3 and then 7: each that is taken doubles the step.
    expect((await session('+12025550139')).profile).toBe('u::0007')
    expect((await session(numbers[1])).profile).toBe('u::0002')
  })

  test('with the two keys finds everybody, and with others nobody', async () => {
    put(keys)
    await session(numbers[0])
    put({ ...keys, 'line-key': { key: Buffer.alloc(32, 3).toString('base64url') } })
    expect((await session(numbers[0])).profile).toBe('u::0002')
    put(keys)
    expect((await session(numbers[0])).profile).toBe('u::0001')
  })
})

test('the runbook names each command that there is, and no other', async () => {
  const runbook = await readFile(`${root}/docs/runbook.md`, 'utf8')
  const { scripts } = JSON.parse(await readFile(`${root}/package.json`, 'utf8')) as { scripts: Record<string, string> }
  const named = new Set([...runbook.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!))
  for (const name of named) expect(Object.keys(scripts)).toContain(name)
  expect([...named]).toEqual(expect.arrayContaining(['secrets', 'sync-gateway', 'smoke', 'copy-keyspace']))
})

test('the runbook gives each function that it stopped as many runs at once as serverless.yml', async () => {
  const [runbook, serverless] = await Promise.all(['docs/runbook.md', 'serverless.yml'].map((file) => readFile(`${root}/${file}`, 'utf8')))
  const fuses = new Map([...serverless!.matchAll(/^ {2}([a-z-]+):\n {4}handler[^]*?reservedConcurrency: !If \[HasFuse, (\d+),/gm)].map(([, name = '', fuse = '']) => [name, fuse]))
  const [stopped, started] = ['name', 'fuse'].map((variable) => new RegExp(`for ${variable} in (.*); do`).exec(runbook!)?.[1]?.split(' ') ?? [])
  expect(stopped).toHaveLength(4)
  expect(started).toEqual(stopped?.map((name) => `${name}:${fuses.get(name)}`))
  expect(await readFile(`${root}/README.md`, 'utf8')).toContain(`--reserved-concurrent-executions 0\`, and back with ${fuses.get('start-call')} |`)
})
