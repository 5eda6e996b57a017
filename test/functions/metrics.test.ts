// What an operator sees: each metric counts what its name says, once, and one id leads through the log from the call to the session.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import type { MetricName } from '../../shared/metric.ts'
import { app, type App } from '../app.ts'
import { faultyServer, type Fault } from '../faulty-server.ts'
import { manualClock } from '../manual-clock.ts'
import { silentCompany } from '../silent-company.ts'
import { world, type World } from '../world.ts'

type Directive = { Namespace: string; Dimensions: string[][]; Metrics: { Name: MetricName; Unit: string }[] }
type Entry = Record<string, unknown> & { event: string; _aws?: { Timestamp: number; CloudWatchMetrics: Directive[] } }

const clock = manualClock(Date.now())
const silent = await silentCompany()
let here: World
let person: App
let fault: Fault = 'go'
let around: Awaited<ReturnType<typeof faultyServer>>
beforeAll(async () => {
  here = await world({ clock, given: { LOG_LEVEL: 'warn', LIMIT_NUMBER: '3/1h', SECRETS_PREFIX: 'callgate/test', TWILIO_AUTH_TOKEN: 'the-token', TWILIO_API_URL: silent.url } })
  around = await faultyServer(here.places['sync-gateway-admin'], () => fault)
  here.environment['SYNC_GATEWAY_ADMIN_URL'] = around.url
  person = app(here)
})
afterAll(() => Promise.all([here.close(), silent.close(), around.close()]))

/** The records that were written while this ran. */
const during = async (run: () => Promise<unknown>) => {
  const before = here.log.length
  await run()
  return here.log.slice(before).map((line) => JSON.parse(line) as Entry)
}
const directives = (entries: Entry[]) =>
  entries.flatMap((entry) => (entry._aws?.CloudWatchMetrics ?? []).map(({ Namespace, Dimensions, Metrics: [metric] }) => ({ entry, Namespace, Dimensions, name: metric!.Name, unit: metric!.Unit })))
const counts = (entries: Entry[]) => {
  const total: Record<string, number> = {}
  for (const { entry, name, unit } of directives(entries)) if (unit !== 'Milliseconds') total[name] = (total[name] ?? 0) + Number(entry[name])
  return total
}

let used = 700
const freshNumber = () => `+1202555${String(++used).padStart(4, '0')}`
const send = async (path: string, form: Record<string, string>) => {
  const headers = { 'x-twilio-signature': getExpectedTwilioSignature('the-token', `${here.url}${path}`, form) }
  expect((await fetch(`${here.url}${path}`, { method: 'POST', body: new URLSearchParams(form), headers })).ok).toBe(true)
}
const calling = async (number = freshNumber()) => {
  const entries: Entry[] = []
  const { json } = await person.call(number).finally(() => entries.push(...here.log.map((line) => JSON.parse(line) as Entry)))
  const callId = String(entries.findLast(({ event }) => event === 'call_started')?.['callId'])
  const query = `?line=${String(json['auth_req_id']).split('.')[0]}&call=${callId}`
  return {
    authReqId: json['auth_req_id'], right: String(json['match_code']), callId,
    keys: (digits: string, attempt = 1) => send(`/call/keys${query}&attempt=${attempt}`, { Digits: digits }),
    status: (form: Record<string, string>) => send(`/call/status${query}`, form),
  }
}
const wrongFor = (right: string) => (right === '100' ? '101' : '100')

describe('a sign-in', () => {
  test('is counted step by step, by a log that is set to tell warnings only', async () => {
    const entries = await during(async () => {
      const call = await calling()
      await call.keys(call.right)
      await call.status({ CallStatus: 'completed', CallDuration: '17' })
      const { json } = await person.poll(call.authReqId)
      await person.session(json['access_token'])
      await person.session(json['access_token'])
    })
    expect(counts(entries)).toEqual({ CallsStarted: 1, CallsApproved: 1, CallsAnswered: 1, CallSeconds: 17, SignUps: 1, Sessions: 2 })
    expect(entries.every(({ _aws, level }) => _aws !== undefined || level === 'warn')).toBe(true)
  })

  test('of somebody who has an account is no sign-up, and can be followed by the id of its call', async () => {
    const number = freshNumber()
    const signIn = async () => {
      const call = await calling(number)
      await call.keys(call.right)
      const { json } = await person.poll(call.authReqId)
      await person.session(json['access_token'])
      return call.callId
    }
    await signIn()
    let callId = ''
    const entries = await during(async () => { callId = await signIn() })
    expect(counts(entries)).toEqual({ CallsStarted: 1, CallsApproved: 1, Sessions: 1 })
    expect(entries.filter((entry) => entry['callId'] === callId).map(({ event }) => event)).toEqual(['call_started', 'keys_received', 'session_made'])
  })

  test('is in the namespace of its stage, and each record is what the embedded metric format wants', async () => {
    const entries = await during(async () => (await calling()).status({ CallStatus: 'completed', CallDuration: '3' }))
    const found = directives(entries)
    expect(found.length).toBeGreaterThan(3)
    for (const { entry, Namespace, Dimensions, name } of found) {
      expect([Namespace, entry._aws?.Timestamp]).toEqual(['callgate/test', clock.now()])
      expect(Dimensions).toEqual([[]])
      expect([entry[name]].flat().every((value) => typeof value === 'number')).toBe(true)
    }
  })
})

describe('what goes wrong', () => {
  test('digits that are wrong twice are one call denied, however often the webhook comes', async () => {
    const entries = await during(async () => {
      const { right, keys } = await calling()
      await keys(wrongFor(right))
      await keys(wrongFor(right), 2)
      await keys(wrongFor(right), 2)
    })
    expect(counts(entries)).toEqual({ CallsStarted: 1, CallsDenied: 1 })
  })

  test('a star is one call reported', async () => {
    const entries = await during(async () => {
      const { keys } = await calling()
      await keys('*')
      await keys('*')
    })
    expect(counts(entries)).toEqual({ CallsStarted: 1, CallsReported: 1 })
  })

  test('a call that nobody takes is not answered, and costs no seconds', async () => {
    expect(counts(await during(async () => (await calling()).status({ CallStatus: 'no-answer', CallDuration: '0' })))).toEqual({ CallsStarted: 1 })
  })

  test('a limit is counted by itself and by which it is', async () => {
    const number = freshNumber()
    for (let calls = 0; calls < 3; calls++) await (await calling(number)).status({ CallStatus: 'busy' })
    const entries = await during(() => person.call(number))
    expect(counts(entries)).toEqual({ LimitRefusals: 1 })
    expect(directives(entries).find(({ name }) => name === 'LimitRefusals')).toMatchObject({ Dimensions: [[], ['reason']], entry: { reason: 'number' } })
  })

  test('a Sync Gateway that is down is an upstream error by its name', async () => {
    fault = 503
    const entries = await during(async () => expect((await person.call(freshNumber())).status).toBe(503)).finally(() => { fault = 'go' })
    expect(counts(entries)).toEqual({ UpstreamErrors: 1 })
    expect(directives(entries).find(({ name }) => name === 'UpstreamErrors')).toMatchObject({ Dimensions: [[], ['system']], entry: { system: 'sync-gateway' } })
  })
})

test('the time of every request to another system is measured, in one record an invocation', async () => {
  here.restart('start-call')
  const entries = await during(() => calling())
  const times = Object.fromEntries(directives(entries).filter(({ unit }) => unit === 'Milliseconds').map(({ entry, name }) => [name, entry[name]]))
  // Its secrets; the line read and written; the one limit that is set; the call.
  expect(times).toEqual({ SecretsManagerMilliseconds: Array(6).fill(0), SyncGatewayMilliseconds: [0, 0], CouchbaseMilliseconds: [0], TwilioMilliseconds: [0] })
  expect(entries.filter(({ event }) => event === 'upstream_timed')).toHaveLength(1)
})
