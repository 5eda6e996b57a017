// A resync shows the function every document as the server, without the old one: what is in order stays, what is not is in no channel.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { setTimeout as pass } from 'node:timers/promises'
import { at, gateway, seed, status, syncFunction } from './database.ts'
import type { Database } from './database.ts'

let sync: Awaited<ReturnType<typeof gateway>>
beforeAll(async () => {
  sync = await gateway()
})
afterAll(() => sync.close())

const resync = async (database: Database) => {
  await database.server('POST', '/_offline')
  await database.server('POST', '/_resync?action=start')
  for (let tries = 0; (await database.server('GET', '/_resync')).body['status'] !== 'completed' && tries < 100; tries += 1) await pass(50)
  await database.server('POST', '/_online')
  for (let tries = 0; (await database.server('GET', '/')).body['state'] !== 'Online' && tries < 100; tries += 1) await pass(50)
}

test('a function installed late takes hold of what is there', async () => {
  const database = await sync.open({ sync: 'function () { channel("u::0001"); }' })
  const documents = {
    'u::0001': { type: 'profile', createdAt: 1 },
    'u::0002': { type: 'profile', createdAt: 1 },
    mine: { owner: 'u::0001' },
    theirs: { owner: 'u::0002' },
    bent: { owner: ['u::0001'] },
    'U::0001': { owner: 'u::0001' },
    'signin::u::0001': { status: 'active' },
  }
  // Written twice, because the second time there would be an old document.
  for (const [id, body] of Object.entries(documents)) for (const time of [1, 2]) await seed(database, id, { ...body, time })
  await database.server('POST', '/_config', { sync: syncFunction })
  await resync(database)
  const readable = async (writer: 'owner' | 'other') => {
    const found = []
    for (const id of Object.keys(documents)) if ((await status(database[writer]('GET', at(id)))) === 200) found.push(id)
    return found
  }
  expect(await readable('owner')).toEqual(['u::0001', 'mine'])
  expect(await readable('other')).toEqual(['u::0002', 'theirs'])
})
