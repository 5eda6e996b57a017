// Many sign-ins at once while Sync Gateway is slow, silent or down: what can be done is done, the rest is refused in time, nothing piles up, and all is well afterwards.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { app, type App } from '../app.ts'
import { signIn } from '../faults/walk.ts'
import { world, type World } from '../world.ts'
import { troubledServer } from './troubled-server.ts'

const people = Array.from({ length: 100 }, (_, index) => `+1202556${1_000 + index}`)
let here: World
let person: App
let gateway: Awaited<ReturnType<typeof troubledServer>>
beforeAll(async () => {
  here = await world()
  gateway = await troubledServer(here.places['sync-gateway-admin'])
  here.environment['SYNC_GATEWAY_ADMIN_URL'] = gateway.url
  here.restart()
  person = app(here)
  expect(await everybody()).toEqual(['200 200 200'])
}, 300_000)
afterAll(async () => {
  await here.close()
  await gateway.close()
})

/** What the sign-ins of all of them were answered, each kind of sign-in once. */
const everybody = async () => {
  const walks = await Promise.all(people.map((number) => signIn(person, number)))
  return [...new Set(walks.map(({ answers }) => answers.map(({ answer }) => answer.status).join(' ')))]
}

const timed = async <T>(work: Promise<T>) => {
  const begun = performance.now()
  return { result: await work, seconds: (performance.now() - begun) / 1_000 }
}

describe('a hundred sign-ins at once', () => {
  // Each does one thing at a time: the call, the webhooks of its phone, the tokens, the session. Each of the four functions keeps connections of its own.
  const nothingPilesUp = () => {
    const { requests, sockets } = gateway.most()
    expect(requests).toBeLessThanOrEqual(people.length)
    expect(sockets).toBeLessThanOrEqual(4 * people.length)
  }
  afterEach(async () => {
    await gateway.quiet()
    nothingPilesUp()
    gateway.be('well')
    expect(await everybody()).toEqual(['200 200 200'])
    nothingPilesUp()
  }, 300_000)

  test('with a Sync Gateway that is slow take longer and come through', async () => {
    gateway.be('slow')
    const { result, seconds } = await timed(everybody())
    expect(result).toEqual(['200 200 200'])
    expect(seconds).toBeGreaterThan(7)
  }, 300_000)

  test('with a silent one are refused when two waits of five seconds are over', async () => {
    gateway.be('silent')
    const { result, seconds } = await timed(Promise.all(people.map((number) => person.call(number))))
    expect(new Set(result.map(({ status, headers, json }) => `${status} ${headers.get('retry-after')} ${String(json['error'])}`))).toEqual(new Set(['503 5 temporarily_unavailable']))
    expect(seconds).toBeLessThan(15)
  }, 300_000)

  test('with one that is down are refused at once', async () => {
    await gateway.down()
    const { result, seconds } = await timed(Promise.all(people.map((number) => person.call(number))))
    await gateway.up()
    expect(new Set(result.map(({ status }) => status))).toEqual(new Set([503]))
    expect(seconds).toBeLessThan(5)
  }, 300_000)
})
