// A test signs in at debug level and searches everything that was written, every URL and the whole store for what must stay unseen.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { http } from '../../shared/http.ts'
import type { Runtime } from '../../shared/runtime.ts'
import { manualClock } from '../manual-clock.ts'
import { context, eventFor } from '../sandbox.ts'
import { world, type World } from '../world.ts'
import { boundSignIn, faults, life, numbers, oddPlaces, operator, signIns, type Unseen } from './life.ts'
import { recorder, type Asked } from './recorder.ts'

const clock = manualClock(Date.now())
const logins = { SYNC_GATEWAY_PASSWORD: 'sync-gateway-password', COUCHBASE_PASSWORD: 'couchbase-password', TWILIO_API_KEY_SECRET: 'twilio-api-key-secret', TWILIO_AUTH_TOKEN: 'twilio-auth-token' }
const keys = [3, 5, 7].map((byte) => Buffer.alloc(32, byte).toString('base64url'))
const secrets = { 'token-key': { keys: keys.slice(0, 1) }, 'phone-pepper': { key: keys[1] }, 'line-key': { key: keys[2] } }
const printed: string[] = []
let here: World
let record: Awaited<ReturnType<typeof recorder>>
let unseen: Unseen[]
let asked: Asked[]
let store = ''

beforeAll(async () => {
  // Six digits are told apart from what else is in a log.
  here = await world({ clock, given: { ...logins, LOG_LEVEL: 'debug', MATCH_DIGITS: '6' } })
  for (const [name, value] of Object.entries(secrets)) here.setSecret(name, value)
  record = await recorder(here)
  const silence = listening()
  const one = await life(here, clock)
  // What is stored now may be gone when the account is.
  for (const chapter of [signIns, boundSignIn, oddPlaces, faults, operator]) {
    await chapter(one)
    store += await everythingStored()
  }
  silence()
  asked = record.taken()
  unseen = [...one.unseen, ...ownSecrets(), ...passwords(asked)]
}, 120_000)
afterAll(() => Promise.all([here.close(), record.close()]))

/** Whatever is printed by anybody. */
const listening = () => {
  const streams = [process.stdout, process.stderr]
  const before = streams.map((stream) => stream.write.bind(stream))
  const consoles = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => [name, console[name]] as const)
  for (const stream of streams) stream.write = (text: Uint8Array | string) => Boolean(printed.push(String(text)))
  for (const [name] of consoles) console[name] = (...parts: unknown[]) => void printed.push(parts.map(String).join(' '))
  return () => {
    streams.forEach((stream, index) => { stream.write = before[index]! })
    for (const [name, print] of consoles) console[name] = print
  }
}

const ownSecrets = (): Unseen[] => [
  ...Object.entries(logins).map(([what, text]) => ({ what, text })),
  ...keys.map((text) => ({ what: 'a key', text })),
  { what: 'the AWS key', text: here.environment['AWS_SECRET_ACCESS_KEY'] ?? '' },
]

const passwords = (requests: Asked[]): Unseen[] =>
  requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/_user/')).map(({ body }) => ({ what: 'a password', text: (JSON.parse(body) as { password: string }).password }))

const everythingStored = async () => {
  const at = async (path: string) => (await fetch(`${here.places['sync-gateway-admin']}/notes/${path}`)).text()
  const { rows } = JSON.parse(await at('_all_docs?include_docs=true&revs=true&channels=true')) as { rows: { id: string }[] }
  const raw = await Promise.all(rows.map(({ id }) => at(`_raw/${encodeURIComponent(id)}`)))
  const users = JSON.parse(await at('_user/')) as string[]
  // A line keeps the digits of its last call, and nothing else does.
  return [JSON.stringify(rows), ...raw, ...(await Promise.all(users.map((name) => at(`_user/${name}`))))].join('\n').replace(/"matchCode":"\d+"/g, '')
}

const waysToWrite = (number: string) => {
  const [national, area] = [number.slice(2), number.slice(2, 5)]
  return [number, number.slice(1), national, encodeURIComponent(number), `(${area}) ${national.slice(3, 6)}-${national.slice(6)}`, `${area}-${national.slice(3, 6)}-${national.slice(6)}`, Buffer.from(number).toString('base64url')]
}

/** What of the unseen is in there: numbers however they are written, digits that stand alone, and of everything else the whole and each part of 16 characters. */
const seenIn = (text: string) => {
  const found = new Set<string>()
  for (const number of Object.values(numbers).flatMap(waysToWrite)) if (text.includes(number)) found.add(`the number ${number}`)
  for (const { what, text: secret } of unseen) {
    if (what === 'match_code') {
      if (new RegExp(`(?<!\\d)${secret}(?!\\d)`).test(text)) found.add(`the digits ${secret}`)
      continue
    }
    for (const part of [secret, ...secret.split('.').filter(({ length }) => length >= 16)]) if (text.includes(part)) found.add(`${what}: ${part}`)
  }
  return [...found]
}

test('the life was full: sign-ins, refusals, faults and mistakes were logged at every level', () => {
  const events = new Set(here.log.filter((line) => line.startsWith('{')).map((line) => (JSON.parse(line) as { event: string }).event))
  expect([...events]).toEqual(expect.arrayContaining(['call_started', 'keys_received', 'status_received', 'tokens_issued', 'session_made', 'refused', 'upstream_failed', 'failed', 'account_managed', 'answered']))
  expect(unseen.length).toBeGreaterThan(40)
})

test('what is searched for would be found', () => {
  for (const { what, text } of unseen) expect([what, seenIn(`x ${text} y`)]).not.toEqual([what, []])
})

test('a mistake that nobody foresaw is logged by its name and place, not by what it says', async () => {
  const lines: string[] = []
  const runtime: Runtime = { environment: () => here.environment, now: clock.now, random: (bytes) => Buffer.alloc(bytes), write: (line) => lines.push(line) }
  const failing = http({ name: 'failing', runtime }, () => Promise.reject(new TypeError(`Cannot read ${numbers.person}`, { cause: numbers.other })))
  const answer = await failing(eventFor({ route: 'POST /call', body: numbers.moved }), context)
  expect(lines.join()).toMatch(/"event":"failed".*"errorName":"TypeError","frames":\["at /)
  expect([answer.statusCode, seenIn(JSON.stringify([lines, answer]))]).toEqual([500, []])
})

describe('there is no phone number, digit, token, session, password or key', () => {
  test('in the log, not even the handle', () => expect(seenIn(here.log.join('\n'))).toEqual([]))

  test('in what is printed', () => expect(seenIn(printed.join('\n'))).toEqual([]))

  test('in a URL, but for the session that is being ended there', () => {
    const urls = asked.map(({ system, path }) => (system === 'sync-gateway' ? path.replace(/\/_session\/\w+$/, '') : path))
    const callbacks = asked.filter(({ system }) => system === 'twilio').flatMap(({ body }) => [...body.matchAll(/https?%3A[^&<]+/g)].map(([url]) => decodeURIComponent(url)))
    expect(callbacks.length).toBeGreaterThan(5)
    expect(seenIn(urls.join('\n'))).toEqual([])
    // Of an auth_req_id the handle alone is there.
    const handles = new Set(unseen.filter(({ what }) => what === 'auth_req_id').map(({ text }) => text.split('.')[0] ?? ''))
    expect(seenIn(callbacks.join('\n').replace(/line=([\w-]{43})/g, (whole, handle: string) => (handles.has(handle) ? 'line=' : whole)))).toEqual([])
  })

  test('in the store, but for the digits of the last call', () => {
    expect(store).toContain('secretHash')
    // The id of a device is in its tokens, and opens nothing.
    const devices = unseen.filter(({ what }) => what === 'refresh_token').map(({ text }) => text.split('.')[1] ?? '').filter(Boolean)
    expect(seenIn(devices.reduce((text, device) => text.replaceAll(device, ''), store))).toEqual([])
  })
})
