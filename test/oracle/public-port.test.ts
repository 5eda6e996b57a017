// A signed-in stranger at Sync Gateway's public port, who knows all that is public and started calls himself: what can he learn of others?
import { createHash, createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { keyed } from '../../shared/digest.ts'
import { app, type App } from '../app.ts'
import { manualClock } from '../manual-clock.ts'
import { world, type World } from '../world.ts'
import { recorder } from './recorder.ts'

const lineKey = Buffer.alloc(32, 7).toString('base64url')
const victim = '+12025550101'
let here: World
let person: App
let record: Awaited<ReturnType<typeof recorder>>
let cookie = ''
/** What he saw of a call to the victim that he asked for, and of the webhooks' URLs. */
let known: { handle: string; secret: string; callId: string }
beforeAll(async () => {
  here = await world({ clock: manualClock(Date.now()) })
  here.setSecret('line-key', { key: lineKey })
  person = app(here)
  record = await recorder(here)
  await person.signIn(victim)
  const { json } = await person.session((await person.signIn('+12025550199')).tokens.json['access_token'])
  cookie = `SyncGatewaySession=${String(json['session_id'])}`
  record.taken()
  const [handle = '', secret = ''] = String((await person.call(victim)).json['auth_req_id']).split('.')
  const placed = new URLSearchParams(record.taken().find(({ system }) => system === 'twilio')?.body)
  known = { handle, secret, callId: new URL(placed.get('StatusCallback') ?? '').searchParams.get('call') ?? '' }
})
afterAll(() => Promise.all([here.close(), record.close()]))

const ask = (path: string, init: RequestInit = {}) => fetch(`${here.places['sync-gateway']}/notes/${path}`, { ...init, headers: { cookie, 'content-type': 'application/json' } })
const status = async (id: string) => (await ask(encodeURIComponent(id))).status
const post = async (path: string, body: object) => (await ask(path, { method: 'POST', body: JSON.stringify(body) })).text()

/** Everything that can be computed of what he knows, by the digests and keys that he may guess. */
const guesses = () => {
  const texts = [known.handle, known.secret, known.callId, `${known.handle}.${known.secret}`, victim, victim.slice(1), victim.slice(2), 'app', here.url, '']
  const keys = ['', 'callgate', here.url, victim, ...texts, Buffer.alloc(32).toString('base64url')]
  const digests = texts.flatMap((text) => [
    text, Buffer.from(text).toString('base64url'), Buffer.from(text, 'base64url').toString('hex'),
    ...['sha256', 'sha1', 'md5'].flatMap((name) => [createHash(name).update(text).digest('base64url'), createHash(name).update(text).digest('hex')]),
    createHash('sha256').update(Buffer.from(text, 'base64url')).digest('base64url'),
    ...keys.flatMap((key) => [keyed(key, text), keyed(Buffer.from(key).toString('base64url'), text), createHmac('sha256', key).update(Buffer.from(text, 'base64url')).digest('base64url')]),
  ])
  return [...new Set(digests)].flatMap((digest) => ['signin::tel::', 'signin::', 'tel::', 'SIGNIN::TEL::', ''].map((prefix) => `${prefix}${digest}`)).filter(Boolean)
}

describe('the document of a line', () => {
  test('is there, and would tell by a 403 that it is', async () => {
    expect(await status(`signin::tel::${keyed(lineKey, known.handle)}`)).toBe(403)
  })

  test('has an id that nothing he knows leads to', async () => {
    const ids = guesses()
    expect(ids.length).toBeGreaterThan(2_000)
    const found = await Promise.all(ids.map(async (id) => [id, await status(id)] as const))
    expect(found.filter(([, code]) => code !== 404)).toEqual([])
  }, 60_000)
})

describe('accounts', () => {
  test('can be counted, because a 403 is for a number that was given out; none of them says whose', async () => {
    expect([await status('signin::u::0001'), await status('u::0001'), await status('signin::u::0003'), await status('u::0003')]).toEqual([403, 403, 404, 404])
  })

  // RevDiff of Sync Gateway's db/crud.go asks nobody's leave: whoever names a document is told which of its revisions could be the ancestor of another.
  test('tell by _revs_diff that they are there and how often they were written, and nothing of what is written', async () => {
    const answer = JSON.parse(await post('_revs_diff', { 'signin::u::0001': ['9-x'], 'signin::u::0003': ['9-x'] })) as Record<string, object>
    expect(answer).toEqual({
      'signin::u::0001': { missing: ['9-x'], possible_ancestors: [expect.stringMatching(/^\d+-[0-9a-f]{32}$/)] },
      'signin::u::0003': { missing: ['9-x'] },
    })
    const { possible_ancestors: [rev] } = answer['signin::u::0001'] as { possible_ancestors: [string] }
    const old = await (await ask(`signin::u::0001?rev=${rev}`)).json() as object
    expect(Object.keys(old).filter((name) => !['_id', '_rev', '_cv', '_removed'].includes(name))).toEqual([])
  })

  test('are not among the changes, the documents, or what is fetched in bulk', async () => {
    const mine = ['u::0002']
    const changes = await (await ask('_changes?style=all_docs')).json() as { results: { id: string }[] }
    expect(changes.results.map(({ id }) => id).filter((id) => !id.startsWith('_user/'))).toEqual(mine)
    const ids = ['signin::u::0001', 'signin::u::0002', 'u::0001', `signin::tel::${keyed(lineKey, known.handle)}`]
    for (const filter of [{ filter: '_doc_ids', doc_ids: ids }, { filter: 'sync_gateway/bychannel', channels: ids.join() }]) {
      expect((JSON.parse(await post('_changes', filter)) as { results: { id: string }[] }).results.map(({ id }) => id).filter((id) => !id.startsWith('_user/'))).toEqual([])
    }
    expect((await ask('_all_docs')).status).toBe(403)
    const bulk = await post('_bulk_get', { docs: [...ids.map((id) => ({ id })), { id: 'u::0002' }] })
    expect(bulk.match(/"error":"forbidden"/g)).toHaveLength(ids.length)
    expect(bulk.match(/"type":"\w+"/g)).toEqual(['"type":"profile"'])
  })

  test('refuse to be written, whether they are there or not', async () => {
    for (const id of ['signin::u::0001', 'signin::u::0003', 'u::0001', 'u::0003', 'signin::tel::x']) {
      const response = await ask(`${encodeURIComponent(id)}?new_edits=false`, { method: 'PUT', body: JSON.stringify({ _rev: '9-abc', _revisions: { start: 9, ids: ['abc'] }, type: 'line' }) })
      expect([id, [403, 409].includes(response.status)]).toEqual([id, true])
    }
  })
})

test('a secret of his own with the handle of somebody else is as unknown as a handle that never was', async () => {
  const polls = await Promise.all([known.handle, 'h'.repeat(43)].map((handle) => person.poll(`${handle}.${'s'.repeat(43)}`)))
  expect(polls.map(({ status: code, text }) => [code, text])).toEqual([0, 1].map(() => [400, expect.stringContaining('invalid_grant')]))
  expect(polls[0]?.text).toBe(polls[1]?.text)
})
