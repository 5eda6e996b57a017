// What a sandbox does before its first request, and what becomes of it where that fails.
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createSession } from '../../functions/create-session.ts'
import { discovery } from '../../functions/discovery.ts'
import { issueJwt } from '../../functions/issue-jwt.ts'
import { receiveCallback } from '../../functions/receive-callback.ts'
import { startCall } from '../../functions/start-call.ts'
import type { Runtime } from '../../shared/runtime.ts'
import { app, ciba, type App } from '../app.ts'
import { faultyServer, type Fault } from '../faulty-server.ts'
import { manualClock } from '../manual-clock.ts'
import { context, eventFor } from '../sandbox.ts'
import { world, type World } from '../world.ts'

let here: World
let person: App
beforeAll(async () => {
  here = await world({ clock: manualClock(Date.now()), given: { LOG_LEVEL: 'debug', LIMIT_TOTAL: '1000/1d' } })
  person = app(here)
})
afterAll(() => here.close())

type Entry = { event: string; function: string; SecretsManagerMilliseconds?: number[] }

const logged = async (run: () => Promise<unknown>) => {
  const before = here.log.length
  await run()
  return here.log.slice(before).map((line) => JSON.parse(line) as Entry)
}
const secretsRead = (entries: Entry[], name: string) =>
  entries.filter((entry) => entry.function === name).reduce((sum, { SecretsManagerMilliseconds = [] }) => sum + SecretsManagerMilliseconds.length, 0)

test.each([['start-call', 6], ['receive-callback', 3], ['issue-jwt', 4], ['create-session', 2], ['discovery', 0]])('%s reads %i secrets ahead, and asks for nothing else', async (name, count) => {
  here.restart()
  const entries = await logged(() => here.prepare(name))
  expect(secretsRead(entries, name)).toBe(count)
  expect(entries.flatMap((entry) => Object.keys(entry)).filter((field) => field.endsWith('Milliseconds') && field !== 'SecretsManagerMilliseconds')).toEqual([])
})

test('the first requests of sandboxes that did so read none of them again', async () => {
  here.restart()
  const names = ['start-call', 'receive-callback', 'issue-jwt', 'create-session']
  await Promise.all(names.map((name) => here.prepare(name)))
  const entries = await logged(async () => {
    const { tokens } = await person.signIn('+12025550101')
    expect((await person.session(tokens.json['access_token'])).status).toBe(200)
  })
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

describe('where Secrets Manager has its faults', () => {
  type Faulty = { runtime: Runtime; lines: string[]; seen: string[]; fate: { now: Fault } }
  const faulty = async (run: (given: Faulty) => Promise<void>) => {
    const fate: Faulty['fate'] = { now: 'go' }
    const front = await faultyServer(here.environment['AWS_ENDPOINT_URL_SECRETS_MANAGER']!, () => fate.now)
    const environment = { ...here.environment, AWS_ENDPOINT_URL_SECRETS_MANAGER: front.url }
    const lines: string[] = []
    try {
      await run({ runtime: { environment: () => environment, now: Date.now, random: randomBytes, write: (line) => lines.push(line) }, lines, seen: front.seen, fate })
    } finally {
      await front.close()
    }
  }
  const poll = eventFor({ route: 'POST /token', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ client_id: 'app', grant_type: ciba, auth_req_id: 'none' }).toString() })

  test('a function that is merely made asks for nothing', () => faulty(async ({ runtime, seen }) => {
    const [made] = [startCall, receiveCallback, issueJwt, createSession, discovery].map((make) => make(runtime))
    await delay(50)
    expect(seen).toEqual([])
    await made!.prepare()
    expect(seen).toHaveLength(6)
  }))

  test('a sandbox waits for an answer no longer than a second, and its first request for the rest, and then asks anew', () => faulty(async ({ runtime, lines, fate }) => {
    fate.now = 'hang'
    const handler = issueJwt(runtime)
    const begun = performance.now()
    await handler.prepare()
    const prepared = performance.now() - begun
    expect(prepared).toBeGreaterThan(950)
    expect(prepared).toBeLessThan(2_500)
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([expect.objectContaining({ event: 'not_prepared', system: 'secrets-manager', failure: 'lost_reply' })])
    fate.now = 'go'
    const { statusCode, body } = await handler(poll, context)
    expect([statusCode, JSON.parse(body ?? '')]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })])
    expect(performance.now() - begun).toBeGreaterThan(2_950)
  }))

  test('a request that comes while a sandbox starts shares its reading', () => faulty(async ({ runtime, seen }) => {
    const handler = issueJwt(runtime)
    const [, { statusCode }] = await Promise.all([handler.prepare(), handler(poll, context)])
    expect([statusCode, seen.length]).toEqual([400, 4])
  }))
})
