// Bearer tokens of an issuer that the database trusts (`local_jwt`).
import { generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../local/sync-gateway/json.ts'
import { member, said, saidInTurn, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

const issuer = 'https://issuer.example/path'
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwk = { ...(publicKey.export({ format: 'jwk' }) as JsonObject), alg: 'ES256', kid: 'k1', use: 'sig' }

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const token = (claims: object, { header = {}, key = privateKey } = {}) => {
  const seconds = Math.floor(gateway.now() / 1000)
  const text = `${part({ alg: 'ES256', kid: 'k1', ...header })}.${part({ iss: issuer, aud: 'app', sub: 'ann', name: 'ann', exp: seconds + 60, iat: seconds, ...claims })}`
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

const prepare = async (provider: JsonObject = {}, config: JsonObject = {}) => {
  const db = await gateway.database({ ...config, local_jwt: { mine: { issuer, client_id: 'app', algorithms: ['ES256'], keys: [jwk], username_claim: 'name', ...provider } } })
  await db.admin('PUT', '/_user/ann', { password: 'secret', admin_channels: ['*'] })
  const get = (bearer: string) => db.open('GET', '/doc', undefined, { authorization: bearer })
  return { ...db, get, with: (claims: object, how?: object) => get(`Bearer ${token(claims, how)}`) }
}

describe('a token', () => {
  test('signs its user in', async () => expect(said(await (await prepare()).with({}))).toBe('404 missing'))

  test.each([
    ['another issuer', { iss: 'https://other.example' }, {}], ['another audience', { aud: 'other' }, {}], ['no audience', { aud: undefined }, {}], ['no end', { exp: undefined }, {}], ['no subject', { sub: undefined }, {}],
    ['no user name', { name: undefined }, {}], ['a user that is not there', { name: 'bob' }, {}], ['another key', {}, { key: other.privateKey }], ['an unknown kid', {}, { header: { kid: 'k2' } }],
    ['another algorithm', {}, { header: { alg: 'HS256' } }], ['no algorithm', {}, { header: { alg: 'none' } }],
  ])('with %s is a 401', async (_what, claims, how) => expect(said(await (await prepare()).with(claims, how))).toBe('401 Invalid login'))

  test.each([
    ['one of several audiences', { aud: ['x', 'app'] }, {}], ['any type', {}, { header: { typ: 'x' } }], ['an iat in the future', { iat: 4_000_000_000 }, {}], ['a key of its sender (cnf)', { cnf: { jkt: 'x' } }, {}],
    ['no kid, where there is one key', {}, { header: { kid: undefined } }],
  ])('with %s is good', async (_what, claims, how) => expect(said(await (await prepare()).with(claims, how))).toBe('404 missing'))

  test('ends when it says so', async () => {
    const { get } = await prepare()
    const good = `Bearer ${token({})}`
    gateway.advance(59_000)
    expect(said(await get(good))).toBe('404 missing')
    gateway.advance(2000)
    expect(said(await get(good))).toBe('401 Invalid login')
  })

  test('may be five minutes early', async () => {
    const db = await prepare()
    const seconds = Math.floor(gateway.now() / 1000)
    expect(await saidInTurn(() => db.with({ nbf: seconds + 299 }), () => db.with({ nbf: seconds + 302 }))).toEqual(['404 missing', '401 Invalid login'])
  })

  test.each(['bearer', 'BEARER', 'Bearer '])('is nothing after %j', async (scheme) => {
    const { get } = await prepare()
    expect((await get(`${scheme} ${token({})}`)).status).toBe(401)
  })

  test('means nothing to a database that trusts nobody', async () => {
    const { open } = await gateway.database()
    expect(said(await open('GET', '/doc', undefined, { authorization: `Bearer ${token({})}` }))).toBe('401 Invalid login')
  })

  test('makes a wrong login of who am I', async () => {
    const { open } = await prepare()
    expect(said(await open('GET', '/_session', undefined, { authorization: 'Bearer x' }))).toBe('401 Invalid login')
  })

  test('can be traded for a session', async () => {
    const { open } = await prepare()
    const answer = await open('POST', '/_session', undefined, { authorization: `Bearer ${token({})}` })
    expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ userCtx: expect.objectContaining({ name: 'ann' }) })])
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^SyncGatewaySession=/)
  })

  test('keeps working for a disabled user, and without passwords', async () => {
    const db = await prepare({}, { disable_password_auth: true })
    await db.admin('PUT', '/_user/ann', { disabled: true })
    expect(said(await db.with({}))).toBe('404 missing')
  })
})

describe('the user name', () => {
  const nameFor = async (provider: JsonObject, claims: object) => {
    const db = await prepare({ register: true, ...provider })
    await db.with(claims)
    return ((await db.admin('GET', '/_user/')).body as string[]).filter((name) => name !== 'ann').join()
  }

  test.each([
    [{}, { name: 'bob' }, 'bob'], [{}, { name: 'u::1' }, 'u%3A%3A1'], [{}, { name: 'a b' }, 'a+b'], [{ user_prefix: 'p' }, { name: 'bob' }, 'p_bob'],
    [{ username_claim: '' }, { sub: 'bob' }, 'issuer.example%2Fpath_bob'], [{ username_claim: '', user_prefix: 'p' }, { sub: 'bob' }, 'p_bob'], [{ register: false }, { name: 'bob' }, ''],
  ])('by %j from %j is %j', async (provider, claims, name) => expect(await nameFor(provider, claims)).toBe(name))

  test('empty is the guest, who gets in though disabled', async () => {
    const db = await prepare()
    expect(said(await db.with({ name: '' }))).toBe('404 missing')
  })

  test('of a registered user has no channels', async () => {
    const db = await prepare({ register: true })
    await db.admin('PUT', '/doc', { channels: ['a'] })
    expect(said(await db.with({ name: 'bob' }))).toBe('403 forbidden')
    expect((await db.admin('GET', '/_user/bob')).body).toMatchObject({ all_channels: ['!'] })
  })
})

describe('claims of channels and roles', () => {
  test('count while the token says so', async () => {
    const db = await prepare({ register: true, channels_claim: 'ch', roles_claim: 'ro' })
    await db.admin('PUT', '/_role/r', { admin_channels: ['b'] })
    await db.admin('PUT', '/doc', { channels: ['a', 'b'] })
    expect(await saidInTurn(() => db.with({ name: 'bob' }), () => db.with({ name: 'bob', ch: ['a'] }), () => db.with({ name: 'bob', ro: ['r'] }), () => db.with({ name: 'bob' }))).toEqual(['403 forbidden', '200', '200', '403 forbidden'])
  })
})

test('what a token gave ends with its provider', async () => {
  const db = await prepare({ register: true, channels_claim: 'ch' })
  await db.admin('PUT', '/doc', { channels: ['a'] })
  await db.with({ name: 'bob', ch: ['a'] })
  const bob = db.withCookie(await db.sessionOf('bob'))
  expect(said(await bob('GET', '/doc'))).toBe('200')
  await db.admin('PUT', '/_config', {})
  expect(said(await bob('GET', '/doc'))).toBe('403 forbidden')
})

test('the first token takes a sequence, and then only one that says something new; its email becomes that of the user', async () => {
  const db = await prepare()
  const email = async () => member((await db.admin('GET', '/_user/ann')).body, 'email')
  const seen: unknown[] = []
  for (const claims of [{}, {}, { email: 'a@example.com' }, { email: 'a@example.com' }, {}]) {
    await db.with(claims)
    seen.push([await db.sequence(), await email()])
  }
  expect(seen).toEqual([[2, ''], [2, ''], [3, 'a@example.com'], [3, 'a@example.com'], [4, '']])
})

describe('a provider', () => {
  test.each([
    ['without issuer', { issuer: '' }], ['without client_id', { client_id: undefined }], ['without algorithms', { algorithms: [] }], ['without keys', { keys: undefined }], ['with an unknown algorithm', { algorithms: ['XS1'] }],
    ['with a private key', { keys: [{ ...jwk, d: 'x' }] }], ['with keys and a URL of them', { jwks_uri: 'http://127.0.0.1/keys' }], ['with a key without alg', { keys: [{ ...jwk, alg: undefined }] }],
  ])('%s is a 400', async (_what, provider) => {
    const config = { local_jwt: { mine: { issuer, client_id: 'app', algorithms: ['ES256'], keys: [jwk], ...provider } } }
    expect((await gateway.admin('PUT', '/refused/', config)).status).toBe(400)
  })

  test('with an empty client_id takes any audience', async () => expect(said(await (await prepare({ client_id: '' })).with({ aud: 'whoever' }))).toBe('404 missing'))
})
