// What an operator can do to an account, and what it does to the person.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { app, type App } from '../app.ts'
import { ledger } from '../ledger.ts'
import { manualClock } from '../manual-clock.ts'
import { world, type World } from '../world.ts'

const clock = manualClock(Date.now())
let here: World
let person: App
let books: ReturnType<typeof ledger>
beforeAll(async () => {
  here = await world({ clock, given: { LOG_LEVEL: 'debug', ROLES: 'reader', CHANNELS: 'news' } })
  person = app(here)
  books = ledger(here.places['sync-gateway-admin'])
})
afterAll(() => here.close())

let used = 100
const freshNumber = () => `+1202555${String(++used).padStart(4, '0')}`
const json = { 'content-type': 'application/json' }

type SignedIn = { number: string; token: string; user: string; device: string }
const signIn = async (number = freshNumber()): Promise<SignedIn> => {
  const token = String((await person.signIn(number)).tokens.json['access_token'])
  const { sub, sid } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string; sid: string }
  return { number, token, user: sub, device: sid }
}
const cookieOf = async (token: string) => ({ cookie: `SyncGatewaySession=${String((await person.session(token)).json['session_id'])}` })
const sync = (path: string, headers: Record<string, string>, init: RequestInit = {}) => fetch(`${here.places['sync-gateway']}/notes/${path}`, { ...init, headers: { ...headers, ...json } })
const pulls = async (headers: Record<string, string>) => {
  const response = await sync('_changes', headers)
  if (!response.ok) return response.status
  const { results } = (await response.json()) as { results: { id: string }[] }
  return results.map(({ id }) => id).filter((id) => !id.startsWith('_user/'))
}
const pushes = async ({ user }: SignedIn, headers: Record<string, string>, id: string) => {
  const { _cv, ...body } = (await books.get(id)) ?? { owner: user }
  return (await sync(id, headers, { method: 'PUT', body: JSON.stringify({ ...body, text: 'new' }) })).status
}

describe('an event', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', []],
    ['no action', { number: '+12025550101' }],
    ['an unknown action', { action: 'destroy', user: 'u::0001' }],
    ['an inherited name for an action', { action: 'toString', user: 'u::0001' }],
    ['nobody', { action: 'disable' }],
    ['a number and a user', { action: 'disable', number: '+12025550101', user: 'u::0001' }],
    ['a number that is none', { action: 'disable', number: '12025550101' }],
    ['a number as a number', { action: 'disable', number: 12_025_550_101 }],
    ['a user name', { action: 'disable', user: 'u-0001' }],
    ['a user that no counter gives', { action: 'disable', user: 'u::0000' }],
    ['one member too many', { action: 'disable', user: 'u::0001', force: true }],
    ['a move to nowhere', { action: 'move', user: 'u::0001' }],
    ['a move with a word for yes', { action: 'move', user: 'u::0001', to: '+12025550102', signOut: 'yes' }],
    ['a sign-out of nothing', { action: 'sign-out', user: 'u::0001' }],
    ['a sign-out of one and all', { action: 'sign-out', user: 'u::0001', device: 'x', all: true }],
    ['a sign-out of not all', { action: 'sign-out', user: 'u::0001', all: false }],
  ])('with %s is refused, with the right form and nothing of what was sent', async (_name, event) => {
    const before = here.log.length
    const { message } = await here.manage(event).then(() => new Error(''), (error: Error) => error)
    expect(message).toMatch(/\{"action":"/)
    expect(message + here.log.slice(before).join()).not.toMatch(/2025550|force|destroy/)
  })

  test('about nobody that is there is refused, and said so', async () => {
    await expect(here.manage({ action: 'disable', number: freshNumber() })).rejects.toThrow('No account has this number.')
    await expect(here.manage({ action: 'disable', user: 'u::9999' })).rejects.toThrow('There is no such account.')
    expect(await books.get('signin::u::9999')).toBeUndefined()
  })
})

describe('find', () => {
  test('shows by number and by id what support needs, and nothing that signs in', async () => {
    const { number, user, device } = await signIn()
    const found = await here.manage({ action: 'find', number })
    expect(await here.manage({ action: 'find', user })).toEqual(found)
    const now = expect.stringMatching(/^\d{4}-.*Z$/) as unknown
    expect(found).toEqual({
      account: { user, status: 'active', createdAt: now, unfinished: false, lastDigits: number.slice(-2), devices: [{ device, client: 'app', created: now, lastUsed: now }] },
      line: { signUp: 'finished', quietUntil: null, call: 'none' },
    })
  })

  test('shows the call and the quiet of a number without account', async () => {
    const number = freshNumber()
    expect(await here.manage({ action: 'find', number })).toEqual({ account: null, line: { signUp: 'none', quietUntil: null, call: 'none' } })
    await person.call(number)
    expect((await here.manage({ action: 'find', number })).line?.call).toBe('pending')
    await person.phone(number).keys('*12')
    expect((await here.manage({ action: 'find', number })).line).toMatchObject({ call: 'denied: star', quietUntil: new Date(Math.floor(clock.now() / 1000) * 1000 + 86_400_000).toISOString() })
  })
})

describe('a disabled person', () => {
  test('is out, even with a session that was left alive: pulls are empty and pushes are 403; enabling brings everything back', async () => {
    const someone = await signIn()
    const cookie = await cookieOf(someone.token)
    for (const id of ['before', someone.user]) expect(await pushes(someone, cookie, id)).toBe(201)
    expect(await pulls(cookie)).toEqual(expect.arrayContaining([someone.user, 'before']))

    // The first two steps only, as if the third never came.
    const { _cv, ...account } = (await books.get(`signin::${someone.user}`)) ?? {}
    expect((await books.put(`signin::${someone.user}`, { ...account, status: 'disabled' })).status).toBe(201)
    expect((await books.put(`_user/${someone.user.replace('::', '-')}`, { disabled: true, admin_channels: [], admin_roles: [] })).status).toBe(200)
    expect(await pulls(cookie)).toEqual([])
    for (const id of ['after', 'before', someone.user]) expect(await pushes(someone, cookie, id)).toBe(403)
    expect((await sync('before', cookie)).status).toBe(403)

    expect((await here.manage({ action: 'disable', user: someone.user })).account).toMatchObject({ status: 'disabled' })
    expect(await pulls(cookie)).toBe(401)
    expect((await person.session(someone.token)).status).toBe(403)
    expect((await person.signIn(someone.number)).tokens.json['error']).toBe('access_denied')

    expect((await here.manage({ action: 'enable', number: someone.number })).account).toMatchObject({ status: 'active' })
    expect(await books.get(`_user/${someone.user.replace('::', '-')}`)).toMatchObject({ admin_channels: expect.arrayContaining([someone.user, 'news']) as unknown, admin_roles: ['reader'], disabled: false })
    const again = await cookieOf(someone.token)
    expect(await pulls(again)).toEqual(expect.arrayContaining([someone.user, 'before']))
    for (const id of ['after', 'before', someone.user]) expect(await pushes(someone, again, id)).toBe(201)
    clock.advance(181_000) // The refused call keeps its line to its end.
    expect((await signIn(someone.number)).user).toBe(someone.user)
  })

  test('is disabled by number at once, sessions and all, and again is the same', async () => {
    const { number, token, user } = await signIn()
    const cookie = await cookieOf(token)
    for (let again = 0; again < 2; again++) {
      expect((await here.manage({ action: 'disable', number })).account).toMatchObject({ user, status: 'disabled' })
      expect(await pulls(cookie)).toBe(401)
    }
    const { disabled, admin_channels: channels, admin_roles: roles } = (await books.get(`_user/${user.replace('::', '-')}`)) ?? {}
    expect([disabled, channels ?? [], roles ?? []]).toEqual([true, [], []])
  })
})

describe('a deleted account', () => {
  test('is gone but for its number, which nobody gets again; the same phone number starts anew', async () => {
    const { number, token, user } = await signIn()
    const cookie = await cookieOf(token)
    const { line } = (await books.get(`signin::${user}`)) as { line: string }
    for (let again = 0; again < 2; again++) {
      expect((await here.manage({ action: 'delete', user })).account).toEqual({ user, status: 'spent', createdAt: expect.any(String) as unknown, unfinished: false })
    }
    expect((await here.manage({ action: 'delete', number })).account).toBeNull()
    expect(await pulls(cookie)).toBe(401)
    expect((await person.session(token)).status).toBe(401)
    expect(await books.get(`_user/${user.replace('::', '-')}`)).toBeUndefined()
    expect([await books.get(user), await books.get(`signin::tel::${line}`)]).toEqual([undefined, undefined])
    expect(Object.keys((await books.get(`signin::${user}`)) ?? {}).filter((name) => !name.startsWith('_')).sort()).toEqual(['createdAt', 'status', 'type'])
    for (const action of ['enable', 'disable']) await expect(here.manage({ action, user })).rejects.toThrow('This account is deleted')
    expect(Number((await signIn(number)).user.slice(3))).toBeGreaterThan(Number(user.slice(3)))
  })

  test('leaves its phone the quiet that it asked for', async () => {
    const { number, user } = await signIn()
    await person.call(number)
    await person.phone(number).keys('*12')
    await here.manage({ action: 'delete', user })
    expect((await here.manage({ action: 'find', number })).line).toMatchObject({ signUp: 'none', call: 'denied: star' })
    expect((await person.call(number)).status).toBe(429)
  })
})

describe('a moved account', () => {
  test('opens to its new number and no longer to the old one, which may begin anew; its devices are signed out', async () => {
    const { number, token, user } = await signIn()
    const cookie = await cookieOf(token)
    const to = freshNumber()
    const moved = await here.manage({ action: 'move', number, to })
    expect(moved.account).toMatchObject({ user, lastDigits: to.slice(-2), devices: [], unfinished: false })
    expect(await here.manage({ action: 'move', number, to })).toEqual(moved)
    expect(await pulls(cookie)).toBe(401)
    expect((await person.session(token)).status).toBe(401)
    expect((await here.manage({ action: 'find', number })).account).toBeNull()
    expect((await signIn(to)).user).toBe(user)
    expect((await signIn(number)).user).not.toBe(user)
  })

  test('keeps its devices when asked to, and its profile always', async () => {
    const { token, user, device } = await signIn()
    const moved = await here.manage({ action: 'move', user, to: freshNumber(), signOut: false })
    expect(moved.account).toMatchObject({ devices: [{ device }] })
    expect(await pulls(await cookieOf(token))).toEqual([user])
  })

  test('is not moved to a number that has an account, and nothing changes', async () => {
    const [one, two] = [await signIn(), await signIn()]
    const before = [await books.get(`signin::${one.user}`), await books.get(`signin::${two.user}`)]
    await expect(here.manage({ action: 'move', user: one.user, to: two.number })).rejects.toThrow(`The new number has an account: ${two.user}.`)
    expect([await books.get(`signin::${one.user}`), await books.get(`signin::${two.user}`)]).toEqual(before)
  })

  test('takes a number whose account was deleted, and may come back to its own', async () => {
    const [one, two] = [await signIn(), await signIn()]
    await here.manage({ action: 'delete', user: two.user })
    await here.manage({ action: 'move', user: one.user, to: two.number })
    expect((await signIn(two.number)).user).toBe(one.user)
    await here.manage({ action: 'move', user: one.user, to: one.number })
    expect((await signIn(one.number)).user).toBe(one.user)
  })

  test('stays disabled', async () => {
    const { user } = await signIn()
    await here.manage({ action: 'disable', user })
    const to = freshNumber()
    expect((await here.manage({ action: 'move', user, to })).account).toMatchObject({ status: 'disabled' })
    expect((await person.signIn(to)).tokens.json['error']).toBe('access_denied')
  })
})

describe('signing out', () => {
  test('one device ends it alone; the other makes a new session', async () => {
    const phone = await signIn()
    const tablet = await signIn(phone.number)
    const cookie = await cookieOf(phone.token)
    for (let again = 0; again < 2; again++) {
      const { account } = await here.manage({ action: 'sign-out', user: phone.user, device: phone.device })
      expect(account).toMatchObject({ devices: [{ device: tablet.device }] })
    }
    expect(await pulls(cookie)).toBe(401)
    expect([(await person.session(phone.token)).status, (await person.session(tablet.token)).status]).toEqual([401, 200])
  })

  test('all devices ends them all', async () => {
    const phone = await signIn()
    const tablet = await signIn(phone.number)
    expect((await here.manage({ action: 'sign-out', number: phone.number, all: true })).account).toMatchObject({ devices: [] })
    expect([(await person.session(phone.token)).status, (await person.session(tablet.token)).status]).toEqual([401, 401])
  })
})

describe('a quiet', () => {
  test.each(['with an account', 'without one'])('is lifted from a number %s, which rings again', async (kind) => {
    const number = freshNumber()
    const user = kind === 'without one' ? undefined : (await signIn(number)).user
    await person.call(number)
    await person.phone(number).keys('*12')
    expect((await person.call(number)).status).toBe(429)
    for (const order of [user ? { user } : { number }, { number }]) {
      expect((await here.manage({ action: 'lift-quiet', ...order })).line).toMatchObject({ quietUntil: null })
    }
    expect((await person.call(number)).status).toBe(200)
  })

  test('and the wrong digits that led to it are forgotten', async () => {
    const number = freshNumber()
    const wrongCall = async () => {
      const wrong = String((await person.call(number)).json['match_code']) === '100' ? '101' : '100'
      await person.phone(number).keys(wrong)
      await person.phone(number).keys(wrong)
    }
    for (let call = 0; call < 3; call++) await wrongCall()
    await here.manage({ action: 'lift-quiet', number })
    for (let call = 0; call < 2; call++) await wrongCall()
    expect((await person.call(number)).status).toBe(200)
  })
})

test('nothing of a phone number, nor of its line, is in the log', async () => {
  const { number, user } = await signIn()
  const { line } = (await books.get(`signin::${user}`)) as { line: string }
  const before = here.log.length
  for (const action of ['find', 'disable', 'enable', 'lift-quiet']) await here.manage({ action, number })
  await here.manage({ action: 'move', number, to: freshNumber() })
  await here.manage({ action: 'delete', user })
  const written = here.log.slice(before).join('\n')
  expect(written).toContain(user)
  expect(written).not.toMatch(new RegExp(`2025550|${line}`))
})
