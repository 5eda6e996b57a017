// An operator and a sign-in at the same moment, interleaved at every request that either sends to Sync Gateway.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { app, type App } from '../app.ts'
import { gate } from '../gate.ts'
import { ledger } from '../ledger.ts'
import { manualClock } from '../manual-clock.ts'
import { world, type World } from '../world.ts'

let here: World
let person: App
let books: ReturnType<typeof ledger>
let door: Awaited<ReturnType<typeof gate>>
const pass = (): Promise<unknown> => Promise.resolve()
let hold = pass
beforeAll(async () => {
  here = await world({ clock: manualClock(Date.now()) })
  person = app(here)
  books = ledger(here.places['sync-gateway-admin'])
  door = await gate(here.places['sync-gateway-admin'], () => hold())
  here.environment['SYNC_GATEWAY_ADMIN_URL'] = door.url
  here.restart()
})
afterAll(async () => {
  await door.close()
  await here.close()
})

let used = 100
const freshNumber = () => `+1202555${String(++used).padStart(4, '0')}`
const userOf = (token: unknown) => (JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as { sub: string }).sub
const account = async (number = freshNumber()) => ({ number, user: userOf((await person.signIn(number)).tokens.json['access_token']) })

/** A call that was answered with the right digits: its sign-in is yet to come. */
const approved = async (number: string) => {
  const { json } = await person.call(number)
  await person.phone(number).keys(String(json['match_code']))
  return json['auth_req_id']
}

type SignedIn = { user?: string; session?: string }
const redeem = async (authReqId: unknown): Promise<SignedIn> => {
  const { status, json } = await person.poll(authReqId)
  if (status !== 200) return {}
  const made = await person.session(json['access_token'])
  return { user: userOf(json['access_token']), ...(made.status === 200 ? { session: String(made.json['session_id']) } : {}) }
}
const isAlive = async (session: string | undefined) =>
  session !== undefined && (await fetch(`${here.places['sync-gateway']}/notes/_changes`, { headers: { cookie: `SyncGatewaySession=${session}` } })).ok

const refusal = (error: Error) => {
  if (error.name === 'NotDone' && error.message.startsWith('The new number has an account')) return 'taken'
  throw error
}

type Steps = { before: () => Promise<unknown>; during: () => Promise<unknown> }

/** The second begins at the nth request of the first, or after it: then both run on, or, `whole`, the first waits until the second has ended. */
const interleave = async ({ before, during }: Steps, nth: number, whole: boolean) => {
  let seen = 0
  const moment = Promise.withResolvers<void>()
  const second = moment.promise.then(during)
  const begin = () => {
    hold = pass
    moment.resolve()
  }
  hold = async () => {
    if (seen++ < nth) return
    begin()
    if (whole) await Promise.allSettled([second])
  }
  await Promise.all([before().finally(begin), second])
}

/** At each request in turn the first waits for all of the second; at two of them they overlap. */
const schedulesOf = (requests: number) =>
  [true, false].flatMap((operatorFirst) => [
    ...Array.from({ length: requests }, (_, nth) => ({ nth, operatorFirst, whole: true })),
    ...[1, 4].map((nth) => ({ nth, operatorFirst, whole: false })),
  ])

type Scene = { signIn: () => Promise<unknown>; operator: () => Promise<unknown>; check: () => Promise<void> }
const inEachSchedule = (requests: number, prepare: () => Promise<Scene>) => async () => {
  for (const { nth, operatorFirst, whole } of schedulesOf(requests)) {
    const { signIn, operator, check } = await prepare()
    await interleave(operatorFirst ? { before: operator, during: signIn } : { before: signIn, during: operator }, nth, whole)
    await check()
  }
  expect(await books.problems()).toEqual([])
}

describe('while a person signs in, at each request of either,', () => {
  test('a disabled account gives no session that lives', inEachSchedule(8, async () => {
    const { number, user } = await account()
    const request = await approved(number)
    let got: SignedIn = {}
    return {
      signIn: async () => { got = await redeem(request) },
      operator: () => here.manage({ action: 'disable', user }),
      check: async () => {
        expect(await isAlive(got.session)).toBe(false)
        expect((await redeem(request)).session).toBeUndefined()
      },
    }
  }), 240_000)

  test('an enabled account opens', inEachSchedule(8, async () => {
    const { number, user } = await account()
    await here.manage({ action: 'disable', user })
    const request = await approved(number)
    let got: SignedIn = {}
    return {
      signIn: async () => { got = await redeem(request) },
      operator: () => here.manage({ action: 'enable', user }),
      check: async () => { expect((got.user ? got : await redeem(request)).user).toBe(user) },
    }
  }), 240_000)

  test('a deleted account lets nobody in, and the same number begins anew', inEachSchedule(8, async () => {
    const { number, user } = await account()
    const request = await approved(number)
    let got: SignedIn = {}
    return {
      signIn: async () => { got = await redeem(request) },
      operator: () => here.manage({ action: 'delete', user }),
      check: async () => {
        expect(await books.get(`signin::${user}`)).toMatchObject({ status: 'spent' })
        if (got.user === user) expect(await isAlive(got.session)).toBe(false)
        const next = got.user && got.user !== user ? got : await redeem(request)
        expect(next.user).not.toBe(user)
      },
    }
  }), 240_000)

  test('an account that is deleted while it is being made leaves nothing', inEachSchedule(13, async () => {
    const number = freshNumber()
    const request = await approved(number)
    return {
      signIn: () => redeem(request),
      operator: () => here.manage({ action: 'delete', number }),
      check: () => Promise.resolve(),
    }
  }), 240_000)

  test('a signed-out account keeps no session of a device that it knew', inEachSchedule(8, async () => {
    const { number, user } = await account()
    const request = await approved(number)
    let got: SignedIn = {}
    return {
      signIn: async () => { got = await redeem(request) },
      operator: () => here.manage({ action: 'sign-out', user, all: true }),
      check: async () => {
        const devices = Object.keys((await books.get(`signin::${user}`))?.['devices'] as object)
        if (devices.length === 0) expect(await isAlive(got.session)).toBe(false)
      },
    }
  }), 240_000)

  test('a moved account is not reached by its old number afterwards', inEachSchedule(13, async () => {
    const { number, user } = await account()
    const [request, to] = [await approved(number), freshNumber()]
    let got: SignedIn = {}
    return {
      signIn: async () => { got = await redeem(request) },
      operator: () => here.manage({ action: 'move', user, to }),
      check: async () => {
        if (got.user === user) expect(await isAlive(got.session)).toBe(false)
        expect((await account(to)).user).toBe(user)
      },
    }
  }), 240_000)

  test('a number that signs up for the first time gets its own account or the moved one, and no account is lost', inEachSchedule(13, async () => {
    const { number, user } = await account()
    const to = freshNumber()
    const request = await approved(to)
    let [got, moved]: [SignedIn, unknown] = [{}, undefined]
    return {
      signIn: async () => { got = await redeem(request) },
      operator: async () => { moved = await here.manage({ action: 'move', user, to }).catch(refusal) },
      check: async () => {
        const opened = got.user ?? (await redeem(request)).user
        expect(opened === user).toBe(moved !== 'taken')
        expect((await account(to)).user).toBe(opened)
        expect((await account(number)).user === user).toBe(moved === 'taken')
      },
    }
  }), 240_000)
})

describe('when two operators disagree, at each request of either,', () => {
  test('the user follows the account: enabled and disabled', inEachSchedule(8, async () => {
    const { user } = await account()
    return {
      signIn: () => here.manage({ action: 'enable', user }),
      operator: () => here.manage({ action: 'disable', user }),
      check: () => Promise.resolve(),
    }
  }), 240_000)

  test('an account goes to one of two numbers, and the other number is free', inEachSchedule(13, async () => {
    const { user } = await account()
    const [one, two] = [freshNumber(), freshNumber()]
    const move = (to: string) => () => here.manage({ action: 'move', user, to }).catch((error: Error) => expect(error.message).toMatch('moved elsewhere'))
    return {
      signIn: move(one),
      operator: move(two),
      check: async () => {
        const found = await Promise.all([one, two].map((to) => here.manage({ action: 'find', number: to })))
        expect(found.map((view) => `${view.account?.user ?? 'nobody'} ${view.line?.signUp ?? ''}`).sort()).toEqual(['nobody none', `${user} finished`])
      },
    }
  }), 240_000)

  test('an account that one moves and the other deletes is gone, and both numbers are free', inEachSchedule(13, async () => {
    const { number, user } = await account()
    const to = freshNumber()
    return {
      signIn: () => here.manage({ action: 'move', user, to }).catch((error: Error) => expect(error.message).toMatch('is deleted')),
      operator: () => here.manage({ action: 'delete', user }),
      check: async () => {
        const found = await Promise.all([number, to].map((either) => here.manage({ action: 'find', number: either })))
        expect(found.map((view) => [view.account, view.line?.signUp])).toEqual([[null, 'none'], [null, 'none']])
      },
    }
  }), 240_000)

  test('two accounts do not both go to one number', inEachSchedule(13, async () => {
    const [one, two, to] = [await account(), await account(), freshNumber()]
    const moves: unknown[] = []
    const move = (user: string) => async () => { moves.push(await here.manage({ action: 'move', user, to }).then(() => user, refusal)) }
    return {
      signIn: move(one.user),
      operator: move(two.user),
      check: async () => {
        expect(moves.filter((outcome) => outcome !== 'taken')).toEqual([(await account(to)).user])
      },
    }
  }), 240_000)
})
