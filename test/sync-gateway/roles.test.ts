// Roles, and what users have through them.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { said, saidInTurn, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

test('a role is made, shown, listed, changed and deleted as a user is, without a password', async () => {
  const { admin } = await gateway.database()
  expect(await saidInTurn(
    () => admin('POST', '/_role/', { name: 'r', admin_channels: ['a'] }),
    () => admin('POST', '/_role/', { name: 'r' }),
    () => admin('PUT', '/_role/r', { admin_channels: ['b'] }),
    () => admin('PUT', '/_role/s', {}),
  )).toEqual(['201', '409 Already exists', '200', '201'])
  expect((await admin('GET', '/_role/r')).body).toEqual({ name: 'r', admin_channels: ['b'], all_channels: ['!', 'b'] })
  expect((await admin('GET', '/_role/')).body).toEqual(['r', 's'])
  expect(await saidInTurn(() => admin('DELETE', '/_role/r'), () => admin('DELETE', '/_role/r'), () => admin('GET', '/_role/r'))).toEqual(['200', '404 missing', '404 missing'])
})

test.each([['a:b', 400], ['a,b', 400], ['a/b', 400], ['-', 400], ['a b', 201], ['a'.repeat(239), 201], ['a'.repeat(240), 400]])('a role named %j: %i', async (name, status) => {
  const { admin } = await gateway.database()
  expect((await admin('POST', '/_role/', { name })).status).toBe(status)
})

test('a deleted role is listed on request until it is made again, a purged one never', async () => {
  const { admin } = await gateway.database()
  for (const name of ['kept', 'gone', 'purged']) await admin('PUT', `/_role/${name}`, {})
  await admin('DELETE', '/_role/gone')
  await admin('DELETE', '/_role/purged?purge=true')
  expect((await admin('GET', '/_role/')).body).toEqual(['kept'])
  expect((await admin('GET', '/_role/?deleted=true')).body).toEqual(['gone', 'kept'])
  expect(await saidInTurn(() => admin('DELETE', '/_role/gone?purge=true'), () => admin('PUT', '/_role/gone', {}))).toEqual(['404 missing', '201'])
  expect((await admin('GET', '/_role/?deleted=true')).body).toEqual(['gone', 'kept'])
})

test('deleting one takes a sequence, and one that changes nothing takes none', async () => {
  const { admin, sequence } = await gateway.database()
  await admin('PUT', '/_role/r', { admin_channels: ['a'] })
  expect(await sequence()).toBe(1)
  await admin('PUT', '/_role/r', { admin_channels: ['a'] })
  expect(await sequence()).toBe(1)
  await admin('DELETE', '/_role/r')
  expect(await sequence()).toBe(2)
})

test('a role that is made later takes effect then, and no longer when it is deleted', async () => {
  const { admin, user } = await gateway.database()
  const ann = await user('ann', { admin_roles: ['r'] })
  await admin('PUT', '/doc', { channels: ['a'] })
  expect(said(await ann('GET', '/doc'))).toBe('403 forbidden')
  await admin('PUT', '/_role/r', { admin_channels: ['a'] })
  expect(said(await ann('GET', '/doc'))).toBe('200')
  await admin('DELETE', '/_role/r')
  expect(said(await ann('GET', '/doc'))).toBe('403 forbidden')
})

test('a user shows the channels of its roles, but its session does not', async () => {
  const { admin, user } = await gateway.database()
  await admin('PUT', '/_role/r', { admin_channels: ['a'] })
  const ann = await user('ann', { admin_roles: ['r'] })
  expect((await admin('GET', '/_user/ann')).body).toMatchObject({ admin_roles: ['r'], roles: ['r'], all_channels: ['!', 'a'] })
  expect((await ann('GET', '/_session')).body).toMatchObject({ userCtx: { name: 'ann', channels: { '!': 1 } } })
})
