// A life at the debug level: signing up, every refusal, every fault, and secrets in odd places. What must stay unseen is noted down on the way.
import { createHash, randomUUID } from 'node:crypto'
import { app, ciba, type Answer } from '../app.ts'
import type { manualClock } from '../manual-clock.ts'
import { prover } from '../fuzz/prover.ts'
import type { World } from '../world.ts'
import { echo } from './echo.ts'

export type Unseen = { what: string; text: string }

export const numbers = { person: '+12025550171', other: '+12025550172', moved: '+14165550173' } as const

export const life = async (here: World, clock: ReturnType<typeof manualClock>) => {
  const unseen: Unseen[] = []
  const note = (what: string, text: unknown) => {
    if (typeof text === 'string' && text !== '') unseen.push({ what, text })
  }
  const noted = (answer: Answer) => {
    for (const name of ['auth_req_id', 'match_code', 'access_token', 'id_token', 'refresh_token', 'session_id']) note(name, answer.json[name])
    note('nonce', answer.headers.get('dpop-nonce'))
    return answer
  }
  const person = app(here)
  const post = async (path: string, form: Record<string, string>, headers: Record<string, string> = {}) => {
    for (const name of ['dpop', 'idempotency-key']) note(name, headers[name])
    note('user_code', form['user_code'])
    return noted(await person.post(path, form, headers))
  }
  const call = (number: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) => post('/call', { client_id: 'app', scope: 'openid', login_hint: number, ...form }, headers)
  const session = async (token: unknown, init: RequestInit = {}, query = '') => noted(await person.session(token, init, query))
  return { unseen, note, person, post, call, session, here, clock }
}

export type Life = Awaited<ReturnType<typeof life>>

const digitsOf = ({ json }: Answer) => String(json['match_code'])
const poll = ({ post }: Life, { json }: Answer, headers = {}) => post('/token', { client_id: 'app', grant_type: ciba, auth_req_id: String(json['auth_req_id']) }, headers)
const refresh = ({ post }: Life, token: unknown, headers = {}) => post('/token', { client_id: 'app', grant_type: 'refresh_token', refresh_token: String(token) }, headers)

/** A life in which nothing works would show nothing. */
const must = async (status: number, answered: Promise<Answer>) => {
  const answer = await answered
  if (answer.status !== status) throw new Error(`${answer.status} in place of ${status}: ${answer.text}`)
  return answer
}

export const signIns = async (one: Life) => {
  const { call, person, session, clock, post } = one
  const phone = person.phone(numbers.person)
  const first = await must(200, call(numbers.person, { ui_locales: 'fr', binding_message: 'Blue whale' }, { 'idempotency-key': randomUUID() }))
  await must(400, poll(one, first))
  await phone.keys('000000')
  await phone.keys(digitsOf(first))
  const tokens = await must(200, poll(one, first))
  await must(400, poll(one, first))
  const made = await must(200, session(tokens.json['access_token']))
  await must(200, session(tokens.json['access_token'], { method: 'GET' }))
  await must(204, session(tokens.json['access_token'], { method: 'DELETE' }, `?session_id=${String(made.json['session_id'])}`))
  const next = await must(200, refresh(one, tokens.json['refresh_token']))
  await must(200, session(next.json['access_token']))
  clock.advance(61_000)
  await must(400, refresh(one, tokens.json['refresh_token']))
  await must(401, session(next.json['access_token']))
  for (const keys of [['111111', '111111'], ['*00000']]) {
    const refused = await must(200, call(numbers.person))
    for (const pressed of keys) await phone.keys(pressed)
    await must(400, poll(one, refused))
  }
  await must(429, call(numbers.person))
  clock.advance(86_400_000)
  await must(400, call(numbers.person, { user_code: 'no-test-number' }))
  const last = await must(200, call(numbers.person))
  await phone.answer()
  await phone.hangup()
  await must(400, poll(one, last))
  await must(200, post('/revoke', { client_id: 'app', token: String(next.json['refresh_token']) }))
}

export const boundSignIn = async (one: Life) => {
  const { call, person, session, here, clock, note } = one
  const key = prover(here.url, clock.now)
  const called = await must(200, call(numbers.other))
  await person.phone(numbers.other).keys(digitsOf(called))
  const { json, headers } = await must(200, poll(one, called, { dpop: key.proof('POST', '/token') }))
  const nonce = headers.get('dpop-nonce')
  await must(400, refresh(one, json['refresh_token'], { dpop: key.proof('POST', '/token') }))
  await must(200, refresh(one, json['refresh_token'], { dpop: key.proof('POST', '/token', { nonce }) }))
  const ath = createHash('sha256').update(String(json['access_token'])).digest('base64url')
  const proof = key.proof('POST', '/session', { nonce, ath })
  note('dpop', proof)
  for (const status of [200, 401]) await must(status, session(json['access_token'], { headers: { authorization: `DPoP ${String(json['access_token'])}`, dpop: proof } }))
}

/** Every secret in every place where it does not belong. */
export const oddPlaces = async ({ unseen, post, session, here }: Life) => {
  const texts = [...Object.values(numbers), ...unseen.map(({ text }) => text)]
  const fields = ['client_id', 'scope', 'login_hint', 'grant_type', 'auth_req_id', 'refresh_token', 'token', 'binding_message', 'dpop_jkt', 'user_code', 'ui_locales']
  for (const text of new Set(texts)) {
    for (const path of ['/call', '/token', '/revoke']) {
      await post(path, Object.fromEntries(fields.map((name) => [name, text])), { dpop: text })
      await post(path, { client_id: 'app', grant_type: ciba, scope: 'openid', login_hint: `${text}x`, auth_req_id: `${text}x`, token: `${text}x`, [text]: text })
      await fetch(`${here.url}${path}`, { method: 'POST', body: `{"${text}":`, headers: { 'content-type': 'application/json' } })
    }
    await session(`${text}x`, { body: `{"ttl":"${text}"`, headers: { 'content-type': 'application/json', 'x-forwarded-for': text, cookie: text } })
    await fetch(`${here.url}/call/keys?line=${encodeURIComponent(text)}`, { method: 'POST', body: `Digits=${text}`, headers: { 'x-twilio-signature': text } })
  }
}

/** Each system in turn answers with what it was asked, credentials and all. */
export const faults = async (one: Life) => {
  const { here, call, person, clock } = one
  for (const variable of ['SYNC_GATEWAY_ADMIN_URL', 'TWILIO_API_URL', 'AWS_ENDPOINT_URL_SECRETS_MANAGER']) {
    for (const [status, instead] of [[200], [200, numbers.other], [201, numbers.other], [400], [400, numbers.other], [401], [409], [500]] as const) {
      const before = here.environment[variable] ?? ''
      const server = await echo(status, instead)
      clock.advance(200_000)
      const ringing = await call(numbers.other)
      here.environment[variable] = server.url
      here.restart()
      await call(numbers.other)
      await call(numbers.person)
      await person.phone(numbers.other).keys('123456')
      await poll(one, ringing)
      await here.manage({ action: 'find', number: numbers.other }).catch((error: Error) => here.log.push(error.message))
      await server.close()
      await call(numbers.person)
      here.environment[variable] = before
      here.restart()
    }
  }
}

export const operator = async ({ here, note }: Life) => {
  const told = async (order: object) => {
    // What the function throws lands in Lambda's own log.
    await here.manage(order).catch((error: Error) => here.log.push(`${error.name}: ${error.message} ${error.stack ?? ''}`))
  }
  for (const action of ['find', 'disable', 'find', 'enable', 'sign-out', 'lift-quiet']) await told({ action, number: numbers.other, ...(action === 'sign-out' ? { all: true } : {}) })
  await told({ action: 'move', number: numbers.other, to: numbers.moved })
  await told({ action: 'move', number: numbers.other, to: numbers.person })
  await told({ action: 'delete', number: numbers.moved })
  for (const odd of [{ action: numbers.person }, { action: 'find', number: `${numbers.person}x` }, { action: 'find', user: numbers.person }, { [numbers.person]: 1 }, { action: 'move', number: numbers.person, to: 'x' }]) await told(odd)
  const before = here.environment['CALLER_ID'] ?? ''
  note('caller', `${numbers.person}0000000`)
  here.environment['CALLER_ID'] = `${numbers.person}0000000`
  here.setSecret('test-numbers', { [`x${numbers.person}`]: 'a' })
  here.restart()
  await app(here).call(numbers.person)
  here.environment['CALLER_ID'] = before
  here.setSecret('test-numbers', {})
  here.restart()
}
