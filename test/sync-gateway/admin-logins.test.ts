// The admin port with logins, as a real one has them: HTTP Basic, and nothing of a Sync Gateway user.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { said, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world({ adminLogins: [{ username: 'admin', password: 'p:w' }, { username: 'second', password: 'x' }, { username: 'app', password: 'y', bucket: 'mine' }] }) })
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

test('a login with a role on one bucket is a 403 without a reason everywhere else', async () => {
  const [app, admin] = [basic('app:y'), basic('admin:p:w')]
  const status = async (method: string, path: string, body?: unknown) => {
    const answer = await gateway.admin(method, path, body, app)
    return answer.status === 403 ? answer.text : answer.status
  }
  const refused = '{"error":"Forbidden","reason":""}'
  expect([await status('PUT', '/mine/', {}), await status('PUT', '/named/', { bucket: 'mine', scopes: { s: { collections: { c: {} } } } })]).toEqual([201, 201])
  await gateway.admin('PUT', '/theirs/', {}, admin)
  expect([await status('PUT', '/mine/doc', {}), await status('POST', '/mine/_user/', { name: 'ann', password: 'secret' }), await status('POST', '/mine/_session', { name: 'ann' })]).toEqual([201, 201, 200])
  expect([await status('PUT', '/new/', {}), await status('PUT', '/new/', '{'), await status('GET', '/theirs/'), await status('GET', '/theirs/doc'), await status('GET', '/nowhere/doc'), await status('GET', '/_all_dbs')]).toEqual(Array.from({ length: 6 }, () => refused))
  expect(said(await gateway.admin('GET', '/theirs/', undefined, basic('app:z')))).toBe('401 Invalid login')
})

test('the public port knows nothing of these logins', async () => {
  await gateway.admin('PUT', '/open/', {}, basic('admin:p:w'))
  expect(said(await gateway.open('GET', '/open/doc', undefined, basic('admin:p:w')))).toBe('401 Invalid login')
})
