// The admin client against the stand-in, against the check of its login, and against a network that fails in each way.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ensureDatabase } from '../../local/database.ts'
import { listen } from '../../local/server.ts'
import { syncGateway as standIn } from '../../local/sync-gateway/sync-gateway.ts'
import { syncGateway, type SyncGateway } from '../../shared/sync-gateway.ts'
import type { UpstreamError } from '../../shared/upstream-error.ts'
import { faultyServer, type Fault } from '../faulty-server.ts'

const right = { username: 'callgate', password: 'secret' }
const never = () => AbortSignal.timeout(20_000)
let server: Awaited<ReturnType<typeof standIn>>
let closed = 0
const opened: { close: () => Promise<void> }[] = []

beforeAll(async () => {
  server = await standIn({ adminLogins: [right] })
  opened.push(server)
  await ensureDatabase({ adminUrl: server.adminUrl, login: right, name: 'notes', bucket: 'notes', origins: ['http://localhost:8080'] })
})
afterAll(async () => { for (const one of opened) await one.close() })

const clientOf = (adminUrl: string, change: Partial<Parameters<typeof syncGateway>[0]> = {}) =>
  syncGateway({ adminUrl, keyspace: 'notes', login: async () => right, rereadLogin: async () => false, random: (bytes) => randomBytes(bytes), ...change })
const through = async (next: (request: { method: string; path: string }) => Fault) => {
  const faulty = await faultyServer(server.adminUrl, next)
  opened.push(faulty)
  return { client: clientOf(faulty.url), seen: faulty.seen }
}
const failure = (promise: Promise<unknown>) => promise.then((value) => value, (error: UpstreamError) => error.failure)
const freshId = () => `signin::test-${++closed}`

describe('documents', () => {
  test('are created once, read, changed by compare-and-set, deleted, and created again', async () => {
    const client = clientOf(server.adminUrl)
    const id = freshId()
    expect(await client.readDocument(id, never())).toBeUndefined()
    const first = await client.createDocument(id, { type: 't', n: 1 }, never())
    expect(await client.createDocument(id, { type: 't', n: 9 }, never())).toBeUndefined()
    const read = await client.readDocument(id, never())
    expect(read).toEqual({ id, rev: first!.rev, body: { type: 't', n: 1 } })
    const second = await client.writeDocument(id, read, { type: 't', n: 2 }, never())
    expect(await client.writeDocument(id, read, { type: 't', n: 3 }, never())).toBeUndefined()
    expect(await client.deleteDocument(first!, never())).toBe(false)
    expect(await client.deleteDocument(second!, never())).toBe(true)
    expect(await client.readDocument(id, never())).toBeUndefined()
    expect(await client.createDocument(id, { type: 't', n: 4 }, never())).toBeDefined()
  })

  test('are won by one of twenty writers at once', async () => {
    const client = clientOf(server.adminUrl)
    const id = freshId()
    const created = await Promise.all(Array.from({ length: 20 }, (_, n) => client.createDocument(id, { n }, never())))
    expect(created.filter(Boolean)).toHaveLength(1)
    const read = await client.readDocument(id, never())
    const written = await Promise.all(Array.from({ length: 20 }, (_, n) => client.writeDocument(id, read, { n }, never())))
    expect(written.filter(Boolean)).toHaveLength(1)
  })
})

describe('the next change of a document', () => {
  const made = async () => {
    const client = clientOf(server.adminUrl)
    const id = `u::${String(1_000 + ++closed)}`
    const first = (await client.createDocument(id, { type: 'profile', createdAt: '2026-11-25T00:00:00.000Z' }, never()))!
    return { client, id, first, seen: await client.readSighting(id, never()) }
  }

  test('is waited for from the sequence at which the document was read', async () => {
    const { client, id, first, seen } = await made()
    expect(seen).toEqual({ document: first, sequence: expect.any(Number) as unknown })
    const next = client.nextSighting(id, seen.sequence, 10_000, never())
    const second = await client.writeDocument(id, first, { ...first.body, n: 2 }, never())
    expect(await next).toEqual({ document: second, sequence: seen.sequence + 1 })
    await client.deleteDocument(second!, never())
    expect(await client.nextSighting(id, seen.sequence + 1, 10_000, never())).toEqual({ document: undefined, sequence: seen.sequence + 2 })
    expect(await client.readSighting(id, never())).toEqual({ document: undefined, sequence: seen.sequence + 2 })
  })

  test('is not there for one that never was, or when none comes in time', async () => {
    const { client, id, seen } = await made()
    expect(await client.nextSighting(id, seen.sequence, 1, never())).toBeUndefined()
    expect(await client.readSighting('u::9999', never())).toEqual({ document: undefined, sequence: 0 })
  })

  const answering = async (...bodies: string[]) => {
    const running = await listen(createServer((_request, response) => response.end(bodies.shift())), 0)
    opened.push(running)
    return clientOf(running.url)
  }
  const entry = (seq: unknown, more: object) => JSON.stringify({ results: [{ seq, id: 'x', changes: [{ rev: '2-b' }], ...more }], last_seq: '9' })
  const doc = { _id: 'x', _rev: '2-b', _cv: '1@a', n: 1 }

  test.each<[string, unknown, number]>([['a number', 7, 7], ['after a missing one', '3::7', 7], ['after a trigger', '3:5:7', 7], ['a text', '7', 7]])('has its sequence, %s', async (_name, seq, sequence) => {
    expect(await (await answering(entry(seq, { doc }))).nextSighting('x', 1, 1, never())).toEqual({ document: { id: 'x', rev: '2-b', body: { n: 1 } }, sequence })
  })

  test('whose body the feed does not have any more is read', async () => {
    const client = await answering(entry(7, {}), JSON.stringify({ ...doc, _rev: '3-c' }))
    expect(await client.nextSighting('x', 1, 1, never())).toEqual({ document: { id: 'x', rev: '3-c', body: { n: 1 } }, sequence: 7 })
  })

  test.each([entry(7, { id: 'y', doc }), '{"results":[null]}'])('of another document is none: %s', async (body) => {
    expect(await (await answering(body)).nextSighting('x', 1, 1, never())).toBeUndefined()
  })

  test.each(['{}', '{"results":3}', '{"results":[', '', entry('x', { doc }), entry(undefined, { doc }), entry(7, { doc: { n: 1 } })])('that reads %s is not understood', async (body) => {
    expect(await failure((await answering(body)).nextSighting('x', 1, 1, never()))).toBe('unexpected')
  })

  test('is given up a second after its time', async () => {
    const { client, seen } = await through(() => 'hang')
    const begun = Date.now()
    expect(await failure(client.nextSighting('x', 1, 1, never()))).toBe('lost_reply')
    expect(seen).toHaveLength(1)
    expect(Date.now() - begun).toBeGreaterThan(900)
  })
})

describe('users, roles and sessions', () => {
  test('are made, read, changed and ended', async () => {
    const client = clientOf(server.adminUrl)
    const user = { password: 'a-long-password', channels: ['u::0007'], roles: ['member'] }
    expect(await client.createUser('u-0007', user, never())).toBe('created')
    expect(await client.createUser('u-0007', user, never())).toBe('exists')
    expect(await client.readUser('u-0007', never())).toEqual({ channels: ['u::0007'], roles: ['member'], disabled: false })
    await client.putRole('member', ['members'], never())
    expect(await client.readRole('member', never())).toEqual({ channels: ['members'] })
    const session = await client.createSession('u-0007', 60, never())
    expect(session).toEqual({ session_id: expect.stringMatching(/^[0-9a-f]{40}$/), cookie_name: 'SyncGatewaySession', expires: expect.any(String) })
    for (let again = 0; again < 2; again++) await client.endSession('u-0007', (session as { session_id: string }).session_id, never())
    await client.updateUser('u-0007', { disabled: true, channels: [], roles: [] }, never())
    expect(await client.readUser('u-0007', never())).toEqual({ channels: [], roles: [], disabled: true })
    expect(await client.createSession('u-0007', 60, never())).toBe('disabled')
    await client.endSessions('u-0007', never())
    for (let again = 0; again < 2; again++) {
      await client.deleteUser('u-0007', never())
      await client.deleteRole('member', never())
    }
    expect([await client.readUser('u-0007', never()), await client.readRole('member', never()), await client.createSession('u-0007', 60, never())]).toEqual([undefined, undefined, 'no_user'])
  })

  test('have their channels in the collection, where the keyspace names one', async () => {
    const sync = 'function (doc) { channel(doc._id); }'
    const made = await fetch(`${server.adminUrl}/named/`, {
      method: 'PUT', headers: { authorization: `Basic ${btoa('callgate:secret')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ bucket: 'named', num_index_replicas: 0, use_views: false, enable_shared_bucket_access: true, scopes: { app: { collections: { docs: { sync } } } } }),
    })
    expect(made.status).toBe(201)
    const client = clientOf(server.adminUrl, { keyspace: 'named.app.docs' })
    await client.createUser('u-0001', { password: 'a-long-password', channels: ['u::0001'], roles: [] }, never())
    expect(await client.readUser('u-0001', never())).toEqual({ channels: ['u::0001'], roles: [], disabled: false })
    const document = await client.createDocument('u::0001', { type: 'profile' }, never())
    expect(await client.nextSighting('u::0001', 0, 1_000, never())).toMatchObject({ document })
    const session = (await client.createSession('u-0001', 60, never())) as { session_id: string }
    const read = () => fetch(`${server.publicUrl}/named.app.docs/u::0001`, { headers: { cookie: `SyncGatewaySession=${session.session_id}` } })
    expect((await read()).status).toBe(200)
    await client.updateUser('u-0001', { channels: [] }, never())
    expect((await read()).status).toBe(403)
  })
})

describe('the login on the admin port', () => {
  test('that is refused is read again once, and then works', async () => {
    let password = 'old'
    const login = async () => ({ username: 'callgate', password })
    const rereadLogin = async () => { password = 'secret'; return true }
    expect(await clientOf(server.adminUrl, { login, rereadLogin }).readUser('nobody', never())).toBeUndefined()
  })

  test('that stays refused is an error of its own', async () => {
    const login = async () => ({ username: 'callgate', password: 'wrong' })
    expect(await failure(clientOf(server.adminUrl, { login }).readUser('nobody', never()))).toBe('login_refused')
  })

  test('does not hide a database that is not there: it is no absent document', async () => {
    const open = await standIn({})
    opened.push(open)
    expect(await failure(clientOf(open.adminUrl).readDocument('x', never()))).toBe('unexpected')
  })
})

describe('a lost reply', () => {
  test.each(['lose_reply', 'cut', 'refuse'] as const)('by %s is asked for again on a new connection, and a write happens once', async (fault) => {
    let faults = 1
    const { client, seen } = await through(() => (faults-- > 0 ? fault : 'go'))
    const id = freshId()
    const first = await client.createDocument(id, { n: 1 }, never())
    expect(first).toBeDefined()
    expect(seen).toHaveLength(2)
    faults = 1
    expect(await client.writeDocument(id, first, { n: 2 }, never())).toBeDefined()
    expect((await clientOf(server.adminUrl).readDocument(id, never()))?.rev).toMatch(/^2-/)
  })

  test('twice is an error that says so', async () => {
    const { client } = await through(() => 'lose_reply')
    expect(await failure(client.createDocument(freshId(), {}, never()))).toBe('lost_reply')
  })

  test('of a user that was made says that it exists', async () => {
    let faults = 1
    const { client } = await through(() => (faults-- > 0 ? 'lose_reply' : 'go'))
    expect(await client.createUser('u-0099', { password: 'a-long-password', channels: [], roles: [] }, never())).toBe('exists')
  })
})

describe('a server that does not serve', () => {
  test.each<[Fault, string]>([[500, 'unavailable'], [503, 'unavailable'], [429, 'unavailable'], [401, 'login_refused'], [418, 'unexpected'], ['nonsense', 'unexpected']])('answering %s is %s', async (fault, kind) => {
    const { client } = await through(() => fault)
    expect(await failure(client.readDocument('x', never()))).toBe(kind)
  })

  test('hanging is given up when the invocation is over', async () => {
    const { client } = await through(() => 'hang')
    const begun = Date.now()
    expect(await failure(client.readDocument('x', AbortSignal.timeout(100)))).toBe('lost_reply')
    expect(Date.now() - begun).toBeLessThan(2_000)
  })

  test('that is not there is unreachable: nothing happened', async () => {
    const gone = await faultyServer(server.adminUrl, () => 'go')
    await gone.close()
    expect(await failure(clientOf(gone.url).readDocument('x', never()))).toBe('unreachable')
  })
})

test('a hundred requests at once are all answered', async () => {
  const client: SyncGateway = clientOf(server.adminUrl)
  await Promise.all(Array.from({ length: 100 }, () => client.readUser('nobody', never())))
  expect(await client.readUser('nobody', never())).toBeUndefined()
})
