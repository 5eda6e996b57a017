// What pages of other origins are told.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Answer } from './request.ts'
import { said, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

const page = 'https://app.example'
const cors = { origin: [page], login_origin: [page], headers: ['Content-Type', 'Authorization'], max_age: 600 }
const from = (origin: string) => ({ origin })
const shared = ({ headers }: Answer) => Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')))
const always = { 'access-control-allow-credentials': 'true', 'access-control-allow-headers': 'Content-Type, Authorization' }

const prepare = async (config: object = cors) => {
  const db = await gateway.database({ cors: { ...config }, guest: { disabled: false, admin_channels: ['*'] } })
  await db.admin('PUT', '/doc', {})
  return db
}

describe('an answer', () => {
  test('names the origin that is allowed', async () => {
    const { open } = await prepare()
    expect(shared(await open('GET', '/doc', undefined, from(page)))).toEqual({ 'access-control-allow-origin': page, ...always })
  })

  test('to another origin names none', async () => {
    const { open } = await prepare()
    expect(shared(await open('GET', '/doc', undefined, from('https://other.example')))).toEqual(always)
  })

  test('without an origin says nothing of it, nor does the admin port', async () => {
    const { admin, open } = await prepare()
    expect([shared(await open('GET', '/doc')), shared(await admin('GET', '/doc', undefined, from(page)))]).toEqual([{}, {}])
  })

  test('to any origin is a star, if that is configured', async () => {
    const { open } = await prepare({ ...cors, origin: ['*'] })
    expect(shared(await open('GET', '/doc', undefined, from(page)))).toMatchObject({ 'access-control-allow-origin': '*' })
  })

  test('to a failed login says nothing', async () => {
    const { open } = await gateway.database({ cors })
    const answer = await open('GET', '/doc', undefined, from(page))
    expect([said(answer), shared(answer)]).toEqual(['401 Login required', {}])
  })

  test('of a database without cors says nothing', async () => {
    const { open } = await gateway.database({ guest: { disabled: false } })
    expect(shared(await open('GET', '/doc', undefined, from(page)))).toEqual({})
  })
})

test.each([['/doc', 'GET, HEAD, PUT, DELETE'], ['/_bulk_docs', 'POST'], ['/_session', 'GET, HEAD, POST, DELETE']])('a preflight of %s allows %s', async (path, methods) => {
  const { open } = await prepare()
  const answer = await open('OPTIONS', path, undefined, { ...from(page), 'access-control-request-method': 'PUT' })
  expect([answer.status, shared(answer)]).toEqual([204, { 'access-control-allow-origin': page, ...always, 'access-control-allow-methods': methods, 'access-control-max-age': '600' }])
})

describe('signing in and out', () => {
  test.each([[page, [page], 200], ['https://other.example', [page], 400], [page, [], 400], [page, ['*'], 200], ['', [], 200]])('from %j, if %j may: %i', async (origin, login_origin, status) => {
    const { admin, open } = await prepare({ ...cors, login_origin })
    await admin('PUT', '/_user/ann', { password: 'secret' })
    const headers = origin === '' ? {} : from(origin)
    const signIn = await open('POST', '/_session', { name: 'ann', password: 'secret' }, headers)
    expect(said(signIn)).toBe(status === 200 ? '200' : '400 No CORS')
    const cookie = (signIn.headers['set-cookie']?.[0] ?? 'SyncGatewaySession=x').split(';')[0] ?? ''
    if (status === 200) expect(said(await open('DELETE', '/_session', undefined, { ...headers, cookie }))).toBe('200')
  })
})
