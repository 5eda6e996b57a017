// A poll that prefers to wait (RFC 7240): it is answered at the moment of the decision, whenever that comes, and otherwise like every poll.
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { issueJwt } from '../../functions/issue-jwt.ts'
import { app, ciba, type Answer, type App } from '../app.ts'
import { prover } from '../fuzz/prover.ts'
import { isLongPoll, isRead, longPolls, type LongPolls } from '../long-polls.ts'
import { manualClock } from '../manual-clock.ts'
import { context, eventFor } from '../sandbox.ts'
import { silentCompany } from '../silent-company.ts'
import { world, type World } from '../world.ts'

const clock = manualClock(Date.now())
let here: World
let person: App
let port: LongPolls
beforeAll(async () => {
  here = await world({ clock, given: { CLIENTS: 'app,other' } })
  person = app(here)
  port = await longPolls(here)
})
afterAll(() => Promise.all([here.close(), port.close()]))
beforeEach(() => void port.taken())

let used = 600
const freshNumber = () => `+1202555${String(++used).padStart(4, '0')}`
const waiting = ({ post }: App, authReqId: unknown, prefer = 'wait=20', form: Record<string, string> = {}) =>
  post('/token', { client_id: 'app', grant_type: ciba, auth_req_id: String(authReqId), ...form }, { prefer })
const told = ({ status, json, headers }: Answer) => [status, json['error'] ?? json['token_type'], headers.get('preference-applied')]
const ringing = async (number = freshNumber()) => {
  const { json } = await person.call(number)
  return { number, authReqId: json['auth_req_id'], right: String(json['match_code']), phone: person.phone(number) }
}
type Ringing = Awaited<ReturnType<typeof ringing>>
const wrong = ({ right }: Ringing) => (right === '100' ? '101' : '100')
/** Asks, and resolves when Sync Gateway waits for it. */
const held = async (authReqId: unknown, prefer?: string) => {
  const waits = port.waits()
  const answer = waiting(person, authReqId, prefer)
  await waits
  return { answer }
}

type Decision = [name: string, decide: (call: Ringing) => Promise<unknown>, answer: [number, string], reason?: string]
const decisions: Decision[] = [
  ['approved', ({ phone, right }) => phone.keys(right), [200, 'Bearer']],
  ['denied by wrong digits', async (call) => [await call.phone.keys(wrong(call)), await call.phone.keys(wrong(call))], [400, 'access_denied'], 'wrong_digits'],
  ['approved at the second attempt', async (call) => [await call.phone.keys(wrong(call)), await call.phone.keys(call.right)], [200, 'Bearer']],
  ['reported', ({ phone }) => phone.keys('1*2'), [400, 'access_denied'], 'star'],
  ['hung up', async ({ phone }) => [await phone.answer(), await phone.hangup()], [400, 'access_denied'], 'hung_up'],
]

describe.each(decisions)('a call that is %s', (_name, decide, expected, reason) => {
  const decided = async (poll: Promise<Answer>, applied: string | null) => {
    const outcome = await poll
    expect([...told(outcome), outcome.json['reason']]).toEqual([...expected, applied, reason])
  }

  test('before the line is read is answered without waiting', async () => {
    const call = await ringing()
    port.before(isRead, () => decide(call))
    await decided(waiting(person, call.authReqId), null)
    expect(port.taken().filter(isLongPoll)).toEqual([])
  })

  test('between the reading and the waiting wakes it at once', async () => {
    const call = await ringing()
    port.before(isLongPoll, () => decide(call))
    await decided(waiting(person, call.authReqId), 'wait=20')
  })

  test('while it waits wakes it', async () => {
    const call = await ringing()
    const { answer } = await held(call.authReqId)
    await decide(call)
    await decided(answer, 'wait=20')
  })

  test('at the last moment, or just after it, is told by this poll or by the next, which may come at once', async () => {
    const call = await ringing()
    const { answer } = await held(call.authReqId)
    const deciding = decide(call)
    clock.advance(20_000)
    const [first] = await Promise.all([answer, deciding])
    const next = first.json['error'] === 'authorization_pending' ? await waiting(person, call.authReqId) : first
    expect([...told(next).slice(0, 2), next.json['reason']]).toEqual([...expected, reason])
  })
})

describe('a poll that waits', () => {
  test('for as long as it prefers is pending then, may come again at once, and then waits again', async () => {
    const call = await ringing()
    for (let round = 0; round < 3; round++) {
      const { answer } = await held(call.authReqId, 'wait=1')
      clock.advance(1_000)
      expect(told(await answer)).toEqual([400, 'authorization_pending', 'wait=1'])
    }
    expect(told(await person.poll(call.authReqId)).slice(0, 2)).toEqual([400, 'authorization_pending'])
    clock.advance(1_000)
    expect(told(await waiting(person, call.authReqId))).toEqual([400, 'slow_down', null])
  })

  test('and prefers progress is told at once that the phone was answered, may come again at once, and is told of the decision', async () => {
    const call = await ringing()
    const prefer = 'wait=20, progress'
    const { answer } = await held(call.authReqId, prefer)
    await call.phone.answer()
    const picked = await answer
    expect([...told(picked), picked.json['reason']]).toEqual([400, 'authorization_pending', 'wait=20', 'answered'])
    const again = await waiting(person, call.authReqId, prefer)
    expect([...told(again), again.json['reason']]).toEqual([400, 'authorization_pending', null, 'answered'])
    clock.advance(2_000)
    const { answer: next } = await held(call.authReqId)
    await call.phone.keys(call.right)
    expect(told(await next)).toEqual([200, 'Bearer', 'wait=20'])
  })

  test('asks two requests of Sync Gateway, on the one connection that its sandbox has', async () => {
    const call = await ringing()
    here.restart('issue-jwt')
    port.taken()
    const { answer } = await held(call.authReqId)
    clock.advance(20_000)
    await answer
    const asked = port.taken()
    expect(asked.map(({ method, path }) => `${method} ${path.split('?')[0] ?? ''}`)).toEqual(['GET /notes/_changes', 'GET /notes/_changes'])
    await call.phone.keys('1*2')
    port.taken()
    expect(told(await waiting(person, call.authReqId))).toEqual([400, 'access_denied', null])
    expect(new Set([...asked, ...port.taken()].map(({ port: from }) => from)).size).toBe(1)
  })

  test('too soon after another is told to slow down, and does not wait', async () => {
    const call = await ringing()
    await person.poll(call.authReqId)
    expect(told(await waiting(person, call.authReqId))).toEqual([400, 'slow_down', null])
    expect(port.taken().filter(isLongPoll)).toEqual([])
  })

  test('for a call that nobody knows, that is decided, or that is somebody else\'s, is answered at once', async () => {
    const call = await ringing()
    const [handle] = String(call.authReqId).split('.')
    for (const authReqId of [`${'a'.repeat(43)}.${'b'.repeat(43)}`, `${handle}.${'b'.repeat(43)}`]) {
      expect(told(await waiting(person, authReqId))).toEqual([400, 'invalid_grant', null])
    }
    expect(told(await waiting(person, call.authReqId, 'wait=20', { client_id: 'other' }))).toEqual([400, 'invalid_grant', null])
    expect(port.taken().filter(isLongPoll)).toEqual([])
  })

  test('of eight for one approval gets the tokens once', async () => {
    const call = await ringing()
    const polls: { answer: Promise<Answer> }[] = []
    for (let count = 0; count < 8; count++) {
      polls.push(await held(call.authReqId))
      clock.advance(2_000)
    }
    await call.phone.keys(call.right)
    const outcomes = (await Promise.all(polls.map(({ answer }) => answer))).map(told)
    expect(outcomes.filter(([status]) => status === 200)).toHaveLength(1)
    expect(outcomes.filter(([, error]) => error === 'invalid_grant')).toHaveLength(7)
  })

  test('with a key gets a nonce with its pending answer, and tokens that are bound', async () => {
    const call = await ringing()
    const key = prover(here.url, clock.now)
    const ask = (claims = {}) => person.post('/token', { client_id: 'app', grant_type: ciba, auth_req_id: String(call.authReqId) }, { prefer: 'wait=20', dpop: key.proof('POST', '/token', claims) })
    const first = port.waits()
    const pending = ask()
    await first
    clock.advance(20_000)
    const nonce = (await pending).headers.get('dpop-nonce')
    expect([told(await pending), nonce]).toEqual([[400, 'authorization_pending', 'wait=20'], expect.any(String)])
    const second = port.waits()
    const bound = ask({ nonce })
    await second
    await call.phone.keys(call.right)
    expect(told(await bound)).toEqual([200, 'DPoP', 'wait=20'])
  })

  test('for a disabled account is refused like every poll of it', async () => {
    const number = freshNumber()
    const { tokens } = await person.signIn(number)
    const { sub } = JSON.parse(Buffer.from(String(tokens.json['access_token']).split('.')[1] ?? '', 'base64url').toString()) as { sub: string }
    await here.manage({ action: 'disable', user: sub })
    const call = await ringing(number)
    const { answer } = await held(call.authReqId)
    await call.phone.keys(call.right)
    expect(told(await answer)).toEqual([400, 'access_denied', 'wait=20'])
  })
})

describe('the wait ends', () => {
  test('when the call does', async () => {
    const silent = await silentCompany()
    const elsewhere = await world({ clock, given: { TWILIO_API_URL: silent.url } })
    const there = await longPolls(elsewhere)
    const { json } = await app(elsewhere).call(freshNumber())
    clock.advance(179_000)
    const waits = there.waits()
    const answer = waiting(app(elsewhere), json['auth_req_id'])
    await waits
    clock.advance(1_000)
    expect(told(await answer)).toEqual([400, 'expired_token', 'wait=20'])
    await Promise.all([elsewhere.close(), there.close(), silent.close()])
  })

  test.each([[undefined, 'wait=20', 'wait=20'], [undefined, 'wait=99999', 'wait=20'], ['7', 'wait=20', 'wait=7'], ['7', 'respond-async, Wait="3"', 'wait=3']])(
    'with WAIT_SECONDS_MAX %s, where a poll says %s, by %s', async (most, prefer, applied) => {
      here.environment['WAIT_SECONDS_MAX'] = most ?? ''
      here.restart()
      const call = await ringing()
      const { answer } = await held(call.authReqId, prefer)
      clock.advance(Number(applied.slice(5)) * 1_000 - 1)
      await setImmediate()
      clock.advance(1)
      expect(told(await answer)).toEqual([400, 'authorization_pending', applied])
      here.environment['WAIT_SECONDS_MAX'] = ''
      here.restart()
    })

  test('before it begins where the operator does not want it: the header is ignored', async () => {
    here.environment['WAIT_SECONDS_MAX'] = '0'
    here.restart()
    const call = await ringing()
    port.taken()
    expect(told(await waiting(person, call.authReqId))).toEqual([400, 'authorization_pending', null])
    expect(port.taken().map(({ path }) => path.includes('_changes'))).toEqual([false])
    here.environment['WAIT_SECONDS_MAX'] = ''
    here.restart()
  })

  test.each([[29_000, 20], [12_000, 5], [8_000, 1], [7_999, undefined]])('in time for Lambda: of %i ms that are left it waits %s s', async (remaining, seconds) => {
    const call = await ringing()
    const body = new URLSearchParams({ client_id: 'app', grant_type: ciba, auth_req_id: String(call.authReqId) }).toString()
    const event = eventFor({ route: 'POST /token', headers: { 'content-type': 'application/x-www-form-urlencoded', prefer: 'wait=20' }, body })
    const handler = issueJwt({ environment: () => here.environment, now: clock.now, random: (bytes) => Buffer.alloc(bytes), write: () => {} })
    if (seconds !== undefined) void port.waits().then(() => clock.advance(seconds * 1_000))
    const answer = handler(event, { ...context, getRemainingTimeInMillis: () => remaining })
    expect((await answer).headers?.['preference-applied']).toBe(seconds && `wait=${seconds}`)
  })
})
