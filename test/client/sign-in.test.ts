// The client's sign-in, held against the functions themselves, where they hold no answers.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { CallgateError } from '../../client/callgate.ts'
import { manualClock } from '../manual-clock.ts'
import { world, type World } from '../world.ts'
import { failing, pocket, type Pocket } from './pocket.ts'

const clock = manualClock(Date.now())
let here: World
let mine: Pocket
beforeAll(async () => { here = await world({ clock, given: { COUNTRIES: 'US', WAIT_SECONDS_MAX: '0' } }) })
afterAll(() => here.close())
beforeEach(async () => { mine = await pocket(here, clock) })

let used = 0
const fresh = () => `+1202555${String(++used).padStart(4, '0')}`
const keyIn = (number: string) => () => mine.phone(number).keys(mine.matchCode())
const wrong = (number: string) => () => mine.phone(number).keys(mine.matchCode() === '111' ? '112' : '111')
const states = () => mine.seen.map(({ state }) => state)
const paths = () => mine.asked.map(({ method, path }) => `${method} ${path}`)
const caught = (work: Promise<unknown>) => work.then(() => { throw new Error('It worked.') }, (error: unknown) => error as CallgateError)

describe.each([['bound to a key', true], ['bound to none', false]])('a sign-in %s', (_name, bound) => {
  beforeEach(async () => { mine = await pocket(here, clock, { bound }) })

  test('calls, shows the digits, waits, and opens a session that Sync Gateway takes', async () => {
    const number = fresh()
    mine.meanwhile(keyIn(number))
    const session = await mine.open().signIn(number, { progress: mine.progress })
    expect(states()).toEqual(['calling', 'ringing', 'approved'])
    expect(mine.seen[1]).toEqual({ state: 'ringing', number, matchCode: expect.stringMatching(/^\d{3}$/) as unknown, expiresAt: expect.any(Number) as unknown })
    expect(session).toMatchObject({ cookieName: 'SyncGatewaySession', user: session.profile.replace('::', '-'), syncUrl: here.places['sync-gateway'] + '/notes' })
    const profile = await fetch(`${session.syncUrl}/${session.profile}`, { headers: { cookie: `${session.cookieName}=${session.sessionId}` } })
    expect(profile.status).toBe(200)
    const tokens = JSON.parse(mine.values.get('callgate.app.tokens') ?? '') as { type: string }
    expect([tokens.type, mine.values.has('callgate.app.call')]).toEqual([bound ? 'DPoP' : 'Bearer', false])
  })
})

describe('an app that was killed', () => {
  /** What is stored when the app ends at a moment, which is while `at` waits. */
  const storedAt = async (number: string, ...before: (() => Promise<unknown>)[]) => {
    let stored = new Map<string, string>()
    const left = new AbortController()
    mine.meanwhile(...before, () => {
      stored = new Map(mine.values)
      left.abort(new Error('killed'))
      return Promise.resolve()
    })
    await caught(mine.open().signIn(number, { progress: mine.progress, signal: left.signal }))
    mine.values.clear()
    for (const [key, value] of stored) mine.values.set(key, value)
  }

  test('goes on with the same call, shows the same digits, and calls nobody again', async () => {
    const number = fresh()
    await storedAt(number)
    const code = mine.matchCode()
    mine.seen.length = 0
    mine.meanwhile(keyIn(number))
    expect(await mine.open().resume({ progress: mine.progress })).toMatchObject({ cookieName: 'SyncGatewaySession' })
    expect([states(), mine.matchCode()]).toEqual([['ringing', 'approved'], code])
    expect(paths().filter((path) => path === 'POST /call')).toHaveLength(1)
  })

  test('before the answer to its call came gets that answer, and one phone rings once', async () => {
    const number = fresh()
    mine.cut(async (to, init) => {
      await fetch(to, init)
      throw new TypeError('The answer was lost.')
    })
    expect((await caught(mine.open().signIn(number, { progress: mine.progress }))).code).toBe('offline')
    mine.mend()
    mine.meanwhile(keyIn(number))
    expect(await mine.open().resume({ progress: mine.progress })).toBeDefined()
    const keys = mine.asked.filter(({ path }) => path === '/call').map(({ headers }) => headers['idempotency-key'])
    expect([keys.length, new Set(keys).size]).toEqual([2, 1])
  })

  test('has nothing to go on with when the call is over, or when there was none', async () => {
    const number = fresh()
    await storedAt(number)
    clock.advance(180_000)
    expect(await mine.open().resume()).toBeUndefined()
    mine.values.clear()
    expect(await mine.open().resume()).toBeUndefined()
    mine.values.set('callgate.app.call', '{broken')
    expect(await mine.open().resume()).toBeUndefined()
  })

  test('after it was approved opens its session', async () => {
    const number = fresh()
    mine.meanwhile(keyIn(number))
    await mine.open().signIn(number, { progress: mine.progress })
    mine.values.delete('callgate.app.session')
    expect(await mine.open().signedIn()).toBeUndefined()
    expect(await mine.open().resume()).toMatchObject({ cookieName: 'SyncGatewaySession' })
    expect(await mine.open().signedIn()).toMatchObject({ cookieName: 'SyncGatewaySession' })
  })
})

describe('a sign-in ends', () => {
  const hangUp = (number: string) => async () => {
    await mine.phone(number).answer()
    await mine.phone(number).hangup()
  }
  test.each<[string, string, (number: string) => void]>([
    ['reported by the star', 'reported', (number) => mine.meanwhile(() => mine.phone(number).keys('*'))],
    ['after wrong digits twice', 'wrong_digits', (number) => mine.meanwhile(wrong(number), wrong(number))],
    ['when the person hangs up', 'hung_up', (number) => mine.meanwhile(hangUp(number))],
    ['when nobody answers', 'no_answer', () => {}],
  ])('%s: %s, with a sentence', async (_name, code, prepare) => {
    const number = fresh()
    prepare(number)
    const error = await caught(mine.open().signIn(number, { progress: mine.progress }))
    expect([error.code, error.name, mine.values.has('callgate.app.call')]).toEqual([code, 'CallgateError', false])
    expect(error.message).toMatch(/^[A-Z].*\.$/)
  })

  test('busy', async () => {
    const number = fresh()
    await mine.phone(number).busy()
    expect((await caught(mine.open().signIn(number))).code).toBe('busy')
  })

  test.each([['not a number', 'bad_number'], ['+44 20 7946 0018', 'not_allowed'], ['+1 900 555 0123', 'not_allowed']])('at once for %s: %s', async (number, code) => {
    expect((await caught(mine.open().signIn(number))).code).toBe(code)
    expect(paths()).toEqual(['POST /call'])
  })

  test('at once when somebody else has just asked for the same number, with the time to wait', async () => {
    const number = fresh()
    const other = await pocket(here, clock)
    other.meanwhile(async () => {
      const error = await caught(mine.open().signIn(number))
      expect([error.code, error.retryAfterSeconds]).toEqual(['limited', expect.any(Number)])
      await other.phone(number).keys(other.matchCode())
    })
    expect(await other.open().signIn(number, { progress: other.progress })).toBeDefined()
  })

  test('at once when there is no network, and keeps what a second try needs', async () => {
    mine.cut(failing)
    expect((await caught(mine.open().signIn(fresh()))).code).toBe('offline')
    expect(mine.values.has('callgate.app.call')).toBe(true)
  })

  test('when the app leaves it, and the same number again goes on with the same call', async () => {
    const number = fresh()
    const left = new AbortController()
    mine.meanwhile(() => Promise.resolve(left.abort(new CallgateError('cancelled', 'Left.'))))
    expect((await caught(mine.open().signIn(number, { progress: mine.progress, signal: left.signal }))).code).toBe('cancelled')
    const code = mine.matchCode()
    mine.meanwhile(keyIn(number))
    await mine.open().signIn(number, { progress: mine.progress })
    expect([mine.matchCode(), paths().filter((path) => path === 'POST /call').length]).toEqual([code, 1])
  })

  test('without a device when the app left as the tokens came', async () => {
    const number = fresh()
    const left = new AbortController()
    mine.meanwhile(keyIn(number))
    mine.cut(async (to, init) => {
      const answer = await fetch(to, init)
      const text = await answer.text()
      if (to.endsWith('/token') && answer.ok) left.abort(new CallgateError('cancelled', 'Left.'))
      return new Response(text || null, answer)
    })
    expect((await caught(mine.open().signIn(number, { progress: mine.progress, signal: left.signal }))).code).toBe('cancelled')
    expect(paths().at(-1)).toBe('POST /revoke')
    expect(await mine.open().signedIn()).toBeUndefined()
  })

  test('expired when its time is over, and unknown to the service', async () => {
    const number = fresh()
    mine.meanwhile(() => Promise.resolve(clock.advance(20_000)), async () => {
      await mine.phone(number).answer()
      clock.advance(180_000)
    })
    const error = await caught(mine.open().signIn(number, { progress: mine.progress }))
    expect(['expired', 'hung_up', 'no_answer']).toContain(error.code)
  })
})

describe('a sign-in outlasts', () => {
  test('a network that is away and a service that is down, says so, and goes on', async () => {
    const number = fresh()
    const answers = [failing, () => Promise.resolve(Response.json({ error: 'temporarily_unavailable', error_description: 'Later.' }, { status: 503, headers: { 'retry-after': '7' } })), () => Promise.resolve(Response.json({ message: 'Too Many Requests' }, { status: 429 }))]
    mine.cut((to, init) => (to.endsWith('/token') ? (answers.shift()?.(to, init) ?? fetch(to, init)) : fetch(to, init)))
    mine.meanwhile(keyIn(number))
    const session = await mine.open().signIn(number, { progress: mine.progress })
    expect(session).toBeDefined()
    expect(mine.seen.map((one) => (one.state === 'trouble' ? one.error.code : one.state))).toEqual(['calling', 'ringing', 'offline', 'unavailable', 'unavailable', 'approved'])
  })

  test('the lost answer to its redemption, because it is bound to its key', async () => {
    const number = fresh()
    let lost = 0
    mine.cut(async (to, init) => {
      const answer = await fetch(to, init)
      if (to.endsWith('/token') && answer.ok && lost++ === 0) throw new TypeError('The answer was lost.')
      return answer
    })
    mine.meanwhile(keyIn(number))
    expect(await mine.open().signIn(number, { progress: mine.progress })).toBeDefined()
    expect([lost, states()]).toEqual([2, ['calling', 'ringing', 'trouble', 'approved']])
  })

  test('a service that wants to be asked less', async () => {
    const number = fresh()
    const times: number[] = []
    let slow = 2
    mine.cut((to, init) => {
      if (!to.endsWith('/token')) return fetch(to, init)
      times.push(clock.now())
      if (slow-- > 0) return Promise.resolve(Response.json({ error: 'slow_down', error_description: 'Slower.' }, { status: 400 }))
      return fetch(to, init)
    })
    mine.meanwhile(keyIn(number))
    await mine.open().signIn(number, { progress: mine.progress })
    expect(times.map((time, index) => time - (times[index - 1] ?? time)).slice(1)).toEqual([7_000, 12_000])
  })
})

test('the language and the message go along', async () => {
  const number = fresh()
  mine.meanwhile(async () => expect((await mine.phone(number).state()).state).toBe('ringing'), async () => {
    await mine.phone(number).answer()
    expect((await mine.phone(number).state()).said.join(' ')).toContain('Guten Tag')
    await mine.phone(number).keys(mine.matchCode())
  })
  await mine.open().signIn(number, { locale: 'de-AT', message: 'Gerät 7', progress: mine.progress })
})

test('a test number is not called', async () => {
  here.setSecret('test-numbers', { '+12025559999': 'review-code' })
  here.restart()
  expect((await caught(mine.open().signIn('+12025559999', { userCode: 'wrong' }))).code).toBe('bad_code')
  expect(await mine.open().signIn('+12025559999', { userCode: 'review-code' })).toBeDefined()
  expect((await mine.phone('+12025559999').state()).state).toBe('idle')
})
