// openapi.yaml is a document by its own standard, has the routes of the deployment, and describes every answer of the functions; and each answer that it describes is given.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Validator } from '@seriousme/openapi-schema-validator'
import { readRoutes } from '../../local/routes.ts'
import { app, ciba } from '../app.ts'
import { manualClock } from '../manual-clock.ts'
import { webhooks } from '../twilio/package.ts'
import { world, type World } from '../world.ts'
import { judge, readOpenApi, routesOf, type Given, type OpenApi } from './document.ts'

const clock = manualClock(Date.now())
let document: OpenApi
let here: World
const given: Given[] = []
beforeAll(async () => {
  document = await readOpenApi()
  here = await world({ clock, given: { COUNTRIES: 'US' } })
})
afterAll(() => here.close())

const ask = async (route: string, init: RequestInit = {}, query = '') => {
  const [method = '', path = ''] = route.split(' ')
  const response = await fetch(`${here.url}${path}${query}`, { method, ...init })
  const answer: Given = { route, status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() }
  given.push(answer)
  return { ...answer, json: (answer.text.startsWith('{') ? JSON.parse(answer.text) : {}) as Record<string, unknown> }
}
const form = (fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({ body: new URLSearchParams({ client_id: 'app', ...fields }), headers })
const call = (number: string, fields: Record<string, string> = {}) => ask('POST /call', form({ scope: 'openid', login_hint: number, ...fields }))
const poll = (authReqId: unknown, headers: Record<string, string> = {}) => ask('POST /token', form({ grant_type: ciba, auth_req_id: String(authReqId) }, headers))
const bearer = (token: unknown): RequestInit => ({ headers: { authorization: `Bearer ${String(token)}` } })
const person = () => app(here)

const signIn = async (number: string) => {
  const { json } = await call(number)
  await poll(json['auth_req_id'])
  clock.advance(2_000)
  const [answer] = await Promise.all([poll(json['auth_req_id'], { prefer: 'wait=20' }), person().phone(number).keys(String(json['match_code']))])
  return answer.json
}

/** As Twilio would send it; the call is one that nobody knows. */
const webhook = (route: string, fields: Record<string, string>) => {
  const query = '?line=nobody&call=none&attempt=1'
  const signature = webhooks.getExpectedTwilioSignature('callgate-local', `${here.url}${route.split(' ')[1] ?? ''}${query}`, fields)
  return ask(route, { body: new URLSearchParams(fields), headers: { 'x-twilio-signature': signature } }, query)
}

test('the document is one of OpenAPI 3.1', async () => {
  const validator = new Validator()
  const { valid, errors } = await validator.validate(`${import.meta.dirname}/../../openapi.yaml`)
  expect([valid, errors]).toEqual([true, undefined])
  expect(validator.version).toBe('3.1')
})

test('its routes are those of the deployment', async () => {
  const sorted = (routes: string[]) => routes.sort((left, right) => left.localeCompare(right))
  expect(sorted(routesOf(document))).toEqual(sorted((await readRoutes()).map(({ method, path }) => `${method} ${path}`)))
})

describe('every answer is described', () => {
  test('of a person who signs in, syncs, refreshes and leaves', async () => {
    const tokens = await signIn('+12025550001')
    await ask('POST /session', bearer(tokens['access_token']))
    await ask('GET /session', bearer(tokens['access_token']))
    const refreshed = await ask('POST /token', form({ grant_type: 'refresh_token', refresh_token: String(tokens['refresh_token']) }))
    await ask('DELETE /session', bearer(refreshed.json['access_token']), '?all=true')
    await ask('POST /revoke', form({ token: String(refreshed.json['refresh_token']) }))
    await ask('GET /.well-known/openid-configuration')
    await ask('GET /.well-known/jwks.json')
    expect(given.filter(({ status }) => status >= 300).map(({ status }) => status)).toEqual([400])
  })

  test('of one who is refused', async () => {
    await call('none')
    await call('+442079460018')
    await call('+12025550002')
    await call('+12025550002')
    for (const route of ['POST /call', 'POST /token', 'POST /revoke']) {
      await ask(route, form({}))
      await ask(route, form({ client_id: 'nobody' }))
    }
    for (const route of ['POST /session', 'GET /session', 'DELETE /session']) await ask(route)
  })

  test('of one whose account is disabled', async () => {
    const { access_token: token } = await signIn('+12025550003')
    await ask('POST /session', { ...bearer(token), body: new URLSearchParams({ ttl: '1' }) })
    await ask('DELETE /session', bearer(token))
    await here.manage({ action: 'disable', number: '+12025550003' })
    for (const route of ['POST /session', 'GET /session']) await ask(route, bearer(token))
    await ask('DELETE /session', bearer(token), '?all=true')
  })

  test('of the phone company, and of who is not', async () => {
    for (const [route, fields] of [['POST /call/keys', { Digits: '123' }], ['POST /call/status', { CallStatus: 'busy' }]] as const) {
      await webhook(route, fields)
      await ask(route, form({}))
    }
  })

  test('to what is too long, when nothing works, and when the service is set up wrong', async () => {
    const routes = routesOf(document)
    for (const route of routes.filter((each) => !each.startsWith('GET'))) await ask(route, form({ x: 'y'.repeat(9_000) }))
    const { AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets = '', ISSUER: issuer = '' } = here.environment
    const full: Record<string, RequestInit> = {
      'POST /call': form({ scope: 'openid', login_hint: '+12025550004' }), 'POST /token': form({ grant_type: ciba, auth_req_id: 'a.b' }), 'POST /revoke': form({ token: 't' }),
      ...Object.fromEntries(['POST', 'GET', 'DELETE'].map((method) => [`${method} /session`, bearer('a.b.c')])),
    }
    for (const [name, wrong] of [['AWS_ENDPOINT_URL_SECRETS_MANAGER', 'http://127.0.0.1:1'], ['ISSUER', 'none']] as const) {
      here.environment[name] = wrong
      here.restart()
      for (const route of routes) await ask(route, full[route] ?? (route.startsWith('GET') ? {} : form({})))
      Object.assign(here.environment, { AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets, ISSUER: issuer })
    }
    here.restart()
  })

  test('as it stands there, and each that stands there was given', () => {
    expect(given.flatMap(judge(document))).toEqual([])
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { responses }]) => Object.keys(responses).map((status) => `${method.toUpperCase()} ${path} ${status}`)))
    const seen = new Set(given.map(({ route, status }) => `${route} ${status}`))
    expect(described.filter((each) => !seen.has(each))).toEqual([])
  })
})

test('what is not described is found', () => {
  const fine: Given = { route: 'POST /call', status: 429, headers: { 'content-type': 'application/json', 'retry-after': '9' }, text: '{"error":"slow_down","error_description":"Later."}' }
  const wrong: Partial<Given>[] = [{ status: 418 }, { text: '{"error":"slow_down"}' }, { text: '{"error":"unheard_of","error_description":"Later."}' }, { headers: {} }, { headers: { 'content-type': 'text/html' } }, { headers: { ...fine.headers, 'retry-after': 'soon' } }]
  expect([judge(document)(fine), ...wrong.map((change) => judge(document)({ ...fine, ...change }).length > 0)]).toEqual([[], ...wrong.map(() => true)])
})
