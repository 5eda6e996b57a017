// Named collections: their paths, their sync functions, and who may read them.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { said, saidInTurn, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

const secret = { password: 'secret' }
const scopes = { s: { collections: { a: {}, b: { sync: 'function () { throw({ forbidden: "b is closed" }) }' } } } }

describe('a named collection', () => {
  test('keeps its documents to itself, with one sequence for all', async () => {
    const { admin, sequence } = await gateway.database({ scopes: { s: { collections: { a: {}, b: {} } } } })
    expect(await saidInTurn(() => admin('PUT', '.s.a/doc', {}), () => admin('GET', '.s.b/doc'), () => admin('PUT', '.s.b/doc', {}), () => admin('GET', '.s.a/doc'))).toEqual(['201', '404 missing', '201', '200'])
    expect(await sequence()).toBe(2)
    expect((await admin('GET', '.s.b/_changes')).body).toMatchObject({ results: [{ seq: 2, id: 'doc' }] })
  })

  test('may go without its scope', async () => {
    const { admin } = await gateway.database({ scopes })
    await admin('PUT', '.a/doc', { n: 1 })
    expect((await admin('GET', '.s.a/doc')).body).toMatchObject({ n: 1 })
  })

  test.each([['.s.c/doc', 404], ['.t.a/doc', 404], ['.c/doc', 404], ['/doc', 404], ['.a.b.c/doc', 500], ['./doc', 500]])('%s is a %i', async (path, status) => {
    const { admin } = await gateway.database({ scopes })
    expect((await admin('GET', path)).status).toBe(status)
  })

  test('stands next to the default one where that is configured', async () => {
    const { admin } = await gateway.database({ scopes: { _default: { collections: { _default: {}, a: {} } } } })
    expect(await saidInTurn(() => admin('PUT', '/doc', {}), () => admin('GET', '._default._default/doc'), () => admin('GET', '._default.a/doc'))).toEqual(['201', '200', '404 missing'])
  })

  test('is not there in a database without any', async () => {
    const { admin, name } = await gateway.database()
    expect(said(await admin('GET', '.s.a/doc'))).toBe(`404 keyspace ${name}.s.a not found`)
    await admin('PUT', '/doc', {})
    expect(said(await admin('GET', '._default._default/doc'))).toBe('200')
  })

  test.each(['_user/', '_role/', '_session', '_config', '_resync'])('what belongs to the database is not found below it: %s', async (path) => {
    const { admin } = await gateway.database({ scopes })
    expect((await admin('GET', `.s.a/${path}`)).status).toBe(400)
  })
})

describe('its sync function', () => {
  test('is its own', async () => {
    const { admin } = await gateway.database({ scopes })
    expect(await saidInTurn(() => admin('PUT', '.s.a/doc', {}), () => admin('PUT', '.s.b/doc', {}))).toEqual(['201', '403 b is closed'])
  })

  test('puts everything into a channel of its name otherwise', async () => {
    const { admin, user } = await gateway.database({ scopes })
    const ann = await user('ann', { collection_access: { s: { a: { admin_channels: ['a'] } } } })
    await admin('PUT', '.s.a/doc', { channels: ['b'] })
    expect(said(await ann('GET', '.s.a/doc'))).toBe('200')
  })

  test('can be set by itself', async () => {
    const { admin } = await gateway.database({ scopes })
    const javascript = { 'content-type': 'application/javascript' }
    expect((await admin('PUT', '.s.b/_config/sync', 'function () {}', javascript)).status).toBe(200)
    expect(said(await admin('PUT', '.s.b/doc', {}))).toBe('201')
    expect((await admin('PUT', '.s.b/_config/sync', 'function () => 1', javascript)).status).toBe(400)
  })
})

describe('a user of named collections', () => {
  test('gets nothing by plain admin_channels, though they are taken', async () => {
    const { admin, user } = await gateway.database({ scopes })
    const ann = await user('ann', { admin_channels: ['*'] })
    await admin('PUT', '.s.a/doc', {})
    expect(said(await ann('GET', '.s.a/doc'))).toBe('403 forbidden')
  })

  test('gets its channels by collection_access, each collection apart', async () => {
    const { admin, user } = await gateway.database({ scopes: { s: { collections: { a: {}, b: {} } } } })
    const ann = await user('ann', { collection_access: { s: { a: { admin_channels: ['*'] } } } })
    await admin('PUT', '.s.a/doc', {})
    await admin('PUT', '.s.b/doc', {})
    expect(await saidInTurn(() => ann('GET', '.s.a/doc'), () => ann('GET', '.s.b/doc'))).toEqual(['200', '403 forbidden'])
    expect((await admin('GET', '/_user/ann')).body).toMatchObject({ collection_access: { s: { a: { admin_channels: ['*'] } } } })
  })

  test('has no channels in its session', async () => {
    const { user } = await gateway.database({ scopes })
    expect((await (await user('ann'))('GET', '/_session')).body).toMatchObject({ userCtx: { name: 'ann', channels: null } })
  })

  test.each<[unknown, string]>([
    ['x', 'string into Go struct field PrincipalConfig.collection_access of type map[string]map[string]*auth.CollectionAccessConfig'],
    [{ s: [] }, 'array into Go struct field PrincipalConfig.collection_access of type map[string]*auth.CollectionAccessConfig'],
    [{ s: { a: 1 } }, 'number into Go struct field PrincipalConfig.collection_access of type auth.CollectionAccessConfig'],
    [{ s: { a: { admin_channels: 'x' } } }, 'string into Go struct field CollectionAccessConfig.collection_access.admin_channels of type []string'],
  ])('with a collection_access of %j is refused', async (access, fault) => {
    const { admin } = await gateway.database({ scopes })
    expect(said(await admin('PUT', '/_user/ann', { ...secret, collection_access: access }))).toBe(`400 Invalid JSON: "json: cannot unmarshal ${fault}"`)
  })

  test('of an unknown collection, or with effective channels, is refused', async () => {
    const { admin } = await gateway.database({ scopes })
    const put = (access: object) => admin('PUT', '/_user/ann', { ...secret, collection_access: access }).then(({ status }) => status)
    expect([await put({ s: { c: { admin_channels: ['x'] } } }), await put({ s: { a: { all_channels: ['x'] } } }), await put({ s: { a: { admin_channels: ['x,y'] } } })]).toEqual([404, 400, 400])
  })
})
