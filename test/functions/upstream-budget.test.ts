// What each step asks of the other systems, to the request: the table in the README is read here and held.
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { app, ciba, type App } from '../app.ts'
import { longPolls, type LongPolls } from '../long-polls.ts'
import { manualClock } from '../manual-clock.ts'
import { world, type World } from '../world.ts'

const systems = ['SyncGateway', 'Couchbase', 'Twilio', 'SecretsManager'] as const

const clock = manualClock(Date.now())
let here: World
let person: App
let port: LongPolls
beforeAll(async () => {
  // As it is deployed, with the limits that are there unless an operator sets others.
  here = await world({ clock, given: { LOG_LEVEL: 'debug', LIMIT_NUMBER: '5/10m,10/1d', LIMIT_ADDRESS: '30/1h,100/1d', LIMIT_COUNTRY: 'off', LIMIT_TOTAL: '1000/1d' } })
  person = app(here)
  port = await longPolls(here)
})
afterAll(() => Promise.all([here.close(), port.close()]))

/** How many requests each system got from one function while this ran. */
const cost = async <A>(name: string, run: () => Promise<A>): Promise<{ answer: A; requests: number[] }> => {
  const before = here.log.length
  const answer = await run()
  const timed = here.log.slice(before).map((line) => JSON.parse(line) as Record<string, unknown>).filter((entry) => entry['event'] === 'upstream_timed' && entry['function'] === name)
  const of = (name: string) => timed.reduce((sum, entry) => sum + ((entry[`${name}Milliseconds`] as unknown[] | undefined)?.length ?? 0), 0)
  // Sync Gateway alone holds anything.
  return { answer, requests: systems.map((system) => of(system) + (system === 'SyncGateway' ? of('Held') : 0)) }
}

/** The walk of one sign-in: each step's name, and what it cost. */
const walk = async (number: string, kind: 'first' | 'returning') => {
  const steps: [string, number[]][] = []
  const step = async <A>(title: string, name: string, run: () => Promise<A>) => {
    const { answer, requests } = await cost(name, run)
    steps.push([title, requests])
    return answer
  }
  const called = await step('`POST /call`', 'start-call', () => person.call(number))
  await step('`POST /token`, not decided', 'issue-jwt', () => person.poll(called.json['auth_req_id']))
  await step('`POST /call/status`, answered', 'receive-callback', () => person.phone(number).answer())
  await step('`POST /call/keys` and `/call/status`', 'receive-callback', () => person.phone(number).keys(String(called.json['match_code'])))
  const tokens = await step(`\`POST /token\`, ${kind} sign-in`, 'issue-jwt', () => person.poll(called.json['auth_req_id']))
  await step('`POST /token`, refresh', 'issue-jwt', () => person.post('/token', { client_id: 'app', grant_type: 'refresh_token', refresh_token: String(tokens.json['refresh_token']) }))
  await step('`POST /session`', 'create-session', () => person.session(tokens.json['access_token']))
  return Object.fromEntries(steps)
}

/** The same of a poll that is held: to its end, and until the person keys in the digits. */
const held = async (number: string, kind: 'first' | 'returning') => {
  const { json } = await person.call(number)
  const poll = () => person.post('/token', { client_id: 'app', grant_type: ciba, auth_req_id: String(json['auth_req_id']) }, { prefer: 'wait=1' })
  const during = async (act: () => unknown) => {
    const waits = port.waits()
    const answer = poll()
    await waits
    await act()
    return answer
  }
  const pending = await cost('issue-jwt', () => during(() => clock.advance(1_000)))
  await person.phone(number).answer()
  const signedIn = await cost('issue-jwt', () => during(() => person.phone(number).keys(String(json['match_code']))))
  expect([pending.answer.status, signedIn.answer.status]).toEqual([400, 200])
  return { '`POST /token`, held, not decided': pending.requests, [`\`POST /token\`, held, ${kind} sign-in`]: signedIn.requests }
}

/** The table of the README: for each step, requests to Sync Gateway, Couchbase and Twilio, and secrets when cold. */
const budget = async (): Promise<Record<string, number[]>> => {
  const readme = await readFile(`${import.meta.dirname}/../../README.md`, 'utf8')
  const rows = [...readme.matchAll(/^\| (`(?:POST|GET).*?) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)]
  return Object.fromEntries(rows.map(([, title = '', ...counts]) => [title, counts.map(Number)] as const))
}

test('a warm sandbox asks of each system what the README says, at a first and at a returning sign-in, and reads no secret', async () => {
  await walk('+12025550101', 'first')
  const first = await walk('+12025550102', 'first')
  const returning = await walk('+12025550102', 'returning')
  const all = { ...first, ...returning, ...(await held('+12025550104', 'first')), ...(await held('+12025550104', 'returning')) }
  expect(Object.values(all).every(([, , , secrets]) => secrets === 0)).toBe(true)
  const asked = Object.fromEntries(Object.entries(all).map(([title, requests]) => [title, requests.slice(0, 3)]))
  const allowed = Object.entries(await budget()).map(([title, requests]) => [title, requests.slice(0, 3)] as const)
  expect(asked).toEqual(Object.fromEntries(allowed))
})

test('a cold sandbox reads its secrets first, the login of Couchbase when it counts, and asks for nothing else more', async () => {
  const wanted = await budget()
  here.restart()
  const cold = await walk('+12025550103', 'first')
  const secretsOf = (title: string) => wanted[title]?.[3] ?? NaN
  // Only the first step of a function finds it cold, but for what making an account needs more than a poll.
  const rest: Record<string, number> = {
    '`POST /call/keys` and `/call/status`': 0,
    '`POST /token`, first sign-in': secretsOf('`POST /token`, first sign-in') - secretsOf('`POST /token`, not decided'),
    '`POST /token`, refresh': 0,
  }
  expect(Object.fromEntries(Object.entries(cold).map(([title, requests]) => [title, requests[3]]))).toEqual(
    Object.fromEntries(Object.keys(cold).map((title) => [title, rest[title] ?? secretsOf(title)])),
  )
})
