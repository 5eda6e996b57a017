// Sessions: how long they live, what ends them, and what a client can do with one.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Answer } from './request.ts'
import { member, said, saidInTurn, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

const second = 1000
const day = 86_400
const secret = { password: 'secret' }
const cookieOf = ({ headers }: Answer) => headers['set-cookie']?.[0] ?? ''
const idIn = (answer: Answer) => /^SyncGatewaySession=([0-9a-f]{40});/.exec(cookieOf(answer))?.[1] ?? ''
const basic = (name: string, password: string) => ({ authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` })

describe('a session that the admin makes', () => {
  test.each([
    ['1', '200'], ['0', '400 Invalid or missing ttl'], ['-1', '400 Invalid or missing ttl'], ['null', '200'], ['31536000', '200'], ['9223372036', '200'],
    ['9223372037', '400 Invalid or missing ttl'], ['1.5', '400'], ['"60"', '400'],
  ])('with a ttl of %s: %s', async (ttl, expected) => {
    const { admin } = await gateway.database()
    await admin('PUT', '/_user/ann', secret)
    expect(said(await admin('POST', '/_session', `{"name":"ann","ttl":${ttl}}`))).toContain(expected)
  })

  test.each([
    ['no such user', { name: 'bob' }, '404 No such user "bob"'], ['no name', {}, '400 Invalid or missing user name'], ['the guest', { name: 'GUEST' }, '400 Invalid or missing user name'],
    ['a bad name', { name: 'a:b' }, '400 Invalid or missing user name'],
    ['broken JSON', '{', '400'], ['another member', { name: 'ann', nonsense: 1 }, '400'],
  ])('%s is refused', async (_what, body, expected) => {
    const { admin } = await gateway.database()
    await admin('PUT', '/_user/ann', secret)
    expect(said(await admin('POST', '/_session', body))).toContain(expected)
  })

  test('lives a day without a ttl, and its end is told in whole seconds', async () => {
    const { admin } = await gateway.database()
    await admin('PUT', '/_user/ann', secret)
    const { body } = await admin('POST', '/_session', { name: 'ann' })
    expect(member(body, 'session_id')).toMatch(/^[0-9a-f]{40}$/)
    expect(member(body, 'expires')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(Math.floor(gateway.now() / second) + day).toBe(Date.parse(String(member(body, 'expires'))) / second)
  })

  test('ends with its ttl, not before', async () => {
    const { admin, user, sessionOf, withCookie } = await gateway.database()
    await user('ann')
    const id = await sessionOf('ann', 10)
    gateway.advance(10 * second - 1)
    expect((await admin('GET', `/_session/${id}`)).status).toBe(200)
    gateway.advance(1)
    expect(await saidInTurn(() => admin('GET', `/_session/${id}`), () => withCookie(id)('GET', '/doc'))).toEqual(['404 missing', '401 Session Invalid'])
  })
})

describe('a session slides', () => {
  const oneOf = async (ttl: number) => {
    const db = await gateway.database()
    await db.user('ann')
    const id = await db.sessionOf('ann', ttl)
    return { ...db, id, ann: db.withCookie(id) }
  }

  test('after more than a tenth of its ttl, and not at a tenth', async () => {
    const { ann } = await oneOf(100)
    gateway.advance(10 * second)
    expect((await ann('GET', '/doc')).headers['set-cookie']).toBeUndefined()
    gateway.advance(1)
    expect(cookieOf(await ann('GET', '/doc'))).toMatch(/^SyncGatewaySession=/)
  })

  test('for ever', async () => {
    const { ann } = await oneOf(100)
    for (let times = 0; times < 5; times++) {
      gateway.advance(99 * second)
      expect((await ann('GET', '/_session')).body).toMatchObject({ userCtx: { name: 'ann' } })
    }
    gateway.advance(100 * second)
    expect((await ann('GET', '/_session')).body).toMatchObject({ userCtx: { name: null } })
  })

  test('with a cookie that has lost all but Path and Expires', async () => {
    const db = await gateway.database({ session_cookie_secure: true, session_cookie_http_only: true })
    await db.user('ann')
    const id = await db.sessionOf('ann', 100)
    gateway.advance(11 * second)
    expect(cookieOf(await db.withCookie(id)('GET', '/doc'))).toMatch(new RegExp(`^SyncGatewaySession=${id}; Path=/${db.name}; Expires=[^;]+ GMT$`))
  })

  test('not by a look of the admin', async () => {
    const { admin, id } = await oneOf(100)
    gateway.advance(50 * second)
    await admin('GET', `/_session/${id}`)
    gateway.advance(50 * second)
    expect((await admin('GET', `/_session/${id}`)).status).toBe(404)
  })
})

describe('signing in on the public port', () => {
  test.each([
    ['the right password', { name: 'ann', password: 'secret' }, '200'], ['a wrong one', { name: 'ann', password: 'wrong' }, '401 Invalid login'], ['nobody', { name: 'bob', password: 'secret' }, '401 Invalid login'],
    ['nothing', {}, '401 Invalid login'],
  ])('with %s', async (_what, body, expected) => {
    const { admin, open } = await gateway.database()
    await admin('PUT', '/_user/ann', secret)
    expect(said(await open('POST', '/_session', body))).toBe(expected)
  })

  test('with a body that is no object says which type it wants', async () => {
    const { open } = await gateway.database()
    const type = String.raw`struct { Name string "json:\"name\""; Password string "json:\"password\"" }`
    expect(said(await open('POST', '/_session', []))).toBe(`400 Bad JSON: json: cannot unmarshal array into Go value of type ${type}`)
  })

  test('with Basic works too, and gives the cookie for its database', async () => {
    const { admin, open, name } = await gateway.database()
    await admin('PUT', '/_user/ann', secret)
    const answer = await open('POST', '/_session', {}, basic('ann', 'secret'))
    expect(cookieOf(answer)).toMatch(new RegExp(`^SyncGatewaySession=[0-9a-f]{40}; Path=/${name}; Expires=`))
    expect(answer.body).toMatchObject({ ok: true, authentication_handlers: ['default', 'cookie'], userCtx: { name: 'ann' } })
  })

  test('a session can be traded for another of a day, and lives on', async () => {
    const { user, sessionOf, withCookie } = await gateway.database()
    await user('ann')
    const old = withCookie(await sessionOf('ann', 10))
    const fresh = withCookie(idIn(await old('POST', '/_session', {})))
    expect(said(await old('GET', '/doc'))).toBe('404 missing')
    gateway.advance(day * second - 1)
    expect(await saidInTurn(() => old('GET', '/doc'), () => fresh('GET', '/doc'))).toEqual(['401 Session Invalid', '404 missing'])
  })

  test.each([
    [{}, ''], [{ session_cookie_secure: true }, '; Secure'], [{ session_cookie_http_only: true }, '; HttpOnly'], [{ session_cookie_secure: true, session_cookie_http_only: true }, '; HttpOnly; Secure'],
    [{ session_cookie_secure: true, cors: { origin: ['*'] } }, '; Secure; SameSite=None'], [{ cors: { origin: ['*'] } }, ''],
  ])('with %j sets a cookie that ends in %j', async (config, ending) => {
    const { admin, open } = await gateway.database(config)
    await admin('PUT', '/_user/ann', secret)
    expect(cookieOf(await open('POST', '/_session', { name: 'ann', ...secret })).replace(/^.*GMT/, '')).toBe(ending)
  })

  test('the cookie may have another name, and then the usual one is nothing', async () => {
    const { admin, open, user, sessionOf } = await gateway.database({ session_cookie_name: 'Other' })
    await user('ann')
    const id = await sessionOf('ann')
    expect((await admin('POST', '/_session', { name: 'ann' })).body).toMatchObject({ cookie_name: 'Other' })
    expect(await saidInTurn(
      () => open('GET', '/doc', undefined, { cookie: `Other=${id}` }),
      () => open('GET', '/doc', undefined, { cookie: `SyncGatewaySession=${id}` }),
    )).toEqual(['404 missing', '401 Invalid login'])
  })
})

describe('a session for one time', () => {
  test('is good once', async () => {
    const { user, withCookie } = await gateway.database()
    const ann = await user('ann')
    const answer = await ann('POST', '/_session?one_time=true', {})
    expect([answer.status, answer.headers['set-cookie']]).toEqual([200, undefined])
    const once = withCookie(String(member(answer.body, 'one_time_session_id')))
    expect(await saidInTurn(() => once('GET', '/doc'), () => once('GET', '/doc'))).toEqual(['404 missing', '401 Session Invalid'])
  })

  test('lasts five minutes', async () => {
    const { user, withCookie } = await gateway.database()
    const ann = await user('ann')
    const make = async () => withCookie(String(member((await ann('POST', '/_session?one_time=true', {})).body, 'one_time_session_id')))
    const [first, second_] = [await make(), await make()]
    gateway.advance(300 * second - 1)
    expect(said(await first('GET', '/doc'))).toBe('404 missing')
    gateway.advance(1)
    expect(said(await second_('GET', '/doc'))).toBe('401 Session Invalid')
  })

  test('wants a login, and the admin port knows nothing of it', async () => {
    const { admin, open } = await gateway.database()
    await admin('PUT', '/_user/ann', secret)
    expect((await open('POST', '/_session?one_time=true', {})).status).toBe(401)
    expect((await admin('POST', '/_session?one_time=true', { name: 'ann' })).body).toHaveProperty('session_id')
  })
})

describe('ending', () => {
  test('one session leaves the others, and twice is fine', async () => {
    const { admin, user, sessionOf } = await gateway.database()
    const ann = await user('ann')
    const id = await sessionOf('ann')
    expect(await saidInTurn(
      () => admin('DELETE', `/_session/${id}`), () => admin('DELETE', `/_session/${id}`), () => admin('DELETE', `/_session/${'0'.repeat(40)}`), () => admin('GET', `/_session/${id}`),
      () => ann('GET', '/doc'),
    )).toEqual(['200', '200', '404 missing', '404 missing', '404 missing'])
  })

  test.each([
    ['all of them', 'DELETE', '/_user/ann/_session', undefined, '401 Session no longer valid for user'],
    ['a new password', 'PUT', '/_user/ann', { password: 'other' }, '401 Session no longer valid for user'],
    ['the same password', 'PUT', '/_user/ann', secret, '401 Session no longer valid for user'],
    ['deleting the user', 'DELETE', '/_user/ann', undefined, '401 Session no longer valid for user'],
    ['other channels', 'PUT', '/_user/ann', { admin_channels: ['x'] }, '404 missing'],
    ['disabling the user', 'PUT', '/_user/ann', { disabled: true }, '404 missing'],
  ])('by %s', async (_what, method, path, body, expected) => {
    const { admin, user } = await gateway.database()
    const ann = await user('ann')
    await admin(method, path, body)
    expect(said(await ann('GET', '/doc'))).toBe(expected)
  })

  test('the sessions of a user: one that is not its own is a 404, and an unknown user is fine', async () => {
    const { admin, user, sessionOf } = await gateway.database()
    await user('ann')
    await user('bob')
    const id = await sessionOf('ann')
    expect(await saidInTurn(
      () => admin('DELETE', `/_user/bob/_session/${id}`), () => admin('DELETE', `/_user/ann/_session/${id}`), () => admin('DELETE', `/_user/ann/_session/${id}`),
      () => admin('DELETE', '/_user/nobody/_session'),
    )).toEqual(['404 missing', '200', '404 missing', '200'])
  })

  test('by the client itself empties the cookie', async () => {
    const { admin, user, open, sessionOf, withCookie } = await gateway.database()
    await user('ann')
    const id = await sessionOf('ann')
    const answer = await withCookie(id)('DELETE', '/_session')
    expect([answer.status, cookieOf(answer).startsWith('SyncGatewaySession=;')]).toEqual([200, true])
    expect((await admin('GET', `/_session/${id}`)).status).toBe(404)
    expect(await saidInTurn(() => open('DELETE', '/_session'), () => open('DELETE', '/_session', undefined, basic('ann', 'secret')))).toEqual(['401 Login required', '404 no session'])
  })
})

describe('a disabled user', () => {
  test('gets no new session and no Basic login, but keeps what it has', async () => {
    const { admin, open, user } = await gateway.database()
    const ann = await user('ann', { admin_channels: ['*'] })
    await admin('PUT', '/_user/ann', { disabled: true })
    await admin('PUT', '/doc', { a: 1 })
    expect(await saidInTurn(
      () => admin('POST', '/_session', { name: 'ann' }), () => open('GET', '/doc', undefined, basic('ann', 'secret')), () => open('POST', '/_session', { name: 'ann', ...secret }),
      () => ann('POST', '/_session', {}), () => ann('GET', '/doc'), () => ann('PUT', '/new', {}),
    )).toEqual(['400 User is disabled', '401 Invalid login', '401 Invalid login', '400 User is disabled', '200', '201'])
  })
})

describe('who am I', () => {
  test('is nobody with a dead cookie and 401 with a wrong password', async () => {
    const { open, user, withCookie } = await gateway.database()
    await user('ann')
    expect((await open('GET', '/_session')).body).toMatchObject({ userCtx: { name: null } })
    expect((await withCookie('0'.repeat(40))('GET', '/_session')).body).toMatchObject({ userCtx: { name: null } })
    expect(said(await open('GET', '/_session', undefined, basic('ann', 'wrong')))).toBe('401 Invalid login')
    expect((await open('GET', '/_session', undefined, basic('ann', 'secret'))).body).toMatchObject({ userCtx: { name: 'ann' } })
  })
})

describe('without passwords', () => {
  const prepare = async () => {
    const db = await gateway.database({ disable_password_auth: true })
    return { ...db, ann: await db.user('ann') }
  }

  test('Basic is ignored, not refused', async () => {
    const { open } = await prepare()
    expect((await open('GET', '/_session', undefined, basic('ann', 'secret'))).body).toMatchObject({ userCtx: { name: null } })
    expect(said(await open('GET', '/doc', undefined, basic('ann', 'secret')))).toMatch(/^401 /)
  })

  test('strangers cannot sign in, but whoever is signed in can, even as somebody else', async () => {
    const { admin, open, ann } = await prepare()
    await admin('PUT', '/_user/bob', secret)
    expect(said(await open('POST', '/_session', { name: 'bob', ...secret }))).toBe('401 Password authentication is disabled')
    expect((await ann('POST', '/_session', { name: 'bob', ...secret })).body).toMatchObject({ userCtx: { name: 'bob' } })
  })
})

test.each([[{}, 'Basic realm="Couchbase Sync Gateway"'], [{ send_www_authenticate_header: false }, undefined]])('with %j a 401 asks for %s', async (config, header) => {
  const { open } = await gateway.database(config)
  expect((await open('GET', '/doc')).headers['www-authenticate']).toBe(header)
})

test('a bad cookie is a 401 that asks for nothing', async () => {
  const { withCookie } = await gateway.database()
  const answer = await withCookie('0'.repeat(40))('GET', '/doc')
  expect([said(answer), answer.headers['www-authenticate']]).toEqual(['401 Session Invalid', undefined])
})
