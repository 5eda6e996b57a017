// The client's sign-in where the service holds its answers: the app is told at once, asks no oftener than it must, and loses nothing when it leaves or ends.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { CallgateError, type Session } from '../../client/callgate.ts'
import { readCors } from '../../local/routes.ts'
import { longPolls, type LongPolls } from '../long-polls.ts'
import { manualClock } from '../manual-clock.ts'
import { world, type World } from '../world.ts'
import { pocket, type Pocket } from './pocket.ts'

const clock = manualClock(Date.now())
let here: World
let port: LongPolls
let mine: Pocket
let number: string
let used = 200
beforeAll(async () => {
  here = await world({ clock })
  port = await longPolls(here)
})
afterAll(() => Promise.all([here.close(), port.close()]))
beforeEach(async () => {
  mine = await pocket(here, clock)
  number = `+1202555${String(++used).padStart(4, '0')}`
})

const keyIn = () => mine.phone(number).keys(mine.matchCode())
const polls = () => mine.asked.filter(({ path }) => path === '/token')
const calls = () => mine.asked.filter(({ path }) => path === '/call')
const states = () => mine.seen.map(({ state }) => state)
const codeOf = (work: Promise<Session>) => work.then(() => undefined, (error: unknown) => (error as CallgateError).code)

/** Signs in, and resolves when the service waits for the person. */
const held = async (signal?: AbortSignal) => {
  const waits = port.waits()
  const session = mine.open().signIn(number, { progress: mine.progress, signal })
  session.catch(() => undefined)
  await waits
  return { session }
}

/** The person picks up, and the app, which is told, waits again. */
const answered = async () => {
  const again = port.waits()
  await mine.phone(number).answer()
  await again
}

test('the app is told at once that the phone was answered, and of the decision', async () => {
  const { session } = await held()
  const begun = clock.now()
  await answered()
  expect(states()).toEqual(['calling', 'ringing', 'answered'])
  await keyIn()
  expect(await session).toMatchObject({ cookieName: 'SyncGatewaySession' })
  expect([clock.now() - begun, polls().map(({ headers }) => headers['prefer']), states()]).toEqual([0, ['wait=20, progress', 'wait=20'], ['calling', 'ringing', 'answered', 'approved']])
})

test('a poll that was held to its end is followed by the next without a pause', async () => {
  const { session } = await held()
  const again = port.waits()
  const begun = clock.now()
  clock.advance(20_000)
  await again
  expect([clock.now() - begun, polls().length, states()]).toEqual([20_000, 2, ['calling', 'ringing']])
  await keyIn()
  expect(await session).toBeDefined()
})

test('an ending is told at once', async () => {
  const { session } = await held()
  await answered()
  await mine.phone(number).keys('1*2')
  expect([await codeOf(session), polls().length]).toEqual(['reported', 2])
})

describe('an app that leaves while it waits', () => {
  const leave = async () => {
    const left = new AbortController()
    const { session } = await held(left.signal)
    left.abort(new CallgateError('cancelled', 'Left.'))
    expect([await codeOf(session), states()]).toEqual(['cancelled', ['calling', 'ringing']])
  }

  test('is let go at once, and goes on with the same call', async () => {
    await leave()
    const { session } = await held()
    await keyIn()
    expect(await session).toBeDefined()
    expect(calls()).toHaveLength(1)
  })

  test('and comes back after the person has keyed in the digits, is signed in without another call', async () => {
    await leave()
    await keyIn()
    expect(await mine.open().signIn(number, { progress: mine.progress })).toBeDefined()
    expect(calls()).toHaveLength(1)
  })
})

test('a sign-in that is left before it polls sends no poll', async () => {
  const left = new AbortController()
  mine.meanwhile(() => Promise.resolve(left.abort(new CallgateError('cancelled', 'Left.'))))
  expect(await codeOf(mine.open().signIn(number, { signal: left.signal }))).toBe('cancelled')
  expect(polls()).toHaveLength(0)
})

test('an app that ends while its phone is on the call is signed in when it starts again', async () => {
  mine.cut(async (to, init) => {
    const answer = await fetch(to, init)
    if (to.endsWith('/token')) throw new TypeError('The network went to sleep with the app.')
    return answer
  })
  const ended = new AbortController()
  const { session } = await held(ended.signal)
  await keyIn()
  mine.meanwhile(() => Promise.resolve(ended.abort(new CallgateError('cancelled', 'Ended.'))))
  await codeOf(session)
  mine.mend()
  expect(await mine.open().resume()).toMatchObject({ cookieName: 'SyncGatewaySession' })
  expect(calls()).toHaveLength(1)
})

test('an app without a key asks as it always did, because a lost answer would cost it a call', async () => {
  mine = await pocket(here, clock, { bound: false })
  mine.meanwhile(() => mine.phone(number).answer(), keyIn)
  expect(await mine.open().signIn(number, { progress: mine.progress })).toBeDefined()
  expect([polls().map(({ headers }) => headers['prefer']), states()]).toEqual([[undefined, undefined], ['calling', 'ringing', 'answered', 'approved']])
})

test('a page of another origin may send what the client sends, and read what it reads', async () => {
  const { allowHeaders = [], exposeHeaders = [] } = await readCors(['https://app.example.com'])
  const { session } = await held()
  await keyIn()
  await session
  const simple = ['accept', 'accept-language', 'content-language']
  expect(mine.asked.flatMap(({ headers }) => Object.keys(headers)).filter((name) => ![...allowHeaders, ...simple].includes(name))).toEqual([])
  expect(exposeHeaders).toEqual(expect.arrayContaining(['dpop-nonce', 'preference-applied', 'retry-after']))
})
