// What a sandbox does before its first request, and what becomes of it where that fails.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { issueJwt } from '../../functions/issue-jwt.ts'
import { listen } from '../../local/server.ts'
import { app, type App } from '../app.ts'
import { manualClock } from '../manual-clock.ts'
import { world, type World } from '../world.ts'

let here: World
let person: App
beforeAll(async () => {
  here = await world({ clock: manualClock(Date.now()), given: { LOG_LEVEL: 'debug', LIMIT_TOTAL: '1000/1d' } })
  person = app(here)
})
afterAll(() => here.close())

type Entry = { event: string; function: string; SecretsManagerMilliseconds?: number[]; CouchbaseMilliseconds?: number[] }

const logged = async (run: () => Promise<unknown>) => {
  const before = here.log.length
  await run()
  return here.log.slice(before).map((line) => JSON.parse(line) as Entry)
}
const secretsRead = (entries: Entry[], name: string) => entries.filter((entry) => entry.function === name).reduce((sum, { SecretsManagerMilliseconds = [] }) => sum + SecretsManagerMilliseconds.length, 0)

/** Every step of a sign-in, in sandboxes that have just started. */
const walk = async (number: string) => {
  const { tokens } = await person.signIn(number)
  expect((await person.session(tokens.json['access_token'])).status).toBe(200)
}

test('a function that is merely made asks for nothing', async () => {
  expect(await logged(() => Promise.resolve(here.restart()))).toEqual([])
})

test.each([['start-call', 6], ['receive-callback', 3], ['issue-jwt', 4], ['create-session', 2], ['discovery', 0]])('%s reads %i secrets ahead, and nothing else', async (name, count) => {
  here.restart()
  const entries = await logged(() => here.prepare(name))
  expect([secretsRead(entries, name), entries.some((entry) => entry.CouchbaseMilliseconds)]).toEqual([count, false])
})

test('the first requests of sandboxes that did so read none of them again', async () => {
  here.restart()
  const names = ['start-call', 'receive-callback', 'issue-jwt', 'create-session']
  await Promise.all(names.map((name) => here.prepare(name)))
  const entries = await logged(() => walk('+12025550101'))
  // The login for numbers is read by the one that makes an account.
  expect(names.map((name) => secretsRead(entries, name))).toEqual([0, 0, 1, 0])
})

test('what fails is told in the log, and again to the request that needs it, and is tried anew by the next', async () => {
  here.restart()
  here.setSecret('line-key', { key: 'short' })
  const entries = await logged(() => here.prepare('issue-jwt'))
  expect(entries.filter(({ event }) => event !== 'upstream_timed')).toEqual([
    expect.objectContaining({ level: 'warn', event: 'not_prepared', function: 'issue-jwt', errorName: 'ConfigurationError', problem: 'The secret callgate/local/line-key is malformed at key.' }),
  ])
  expect((await person.poll('none')).json).toMatchObject({ error: 'server_error' })
  here.setSecret('line-key', { key: randomBytes(32).toString('base64url') })
  expect((await person.poll('none')).json).toMatchObject({ error: 'invalid_grant' })
})

test('secrets that do not come keep a sandbox from starting for two seconds and no longer', async () => {
  const silent = await listen(createServer(), 0)
  const lines: string[] = []
  const environment = { ...here.environment, AWS_ENDPOINT_URL_SECRETS_MANAGER: silent.url }
  try {
    const begun = performance.now()
    await issueJwt({ environment: () => environment, now: Date.now, random: randomBytes, write: (line) => lines.push(line) }).prepare()
    expect(Math.round((performance.now() - begun) / 1_000)).toBe(2)
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([expect.objectContaining({ event: 'not_prepared', system: 'secrets-manager', failure: 'lost_reply' })])
  } finally {
    await silent.close()
  }
})
