// Databases: made, listed, configured, taken offline, removed.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { member, said, saidInTurn, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

describe('making a database', () => {
  test('answers 201 without a body, and 412 the second time', async () => {
    const made = await gateway.admin('PUT', '/once/', {})
    expect([made.status, made.text]).toEqual([201, ''])
    expect(said(await gateway.admin('PUT', '/once/', {}))).toBe('412 Duplicate database name "once"')
  })

  test.each([
    ['a member that nobody knows', '/bad/', { nonsense: 1 }],
    ['capital letters', '/Bad/', {}],
    ['a digit in front', '/1bad/', {}],
    ['a sync function that is none', '/bad/', { sync: 'function (doc) {' }],
    ['a number for a text', '/bad/', { bucket: 1 }],
    ['allow_conflicts', '/bad/', { allow_conflicts: true }],
    ['no shared bucket access', '/bad/', { enable_shared_bucket_access: false }],
    ['a revs_limit of 0', '/bad/', { revs_limit: 0 }],
    ['a connection of its own', '/bad/', { server: 'couchbase://other' }],
    ['two scopes', '/bad/', { scopes: { a: { collections: { x: {} } }, b: { collections: { x: {} } } } }],
    ['views with named collections', '/bad/', { use_views: true, scopes: { a: { collections: { x: {} } } } }],
    ['a sync function of the database next to named collections', '/bad/', { sync: 'function () {}', scopes: { a: { collections: { x: {} } } } }],
    ['another name in the body', '/bad/', { name: 'worse' }],
    ['a body that is no JSON', '/bad/', '{'],
  ])('refuses %s', async (_why, path, body) => {
    expect((await gateway.admin('PUT', path, body)).status).toBe(400)
    expect(member((await gateway.admin('GET', '/_all_dbs')).body)).not.toContain('bad')
  })

  test.each([{ revs_limit: 1 }, { allow_conflicts: false }, { enable_shared_bucket_access: true }, { num_index_replicas: 0, use_views: true, bucket: 'other' }, { import_docs: true }])(
    'takes %j',
    async (config) => { await expect(gateway.database(config)).resolves.toBeDefined() },
  )

  test('is not for the public port, which tells whether there is one', async () => {
    await gateway.database()
    expect(await saidInTurn(() => gateway.open('PUT', '/db1/', {}), () => gateway.open('PUT', '/nowhere/', {}))).toEqual([
      '412 Database already exists', '403 Creating a DB over the public API is unsupported',
    ])
  })
})

describe('environment variables in a configuration', () => {
  const made = async (text: string) => {
    const name = `env${Math.random().toString(36).slice(2)}`
    const { status } = await gateway.admin('PUT', `/${name}/`, text)
    return status === 201 ? member((await gateway.admin('GET', `/${name}/_config`)).body, 'sync') : status
  }
  const config = (comment: string) => JSON.stringify({ sync: `function () { /* ${comment} */ }` })

  test.each([
    ['$HOME', `function () { /* ${process.env['HOME']} */ }`],
    ['${HOME}', `function () { /* ${process.env['HOME']} */ }`],
    ['$$HOME', 'function () { /* $HOME */ }'],
    ['$/ $) $|', 'function () { /* $/ $) $| */ }'],
    ['$NOBODY_HAS_SET_THIS', 500],
    ['${NOBODY_HAS_SET_THIS}', 500],
    ['$1', 500],
  ])('%s becomes %s', async (comment, expected) => expect(await made(config(comment))).toBe(expected))

  test('a pair of backticks breaks the JSON inside a text, and is a text by itself', async () => {
    expect(await made(config('`x`'))).toBe(400)
    expect(await made('{"sync": `function () { "quoted" }`}')).toBe('function () { "quoted" }')
  })

  test('a sync function sent as JavaScript keeps its dollars and backticks', async () => {
    const { admin } = await gateway.database()
    const text = 'function () { /* $NOBODY_HAS_SET_THIS `x` */ }'
    expect((await admin('PUT', '/_config/sync', text, { 'content-type': 'application/javascript' })).status).toBe(200)
    expect((await admin('GET', '/_config/sync')).text).toBe(text)
  })
})

describe('a database that is not there', () => {
  test.each([['GET', '/nowhere/'], ['GET', '/nowhere/doc'], ['PUT', '/nowhere/doc'], ['GET', '/nowhere/_changes'], ['GET', '/nowhere/_user/']])('%s %s: 404 for the admin', async (method, path) => {
    expect(said(await gateway.admin(method, path, method === 'PUT' ? {} : undefined))).toBe('404 no such database "nowhere"')
  })

  test('is hidden from the public', async () => {
    const basic = { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` }
    expect(await saidInTurn(() => gateway.open('GET', '/nowhere/'), () => gateway.open('GET', '/nowhere/doc', undefined, basic))).toEqual(['401 Login required', '401 Invalid login'])
  })
})

describe('configuring a database', () => {
  const sync = 'function (doc) { throw({ forbidden: "no" }) }'
  const put = (ask: { admin: (method: string, path: string, body?: unknown) => Promise<{ status: number }> }, id: string) => ask.admin('PUT', `/${id}`, {}).then(({ status }) => status)

  test('POST changes only the members that it names', async () => {
    const db = await gateway.database({ sync, revs_limit: 7 })
    expect((await db.admin('POST', '/_config', { revs_limit: 8 })).status).toBe(201)
    expect((await db.admin('GET', '/_config')).body).toMatchObject({ revs_limit: 8, sync })
    expect(await put(db, 'a')).toBe(403)
  })

  test('PUT replaces all, so that the default sync function lets anybody write', async () => {
    const db = await gateway.database({ sync })
    expect((await db.admin('PUT', '/_config', { revs_limit: 8 })).status).toBe(201)
    expect(member((await db.admin('GET', '/_config')).body, 'sync')).toBeUndefined()
    expect(await put(db, 'a')).toBe(201)
  })

  test('sessions, users and documents survive it', async () => {
    const db = await gateway.database()
    const ann = await db.user('ann', { admin_channels: ['*'] })
    await db.admin('PUT', '/doc', { a: 1 })
    await db.admin('PUT', '/_config', {})
    expect((await ann('GET', '/doc')).status).toBe(200)
  })

  test('POST merges what is inside a member, too', async () => {
    const db = await gateway.database({ cors: { origin: ['https://a.example'], max_age: 5 } })
    await db.admin('POST', '/_config', { cors: { origin: ['https://b.example'] } })
    expect(member((await db.admin('GET', '/_config')).body, 'cors')).toEqual({ origin: ['https://b.example'], max_age: 5 })
  })

  test('counts its versions, and names the new one', async () => {
    const db = await gateway.database()
    const versions = [await db.admin('GET', '/_config'), await db.admin('POST', '/_config', {}), await db.admin('PUT', '/_config', {}), await db.admin('GET', '/_config/sync')]
    expect(versions.map(({ headers }) => /^"(\d)-[0-9a-f]{32}"$/.exec(headers.etag ?? '')?.[1])).toEqual(['1', '2', '3', '3'])
    expect(versions[3]?.headers.etag).toBe(versions[2]?.headers.etag)
  })

  test('does not change its name', async () => {
    const { admin } = await gateway.database()
    expect(said(await admin('POST', '/_config', { name: 'other' }))).toBe('400 Cannot update database name. This requires removing and re-creating the database with a new name')
  })

  test('shows all members of a token issuer, also those that were not sent', async () => {
    const keys = [{ kty: 'EC', crv: 'P-256', alg: 'ES256', kid: 'k', x: 'V1JgSoN40ahAzN9uTpsmM1jn0aQA61mJsdqT_UlKSYA', y: 'JJcIi2tQOsuNzjaJwG1yv1n5RkSjH1o-Ne4AJ9mdnX0' }]
    const ours = { issuer: 'https://issuer.example', client_id: 'a', algorithms: ['ES256'], keys }
    const { admin } = await gateway.database({ local_jwt: { ours } })
    expect(member((await admin('GET', '/_config')).body, 'local_jwt', 'ours')).toEqual({
      ...ours, register: false, username_claim: '', roles_claim: '', channels_claim: '', jwks_uri: '', skip_expiry_check: null,
    })
  })

  test('a bad one changes nothing', async () => {
    const db = await gateway.database({ sync })
    expect((await db.admin('POST', '/_config', { sync: 'no function' })).status).toBe(400)
    expect(await put(db, 'a')).toBe(403)
  })

  test('an If-Match of another version is a 412', async () => {
    const db = await gateway.database()
    const { etag = '' } = (await db.admin('GET', '/_config')).headers
    expect((await db.admin('POST', '/_config', { revs_limit: 9 }, { 'if-match': '"1-abc"' })).status).toBe(412)
    expect((await db.admin('POST', '/_config', { revs_limit: 9 }, { 'if-match': etag })).status).toBe(201)
  })

  test('is not for the public port', async () => {
    const { open } = await gateway.database({ guest: { disabled: false, admin_channels: ['*'] } })
    const paths = ['/_config', '/_config/sync', '/_raw/doc', '/_user/', '/_role/']
    for (const path of paths) expect(said(await open('GET', path))).toBe('404 unknown URL')
    for (const path of ['/_offline', '/_online', '/_resync', '/_purge']) expect(said(await open('POST', path, {}))).toBe('404 unknown URL')
  })

  test('DELETE of the sync function brings back the default one', async () => {
    const db = await gateway.database({ sync })
    expect((await db.admin('DELETE', '/_config/sync')).status).toBe(200)
    expect((await db.admin('GET', '/_config/sync')).text).toBe('')
    expect(await put(db, 'a')).toBe(201)
  })
})

describe('a database offline', () => {
  test('answers 503, except for its own state, until it is online again', async () => {
    const db = await gateway.database()
    const ann = await db.user('ann')
    await db.admin('POST', '/_offline', {})
    expect(await saidInTurn(() => db.admin('GET', '/doc'), () => ann('GET', '/doc'), () => db.admin('GET', '/_changes'))).toEqual(Array(3).fill('503 DB is currently under maintenance'))
    expect(member((await db.admin('GET', '/')).body, 'state')).toBe('Offline')
    expect((await db.admin('POST', '/_offline', {})).status).toBe(503)
    await db.admin('POST', '/_online', {})
    expect(await saidInTurn(() => db.admin('GET', '/doc'), () => ann('GET', '/doc'))).toEqual(['404 missing', '404 missing'])
  })
})

describe('removing a database', () => {
  test('takes it off the list, and the bucket keeps what was in it', async () => {
    const db = await gateway.database({ bucket: 'kept' })
    await db.admin('PUT', '/doc', { a: 1 })
    expect((await db.admin('DELETE', '/')).status).toBe(200)
    expect((await db.admin('GET', '/doc')).status).toBe(404)
    expect((await gateway.admin('GET', '/_all_dbs')).body).not.toContain(db.name)
    await gateway.admin('PUT', `/${db.name}/`, { bucket: 'kept' })
    expect((await db.admin('GET', '/doc')).body).toMatchObject({ a: 1 })
  })
})

describe('paths', () => {
  test.each([
    ['PUT', '/_session', 405], ['DELETE', '/_changes', 405], ['PATCH', '/doc', 405], ['POST', '/_user/ann', 405], ['GET', '/_purge', 405], ['GET', '/_nothing', 404],
  ])('%s %s below a database is a %i', async (method, path, status) => {
    const { admin } = await gateway.database()
    expect((await admin(method, path)).status).toBe(status)
  })

  test('without the final slash a POST is a 301', async () => {
    const { admin, name } = await gateway.database()
    const { status, headers } = await admin('POST', '/_user', { name: 'ann', password: 'secret' })
    expect([status, headers.location]).toEqual([301, `/${name}/_user/`])
  })

  test.each([['/./doc?a=b', '/doc?a=b'], ['/doc/..', ''], ['/%2e%2e', undefined]])('%s is a 301 to where its dots lead', async (path, below) => {
    const { admin, name } = await gateway.database()
    const { status, headers, text } = await admin('GET', path)
    expect([status, headers.location, text]).toEqual([301, below === undefined ? '/' : `/${name}${below}`, ''])
  })

  test('the gateway itself says what it is, and to the admin that it is the admin port', async () => {
    expect((await gateway.admin('GET', '/')).body).toMatchObject({ couchdb: 'Welcome', ADMIN: true })
    expect((await gateway.open('GET', '/')).body).not.toHaveProperty('ADMIN')
  })
})
