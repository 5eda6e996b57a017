// Rules of an app's own, put into the marked place: what they are given refuses what would open an account or another person's documents.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { at, gateway, seed, status, syncFunction } from './database.ts'
import type { Body, Database } from './database.ts'

const [before, , after] = syncFunction.split(/^ {2}\/\/ =+ .* =+\n/m)
const withRules = (body: string) =>
  `${before}  function appRules(doc, oldDoc, owner, channel, access, role) { ${body} }\n${after}`

// Careless on purpose: everything that the writer says is done.
const careless = `
  if (doc.channels !== undefined) { channel(doc.channels); }
  if (doc.two) { channel(doc.two[0], doc.two[1]); }
  if (doc.access) { access(doc.access.users, doc.access.channels); }
  if (doc.role) { role(doc.role.users, doc.role.roles); }
  if (doc.expiry !== undefined) { expiry(doc.expiry); }`

let sync: Awaited<ReturnType<typeof gateway>>
let database: Database
let id: string
let count = 0
beforeAll(async () => {
  sync = await gateway()
  database = await sync.open({ sync: withRules(careless) })
})
beforeEach(() => {
  count += 1
  id = `thing-${count}`
})
afterAll(() => sync.close())

const write = (body: Body) => status(database.owner('PUT', at(id), body))

test('the place is marked, once', () => expect([before, after].map((part) => part?.includes('appRules('))).toEqual([false, true]))

const shut = ['*', 'signin::u::0001', 'SIGNIN::x', 'ſignin::x', 'u::0002', 'U::0001', 'u::', 'u::1', 'a,b', '']
const odd = [1, true, {}, [['news']], ['news', null], ['news', 7], { 0: 'news', length: 1 }]

describe('channel', () => {
  test.each<[unknown]>([...shut, ...odd].map((channel) => [channel]))('refuses %j', async (channels) =>
    expect(await write({ owner: 'u::0001', channels })).toBe(403),
  )

  test('refuses nothing in a list, also where there is no owner', async () => expect(await write({ channels: [null] })).toBe(403))

  test.each(shut)('refuses %j in a list, and after another', async (channel) => {
    expect(await write({ channels: ['news', channel] })).toBe(403)
    expect(await write({ two: ['news', channel] })).toBe(403)
    expect(await status(database.server('PUT', at(id), { channels: ['news', channel] }))).toBe(403)
  })

  test.each<[unknown]>([['news'], [['news', 'list::1']], [['u::0001', 'news']], [[]], [null], ['!'], ['user::0002'], ['signins']])(
    'takes %j',
    async (channels) => expect(await write({ owner: 'u::0001', channels })).toBe(201),
  )

  test('reaches those who have the channel', async () => {
    expect(await write({ channels: ['news'] })).toBe(201)
    expect(await status(database.visitor('GET', at(id)))).toBe(200)
    expect(await status(database.other('GET', at(id)))).toBe(403)
  })

  test('lets nobody put a new document among another’s by calling them its owner', async () => {
    expect(await write({ owner: 'u::0002', channels: 'u::0002' })).toBe(403)
    expect(await status(database.server('PUT', at(id), { owner: 'u::0002', channels: 'u::0002' }))).toBe(201)
  })

  test('knows the owner of a document that others may edit by the old document', async () => {
    const rev = await seed(database, id, { owner: 'u::0002', channels: 'u::0002' })
    expect(await status(database.owner('PUT', at(id, rev), { owner: 'u::0001', channels: 'u::0001' }))).toBe(403)
    expect(await status(database.owner('PUT', at(id, rev), { owner: 'u::0001', channels: 'u::0002' }))).toBe(201)
  })
})

describe('access', () => {
  test.each<[unknown]>([...shut, 'u::0001', ...odd].map((channel) => [channel]))('refuses the channel %j', async (channels) =>
    expect(await write({ owner: 'u::0001', access: { users: 'u-0001', channels } })).toBe(403),
  )

  test.each(shut)('refuses %j in a list, to a role, and to the server', async (channel) => {
    expect(await write({ access: { users: ['u-0001'], channels: ['news', channel] } })).toBe(403)
    expect(await write({ access: { users: 'role:staff', channels: channel } })).toBe(403)
    expect(await status(database.server('PUT', at(id), { access: { users: 'u-0002', channels: channel } }))).toBe(403)
  })

  test.each<[unknown]>([[''], [7], [['u-0001', '']], [{}], ['u::0001'], ['a,b'], ['a/b'], ['`'], ['role:a:b'], [['u-0001', 'role:role:a']]])('refuses the user %j', async (users) =>
    expect(await write({ access: { users, channels: 'news' } })).toBe(403),
  )

  test('gives other channels', async () => {
    expect(await write({ channels: `list::${id}`, access: { users: ['u-0002'], channels: `list::${id}` } })).toBe(201)
    expect(await status(database.other('GET', at(id)))).toBe(200)
    expect(await status(database.visitor('GET', at(id)))).toBe(403)
  })
})

test('role is for the server', async () => {
  await database.server('POST', '/_role/', { name: 'staff', admin_channels: ['staff'] })
  const body = { channels: 'staff', role: { users: 'u-0002', roles: 'role:staff' } }
  expect(await write(body)).toBe(403)
  expect(await status(database.server('PUT', at(id), body))).toBe(201)
  expect(await status(database.other('GET', at(id)))).toBe(200)
})

test('a rule may set an expiry, and the writer may not', async () => {
  expect(await write({ expiry: 600 })).toBe(201)
  expect((await database.server('GET', `${at(id)}?show_exp=true`)).body).toHaveProperty('_exp')
  expect(await status(database.owner('PUT', at(`${id}-b`), { _exp: 600 }))).toBe(201)
  expect((await database.server('GET', `${at(`${id}-b`)}?show_exp=true`)).body).not.toHaveProperty('_exp')
})

test('accounts and profiles never come to the app’s rules', async () => {
  const open = await sync.open({ sync: withRules('channel("news");') })
  expect(await status(open.owner('PUT', at('signin::u::0001'), {}))).toBe(403)
  expect(await status(open.owner('PUT', at('u::0001'), {}))).toBe(403)
  await seed(open, 'signin::u::0001', {})
  expect(await status(open.visitor('GET', at('signin::u::0001')))).toBe(403)
})
