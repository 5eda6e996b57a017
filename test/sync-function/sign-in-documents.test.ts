// Accounts and phone lines: the server's alone, and told to nobody.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { at, erase, gateway, seed, status, writers } from './database.ts'
import type { Database } from './database.ts'

let sync: Awaited<ReturnType<typeof gateway>>
let database: Database
beforeAll(async () => {
  sync = await gateway()
  database = await sync.open()
})
afterAll(() => sync.close())

const ids = ['signin::u::0001', 'signin::tel::q83vEjRWeJq83vEjRWeJ', 'signin::']
const people = writers.filter((writer) => writer !== 'server')

describe.each(ids)('%s', (id) => {
  test.each(people)('is neither made, deleted nor read by the %s', async (writer) => {
    expect(await status(database[writer]('PUT', at(id), { owner: 'u::0001' }))).toBe(403)
    expect(await status(database[writer]('DELETE', at(id)))).toBe(403)
    const rev = await seed(database, id, { status: 'active' })
    expect(await status(database[writer]('PUT', at(id, rev), { status: 'active' }))).toBe(403)
    expect(await status(database[writer]('DELETE', at(id, rev)))).toBe(403)
    expect(await status(database[writer]('GET', at(id)))).toBe(403)
    await erase(database, id)
    expect(await status(database[writer]('PUT', at(id), { owner: 'u::0001' }))).toBe(403)
  })

  test('is made, changed, deleted and made again by the server', async () => {
    const rev = await seed(database, id, { status: 'creating' })
    expect(await status(database.server('PUT', at(id, rev), { status: 'ready' }))).toBe(201)
    await erase(database, id)
    expect(await status(database.server('PUT', at(id), { status: 'creating' }))).toBe(201)
  })

  test('is in the channel of its own id, also when it is deleted', async () => {
    const since = (await database.server('GET', '/_changes')).body['last_seq'] as string
    await seed(database, id, { status: 'active' })
    await erase(database, id)
    const query = `?since=${since}&filter=sync_gateway/bychannel&channels=${encodeURIComponent(id)}`
    expect((await database.server('GET', `/_changes${query}`)).body['results']).toMatchObject([{ id, deleted: true }])
  })
})

test('the server may let one expire', async () => {
  const id = 'signin::tel::short'
  await seed(database, id, { busy: true, _exp: 600 })
  expect((await database.server('GET', `${at(id)}?show_exp=true`)).body).toHaveProperty('_exp')
})

test('a comma cannot be in the id, because it cannot be in a channel', async () =>
  expect(await status(database.server('PUT', at('signin::a,b'), {}))).toBe(403))
