// The admin port with logins, as a real one has them: HTTP Basic, and nothing of a Sync Gateway user.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { said, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world({ adminLogins: [{ username: 'admin', password: 'p:w' }, { username: 'second', password: 'x' }] }) })
afterAll(() => gateway.close())

const basic = (login: string) => ({ authorization: `Basic ${Buffer.from(login).toString('base64')}` })

test.each([
  ['nothing', {}, '401 Login required', 'Basic realm="Couchbase Sync Gateway"'], ['a wrong password', basic('admin:x'), '401 Invalid login', undefined], ['nobody', basic('eve:x'), '401 Invalid login', undefined],
  ['another scheme', { authorization: 'Bearer x' }, '401 Login required', 'Basic realm="Couchbase Sync Gateway"'], ['the first login', basic('admin:p:w'), '200', undefined], ['the second', basic('second:x'), '200', undefined],
])('with %s', async (_what, headers, expected, challenge) => {
  const answer = await gateway.admin('GET', '/_all_dbs', undefined, headers)
  expect([said(answer), answer.headers['www-authenticate']]).toEqual([expected, challenge])
})

test('a database that is not there is a 403 for who is logged in, so nobody learns of it', async () => {
  const answer = await gateway.admin('GET', '/nowhere/', undefined, basic('admin:p:w'))
  expect([answer.status, answer.body]).toEqual([403, { error: 'Forbidden', reason: '' }])
  expect(said(await gateway.admin('GET', '/nowhere/'))).toBe('401 Login required')
  expect(said(await gateway.admin('GET', '/nowhere/', undefined, basic('eve:x')))).toBe('401 Invalid login')
})

test('a user of a database is nobody here', async () => {
  await gateway.admin('PUT', '/db/', {}, basic('admin:p:w'))
  await gateway.admin('PUT', '/db/_user/ann', { password: 'secret' }, basic('admin:p:w'))
  expect(said(await gateway.admin('GET', '/db/doc', undefined, basic('ann:secret')))).toBe('401 Invalid login')
  expect(said(await gateway.admin('GET', '/db/doc', undefined, basic('admin:p:w')))).toBe('404 missing')
})

test('the public port knows nothing of these logins', async () => {
  await gateway.admin('PUT', '/open/', {}, basic('admin:p:w'))
  expect(said(await gateway.open('GET', '/open/doc', undefined, basic('admin:p:w')))).toBe('401 Invalid login')
})
