// A device that is signed in: sessions, refreshing unseen and once, devices, and every way of signing out.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { makePair, proofKey } from '../../client/browser-key.ts'
import type { Callgate, CallgateError, Session } from '../../client/callgate.ts'
import { makeLock } from '../../client/lock.ts'
import { manualClock } from '../manual-clock.ts'
import { world, type World } from '../world.ts'
import { failing, pocket, type Pocket } from './pocket.ts'

const clock = manualClock(Date.now())
let here: World
beforeAll(async () => { here = await world({ clock }) })
afterAll(() => here.close())

let used = 100
const signedIn = async (mine: Pocket, number = `+1202555${String(++used).padStart(4, '0')}`) => {
  const client = mine.open()
  mine.meanwhile(() => mine.phone(number).keys(mine.matchCode()))
  return { client, number, session: await client.signIn(number, { progress: mine.progress }) }
}
const isAlive = async ({ syncUrl, profile, cookieName, sessionId }: Session) =>
  (await fetch(`${syncUrl}/${profile}`, { headers: { cookie: `${cookieName}=${sessionId}` } })).status === 200
const codeOf = (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error as CallgateError).code)
const count = (mine: Pocket, route: string) => mine.asked.filter(({ method, path }) => `${method} ${path}` === route).length

describe.each([['bound to a key', true], ['bound to none', false]])('a device %s', (_name, bound) => {
  let mine: Pocket
  let client: Callgate
  let session: Session
  beforeEach(async () => {
    mine = await pocket(here, clock, { bound })
    const signIn = await signedIn(mine)
    client = signIn.client
    session = signIn.session
    mine.asked.length = 0
  })

  test('keeps its session as long as it is good, and asks nobody for it', async () => {
    expect(await mine.open().session()).toEqual(session)
    expect(await mine.open().signedIn()).toEqual(session)
    expect(mine.asked).toEqual([])
  })

  // A bound one asks twice: the first proof of a program has no nonce.
  test('gets another in place of one that was refused, and two windows at once get the same', async () => {
    const [first, second] = await Promise.all([mine.open({ lock: makeLock(navigator.locks) }).session(session), mine.open({ lock: makeLock(navigator.locks) }).session(session)])
    expect(first.sessionId).not.toBe(session.sessionId)
    expect([second, await isAlive(first), count(mine, 'POST /session')]).toEqual([first, true, bound ? 2 : 1])
  })

  test('goes on unseen when its access token is over, with one refresh for however many', async () => {
    clock.advance(600_000)
    const [next, tokens] = await Promise.all([client.session(session), Promise.all(Array.from({ length: 5 }, () => client.accessToken()))])
    expect([await isAlive(next), new Set(tokens).size, count(mine, 'POST /token')]).toEqual([true, 1, bound ? 2 : 1])
  })

  test('goes on for as long as it is used: a refresh a day for a hundred days', async () => {
    for (let day = 0; day < 100; day++) {
      clock.advance(86_400_000)
      await client.accessToken()
    }
    expect(await isAlive(await client.session(session))).toBe(true)
  })

  test('goes on after the answer to a refresh was lost', async () => {
    clock.advance(600_000)
    let lost = 0
    mine.cut(async (to, init) => {
      const answer = await fetch(to, init)
      if (to.endsWith('/token') && answer.ok && lost++ === 0) throw new TypeError('The answer was lost.')
      return answer
    })
    expect(await codeOf(client.session(session))).toBe('offline')
    expect(await isAlive(await client.session(session))).toBe(true)
  })

  test('knows who is signed in without a network, and nothing more', async () => {
    mine.cut(failing)
    expect(await client.signedIn()).toEqual(session)
    expect(await codeOf(client.session(session))).toBe('offline')
    expect(await client.signedIn()).toEqual(session)
  })

  test('whose clock is wrong gets its sessions all the same', async () => {
    const late = mine.open({ now: () => clock.now() - 3_600_000 })
    clock.advance(700_000)
    expect(await isAlive(await late.session(session))).toBe(true)
  })

  test('signs out here: nothing is left, nothing works, and its session is over', async () => {
    await client.signOut()
    expect([...mine.values.keys()]).toEqual([])
    expect([await isAlive(session), await codeOf(client.session()), await client.signedIn(), await client.resume()]).toEqual([false, 'signed_out', undefined, undefined])
  })

  test('signs out here without a network, and the service hears of it at the next start', async () => {
    mine.cut(failing)
    await client.signOut()
    expect([await client.signedIn(), await isAlive(session)]).toEqual([undefined, true])
    mine.mend()
    expect(await mine.open().resume()).toBeUndefined()
    expect([await isAlive(session), [...mine.values.keys()]]).toEqual([false, []])
  })

  test('signs out twice as well as once', async () => {
    await client.signOut()
    await client.signOut()
    expect(count(mine, 'POST /revoke')).toBe(1)
  })
})

describe('the devices of a person', () => {
  test('are listed, and end one by one; the others go on', async () => {
    const [mine, other] = [await pocket(here, clock), await pocket(here, clock)]
    const { client, number, session } = await signedIn(mine)
    clock.advance(1_000)
    const { client: elsewhere } = await signedIn(other, number)
    const devices = await client.devices()
    expect(devices.map(({ current }) => String(current)).sort((left, right) => left.localeCompare(right))).toEqual(['false', 'true'])
    await client.signOut({ device: devices.find(({ current }) => !current)!.device })
    expect(await codeOf(elsewhere.session({ sessionId: (await elsewhere.signedIn())!.sessionId }))).toBe('signed_out')
    expect(await elsewhere.signedIn()).toBeUndefined()
    expect(await isAlive(await client.session(session))).toBe(true)
  })

  test('end all at once, and each app forgets its own', async () => {
    const [mine, other] = [await pocket(here, clock), await pocket(here, clock)]
    const { client, number } = await signedIn(mine)
    const { client: elsewhere, session } = await signedIn(other, number)
    await client.signOut('everywhere')
    expect([...mine.values.keys()]).toEqual([])
    expect([await isAlive(session), await codeOf(elsewhere.session(session)), await elsewhere.signedIn()]).toEqual([false, 'signed_out', undefined])
  })

  test('cannot be ended everywhere without a network, and this one then stays', async () => {
    const mine = await pocket(here, clock)
    const { client, session } = await signedIn(mine)
    mine.cut(failing)
    expect([await codeOf(client.signOut('everywhere')), await client.signedIn()]).toEqual(['offline', session])
  })
})

describe('a device is told', () => {
  test('that its account is disabled, and goes on when it is enabled', async () => {
    const mine = await pocket(here, clock)
    const { client, session } = await signedIn(mine)
    await here.manage({ action: 'disable', user: session.profile })
    expect(await codeOf(client.session(session))).toBe('disabled')
    await here.manage({ action: 'enable', user: session.profile })
    expect(await isAlive(await client.session(session))).toBe(true)
  })

  test('that it is signed out when its key is another', async () => {
    const mine = await pocket(here, clock)
    const { session } = await signedIn(mine)
    const stranger = await proofKey(await makePair())
    const thief = mine.open({ key: () => Promise.resolve(stranger) })
    expect([await codeOf(thief.session(session)), await thief.signedIn()]).toEqual(['signed_out', undefined])
  })

  test('that its key cannot be read, and is not signed out by that', async () => {
    const mine = await pocket(here, clock)
    const { session } = await signedIn(mine)
    const locked = mine.open({ key: () => Promise.reject(new Error('IndexedDB is locked.')) })
    expect([await codeOf(locked.session(session)), await locked.signedIn()]).toEqual(['failed', session])
  })
})

test('the lock of a program without Web Locks lets one work after the other, and outlasts a failure', async () => {
  const lock = makeLock(undefined)
  const order: string[] = []
  const work = (name: string, fails = false) => lock('any', async () => {
    order.push(`${name} begins`)
    await Promise.resolve()
    order.push(`${name} ends`)
    if (fails) throw new Error(name)
    return name
  })
  expect(await Promise.allSettled([work('first', true), work('second')])).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled', value: 'second' }])
  expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
})
