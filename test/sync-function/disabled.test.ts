// Disabling a person takes the channel away; a session that is still alive is then good for nothing.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { at, gateway, seed, status } from './database.ts'
import type { Database } from './database.ts'

let sync: Awaited<ReturnType<typeof gateway>>
let database: Database
const profile = { type: 'profile', createdAt: 1 }
const mine = { owner: 'u::0001' }
beforeAll(async () => {
  sync = await gateway()
  database = await sync.open()
})
afterAll(() => sync.close())

const disabled = () => database.server('PUT', '/_user/u-0001', { disabled: true, admin_channels: [], admin_roles: [] })
const enabled = () => database.server('PUT', '/_user/u-0001', { disabled: false, admin_channels: ['u::0001'] })

test('a disabled person neither pushes nor pulls, and an enabled one does again', async () => {
  const [profileRev, noteRev] = [await seed(database, 'u::0001', profile), await seed(database, 'note', mine)]
  const writes = async () => [
    await status(database.owner('PUT', at('u::0001', profileRev), { ...profile, name: 'Ada' })),
    await status(database.owner('PUT', at('note', noteRev), mine)),
    await status(database.owner('PUT', at('another'), mine)),
    await status(database.owner('DELETE', at('note', noteRev))),
  ]
  await disabled()
  expect((await database.owner('GET', '/_session')).body).toMatchObject({ userCtx: { name: 'u-0001' } })
  expect(await writes()).toEqual([403, 403, 403, 403])
  expect(await status(database.owner('GET', at('note')))).toBe(403)
  await enabled()
  expect(await writes()).toEqual([201, 201, 201, 409])
})

test('a person with every channel is not therefore anybody’s owner', async () => {
  const all = await database.person('u-0003', ['*'])
  expect(await status(all('PUT', at('theirs'), mine))).toBe(403)
  expect(await status(all('PUT', at('u::0001', await seed(database, 'u::0001', profile)), profile))).toBe(403)
})

test('the channel without the name is not enough, nor the name of one without number', async () => {
  const friend = await database.person('friend', ['u::0001'])
  expect(await status(friend('PUT', at('friendly'), mine))).toBe(403)
  const numberless = await database.person('u-1', ['u::1'])
  expect(await status(numberless('PUT', at('numberless'), { owner: 'u::1' }))).toBe(403)
})

test('somebody without login writes nothing, even where guests are let in', async () => {
  const open = await sync.open({ guest: { disabled: false, admin_channels: ['*'] } })
  expect(await status(open.guest('PUT', at('note'), mine))).toBe(403)
  expect(await status(open.guest('PUT', at('signin::u::0001'), {}))).toBe(403)
  expect(await status(open.guest('PUT', at('u::0001'), profile))).toBe(403)
})
