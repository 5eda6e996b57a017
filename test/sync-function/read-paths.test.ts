// Every road out of the database: whoever is not the owner learns nothing of what is written, by no request that Sync Gateway has.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { at, erase, gateway, seed } from './database.ts'
import type { Answer, Caller, Database, Writer } from './database.ts'

let sync: Awaited<ReturnType<typeof gateway>>
let database: Database
let revisions: string[]

// Each holds this word in every revision, and in its attachment.
const secret = 'OLEANDER'
const attached = Buffer.from(secret).toString('base64')
const ids = ['note', 'gone', 'u::0001', 'signin::u::0001', 'signin::tel::x']

beforeAll(async () => {
  sync = await gateway()
  database = await sync.open()
  const first: string[] = []
  const file = { _attachments: { file: { data: attached, content_type: 'text/plain' } } }
  for (const id of ids) {
    const body = id.includes('::') ? { type: 'profile', createdAt: 1, secret } : { owner: 'u::0001', secret }
    first.push(await seed(database, id, body), await seed(database, id, { ...body, secret: `${secret} again`, ...file }))
  }
  await erase(database, 'gone')
  revisions = first
})
afterAll(() => sync.close())

const json = (value: unknown) => encodeURIComponent(JSON.stringify(value))
const pairs = () => ids.flatMap((id, index) => [0, 1].map((nth) => ({ id, rev: revisions[index * 2 + nth] ?? '' })))
const changes = (caller: Caller, body: object) => caller('POST', '/_changes', { include_docs: true, style: 'all_docs', ...body })
const channels = 'u::0001,signin::u::0001,signin::tel::x,*'

const roads: [string, (caller: Caller) => Promise<Answer[]>][] = [
  ['GET', (caller) => Promise.all(ids.map((id) => caller('GET', `${at(id)}?attachments=true&revs=true`)))],
  ['GET of an old revision', (caller) => Promise.all(pairs().map(({ id, rev }) => caller('GET', `${at(id, rev)}&attachments=true`)))],
  ['open_revs', (caller) => Promise.all(pairs().flatMap(({ id, rev }) => ['all', json([rev])].map((open) => caller('GET', `${at(id)}?open_revs=${open}`))))],
  ['an attachment', (caller) => Promise.all(pairs().flatMap(({ id, rev }) => ['', `?rev=${rev}`, '?meta=true'].map((query) => caller('GET', `${at(id)}/file${query}`, undefined, '*/*'))))],
  ['_all_docs', async (caller) => [await caller('GET', '/_all_docs?include_docs=true&channels=true&access=true'), await caller('POST', '/_all_docs?include_docs=true', { keys: ids }), await caller('GET', `/_all_docs?include_docs=true&keys=${json(ids)}`)]],
  ['_changes', async (caller) => [await changes(caller, {}), await changes(caller, { feed: 'longpoll', since: 0, timeout: 1 }), await changes(caller, { filter: 'sync_gateway/bychannel', channels }), await changes(caller, { filter: '_doc_ids', doc_ids: ids })]],
  ['_bulk_get', async (caller) => [await caller('POST', '/_bulk_get?attachments=true&revs=true', { docs: [...ids.map((id) => ({ id })), ...pairs()] }, 'multipart/mixed')]],
  ['_revs_diff', async (caller) => [await caller('POST', '/_revs_diff', Object.fromEntries(ids.map((id) => [id, ['9-x']])))]],
  ['what administrators may ask', (caller) => Promise.all(ids.flatMap((id) => [`/_raw${at(id)}`, `/_revtree${at(id)}`]).map((path) => caller('GET', path)))],
]

const seen = (answers: Answer[]) => {
  const text = JSON.stringify(answers)
  return text.includes(secret) || text.includes(attached)
}

describe.each(roads)('%s', (road, take) => {
  test.each<Exclude<Writer, 'server' | 'owner'>>(['other', 'visitor'])('tells the %s nothing of what is written', async (reader) => {
    const answers = await take(database[reader])
    expect(seen(answers)).toBe(false)
    expect(answers.filter(({ status }) => status >= 500)).toEqual([])
  })

  test('tells nobody who is not signed in', async () => {
    expect([...new Set((await take(database.guest)).map(({ status }) => status))]).toEqual([road === 'what administrators may ask' ? 404 : 401])
  })

  // Or the others were told nothing because there is nothing to tell.
  if (road !== '_revs_diff' && road !== 'what administrators may ask') test('tells the owner', async () => expect(seen(await take(database.owner))).toBe(true))
})
