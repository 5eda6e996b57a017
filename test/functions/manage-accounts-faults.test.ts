// An operator's action that dies at any of its requests to Sync Gateway, before or after it happened, and is then repeated.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { app, type App } from '../app.ts'
import { faultyServer, type Fault } from '../faulty-server.ts'
import { ledger } from '../ledger.ts'
import { manualClock } from '../manual-clock.ts'
import { world, type World } from '../world.ts'

let here: World
let person: App
let books: ReturnType<typeof ledger>
let line: Awaited<ReturnType<typeof faultyServer>>
let strike = (): Fault => 'go'
beforeAll(async () => {
  here = await world({ clock: manualClock(Date.now()) })
  person = app(here)
  books = ledger(here.places['sync-gateway-admin'])
  line = await faultyServer(here.places['sync-gateway-admin'], () => strike())
  here.environment['SYNC_GATEWAY_ADMIN_URL'] = line.url
  here.restart()
})
afterAll(async () => {
  await line.close()
  await here.close()
})

let used = 100
const freshNumber = () => `+1202555${String(++used).padStart(4, '0')}`
const account = async (number = freshNumber()) => {
  const token = String((await person.signIn(number)).tokens.json['access_token'])
  const session = String((await person.session(token)).json['session_id'])
  return { number, session, user: (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string }).sub }
}
const isAlive = async (session: string) =>
  (await fetch(`${here.places['sync-gateway']}/notes/_changes`, { headers: { cookie: `SyncGatewaySession=${session}` } })).ok

/** From the nth request on nothing gets through; `done`: the nth itself happened, and its reply was lost. */
const dieAt = (nth: number, done: boolean) => {
  let seen = 0
  strike = () => {
    const at = seen++
    return at < nth ? 'go' : at === nth && done ? 'lose_reply' : 'refuse'
  }
  return () => {
    strike = () => 'go'
    return seen > nth
  }
}

const requestsMax = 30

type Attempt = { order: object; died: () => Promise<void>; repeated: () => Promise<void> }

/** Lets it die at each request in turn, until one attempt needs fewer; `died` says what must be true even then. */
const atEachRequest = (prepare: () => Promise<Attempt>) => async () => {
  let cases = 0
  for (const done of [false, true]) {
    for (let nth = 0, struck = true; struck && nth < requestsMax; nth++) {
      const { order, died, repeated } = await prepare()
      const heal = dieAt(nth, done)
      const message = await here.manage(order).then(() => undefined, (error: Error) => error.message)
      struck = heal()
      expect(message === undefined).toBe(!struck)
      if (struck) expect(message).toMatch(/^sync-gateway failed at \w+: lost_reply\. It may be half done; the same event again does the rest\.$/)
      await died()
      await here.manage(order)
      await repeated()
      cases++
    }
  }
  expect(await books.problems()).toEqual([])
  expect(cases).toBeGreaterThanOrEqual(10)
}
const nothing = () => Promise.resolve()

describe('after a failure at any request, the same event again', () => {
  test('disables', atEachRequest(async () => {
    const { user, session } = await account()
    return {
      order: { action: 'disable', user },
      died: nothing,
      repeated: async () => {
        expect(await books.get(`signin::${user}`)).toMatchObject({ status: 'disabled' })
        expect(await isAlive(session)).toBe(false)
      },
    }
  }), 240_000)

  test('enables, and until then a person whose account says disabled has no channel', atEachRequest(async () => {
    const { user, number } = await account()
    await here.manage({ action: 'disable', user })
    return {
      order: { action: 'enable', number },
      died: async () => {
        const { status } = (await books.get(`signin::${user}`)) ?? {}
        if (status === 'disabled') expect((await books.get(`_user/${user.replace('::', '-')}`))?.['admin_channels'] ?? []).toEqual([])
      },
      repeated: async () => { expect((await account(number)).user).toBe(user) },
    }
  }), 240_000)

  test('deletes, by the number too', atEachRequest(async () => {
    const { number, user, session } = await account()
    return {
      order: { action: 'delete', number },
      died: nothing,
      repeated: async () => {
        expect(await books.get(`signin::${user}`)).toMatchObject({ status: 'spent' })
        expect(await isAlive(session)).toBe(false)
        expect((await here.manage({ action: 'find', number })).line).toMatchObject({ signUp: 'none' })
      },
    }
  }), 240_000)

  test('moves, by the old number too, and until then one of the two numbers opens the account', atEachRequest(async () => {
    const { number, user, session } = await account()
    const to = freshNumber()
    const opened = async () => (await Promise.all([number, to].map((either) => here.manage({ action: 'find', number: either })))).map((view) => view.account?.user)
    return {
      order: { action: 'move', number, to },
      died: async () => { expect(await opened()).toContain(user) },
      repeated: async () => {
        expect(await opened()).toEqual([undefined, user])
        expect(await isAlive(session)).toBe(false)
      },
    }
  }), 240_000)

  test('moves, also when another number is chosen after all', atEachRequest(async () => {
    const { user } = await account()
    const [first, second] = [freshNumber(), freshNumber()]
    return {
      order: { action: 'move', user, to: first },
      died: async () => { await here.manage({ action: 'move', user, to: second }) },
      repeated: async () => {
        const found = await Promise.all([first, second].map((to) => here.manage({ action: 'find', number: to })))
        expect(found.map((view) => view.account?.user)).toEqual([user, undefined])
      },
    }
  }), 240_000)

  test('signs out', atEachRequest(async () => {
    const { user, session } = await account()
    return {
      order: { action: 'sign-out', user, all: true },
      died: nothing,
      repeated: async () => {
        expect((await books.get(`signin::${user}`))?.['devices']).toEqual({})
        expect(await isAlive(session)).toBe(false)
      },
    }
  }), 240_000)

  test('lifts a quiet', atEachRequest(async () => {
    const number = freshNumber()
    await person.call(number)
    await person.phone(number).keys('*12')
    return {
      order: { action: 'lift-quiet', number },
      died: nothing,
      repeated: async () => { expect((await here.manage({ action: 'find', number })).line).toMatchObject({ quietUntil: null }) },
    }
  }), 240_000)
})

describe('an account whose making died', () => {
  /** Its sign-up fails at the nth request to Sync Gateway, after its effect. */
  const halfMade = async (nth: number) => {
    const number = freshNumber()
    const { json } = await person.call(number)
    await person.phone(number).keys(String(json['match_code']))
    const before = (await books.all(/^signin::(?=u::)/)).map(({ id }) => id)
    const heal = dieAt(nth, true)
    await person.poll(json['auth_req_id'])
    heal()
    const made = (await books.all(/^signin::(?=u::)/)).find(({ id }) => !before.includes(id))
    return { number, user: made?.id }
  }

  test.each([2, 3, 4])('after %i requests can be moved, and is finished at the next sign-in', async (nth) => {
    const { user } = await halfMade(nth)
    const to = freshNumber()
    await here.manage({ action: 'move', user, to })
    const found = await account(to)
    expect(found.user).toBe(user)
    expect(await isAlive(found.session)).toBe(true)
    expect(await books.problems()).toEqual([])
  })

  test.each([2, 3, 4])('after %i requests can be disabled, enabled and deleted', async (nth) => {
    const { user, number } = await halfMade(nth)
    await here.manage({ action: 'disable', user })
    await here.manage({ action: 'enable', user })
    expect(await books.get(`_user/${String(user).replace('::', '-')}`)).toMatchObject({ admin_channels: [user], disabled: false })
    await here.manage({ action: 'delete', number })
    expect(await books.problems()).toEqual([])
  })
})
