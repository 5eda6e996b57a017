// Who starts from nothing, with what, and on which request.
import { randomInt } from 'node:crypto'
import type { FirstAnswer, Sandboxed } from './cold-sandbox.ts'
import { person } from './person.ts'
import { sessionEvents } from './session-events.ts'
import { floorEnvironment, type Stage } from './stage.ts'

/** Starts a sandbox on an event, and keeps what it measured. */
export type Start = (sandboxed: Sandboxed, event: unknown) => Promise<FirstAnswer>

export type Contender = {
  name: string
  /** One line: what its first answer is to. */
  does: string
  bundle: string
  /** In ratio to hello world. */
  limit?: number
  run: (start: Start) => Promise<unknown>
}

const limitsOn = { LIMIT_NUMBER: '5/10m,10/1d', LIMIT_ADDRESS: '100000/1h,100000/1d', LIMIT_TOTAL: '100000/1d' }

/** Our functions, each on an event that came through API Gateway from somebody who signs in. `bundleOf` is the file of a function. */
export const ourContenders = (here: Stage, bundleOf: (name: string) => string): Contender[] => {
  const { environment } = here
  const cold = (start: Start, routeKey: string, name: string, change: Record<string, string> = {}) =>
    here.divert(routeKey, async (event) => (await start({ bundle: bundleOf(name), environment: { ...environment, ...change } }, event)).answer)
  /** Who has signed in once. A person of many devices would have the oldest ended, by a request more. */
  const returning = async () => {
    const somebodyElse = person(here, somebody())
    return { ...somebodyElse, tokens: await somebodyElse.signIn() }
  }

  /** What is also started with its secrets over TLS; `change` is to the environment. */
  const hotSteps: (Omit<Contender, 'run'> & { run: (start: Start, change?: Record<string, string>) => Promise<unknown> })[] = [
    { name: 'create-session', does: 'POST /session: checks a token, 2 requests to Sync Gateway', bundle: bundleOf('create-session'), limit: 1.8, run: async (start, change) => {
      const { session, tokens } = await returning()
      cold(start, 'POST /session', 'create-session', change)
      await session(tokens)
    } },
    { name: 'issue-jwt', does: 'POST /token of somebody who returns: 2 signatures, 4 requests to Sync Gateway', bundle: bundleOf('issue-jwt'), limit: 1.75, run: async (start, change) => {
      const { call, press, redeem } = await returning()
      const called = await call()
      await press(called)
      cold(start, 'POST /token', 'issue-jwt', change)
      await redeem(called)
    } },
    { name: 'receive-callback', does: 'POST /call/keys: checks a signature, 2 requests to Sync Gateway', bundle: bundleOf('receive-callback'), limit: 1.65, run: async (start, change) => {
      const { call, press } = await returning()
      const called = await call()
      cold(start, 'POST /call/keys', 'receive-callback', change)
      await press(called)
    } },
    { name: 'start-call', does: 'POST /call where nothing is limited: 2 requests to Sync Gateway, 1 to Twilio, none to Couchbase', bundle: bundleOf('start-call'), limit: 1.8, run: async (start, change) => {
      cold(start, 'POST /call', 'start-call', change)
      await person(here, somebody()).call()
    } },
    { name: 'start-call with the Couchbase SDK', does: 'start-call with 5 limits counted', bundle: bundleOf('start-call'), run: async (start, change) => {
      cold(start, 'POST /call', 'start-call', { ...limitsOn, ...change })
      await person(here, somebody()).call()
    } },
  ]

  return [
    { name: 'discovery', does: 'GET /.well-known/openid-configuration: no secret, nothing of others', bundle: bundleOf('discovery'), limit: 1.5, run: async (start) => {
      cold(start, 'GET /.well-known/openid-configuration', 'discovery')
      await read(`${here.url}/.well-known/openid-configuration`)
    } },
    { name: 'discovery of keys', does: 'GET /.well-known/jwks.json: reads 1 secret', bundle: bundleOf('discovery'), run: async (start) => {
      cold(start, 'GET /.well-known/jwks.json', 'discovery')
      await read(`${here.url}/.well-known/jwks.json`)
    } },
    ...hotSteps,
    ...hotSteps.map(({ name, bundle, run }) => ({ name: `${name} over TLS`, does: `${name}, its secrets over TLS as in AWS`, bundle, run: (start: Start) => run(start, here.secured) })),
    { name: 'create-session with DPoP', does: "create-session by a token that is bound to a key, as our client's are: 1 secret more, and a proof that jose reads", bundle: bundleOf('create-session'), run: async (start) => {
      const [event] = await sessionEvents(here).bound(1)
      await start({ bundle: bundleOf('create-session'), environment }, event)
    } },
    { name: 'issue-jwt with the Couchbase SDK', does: 'POST /token of somebody new: makes the account', bundle: bundleOf('issue-jwt'), run: async (start) => {
      const newcomer = person(here, somebody())
      const called = await newcomer.call()
      await newcomer.press(called)
      cold(start, 'POST /token', 'issue-jwt')
      await newcomer.redeem(called)
    } },
  ]
}

// Known to everybody who reads local/surroundings.ts, and read there as the secret twilio-api.
const twilioLogin = { TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000001', TWILIO_API_KEY_SID: 'SK00000000000000000000000000000001', TWILIO_API_KEY_SECRET: 'callgate-local' }

/** What everybody is compared with. */
export const helloWorld = (bundle: string): Contender => ({ name: 'hello', does: 'nothing', bundle, run: (start) => start({ bundle, environment: {} }, {}) })

/** The least that a session can cost, and the peers, on events of ours. `bundleOf` is the file of each. */
export const otherContenders = (here: Stage, bundleOf: (name: string) => string, keys: string): Contender[] => {
  const environment = { ...here.environment, ...twilioLogin, ...floorEnvironment(keys) }
  const take = (start: Start, routeKey: string, name: string) => here.divert(routeKey, async (event) => (await start({ bundle: bundleOf(name), environment }, event)).answer)
  const sessions = (name: string, does: string): Contender => ({ name, does, bundle: bundleOf(name), run: async (start) => {
    const newcomer = person(here, somebody())
    const tokens = await newcomer.signIn()
    take(start, 'POST /session', name)
    await newcomer.session(tokens)
  } })
  const calling = (name: string, does: string): Contender => ({ name, does, bundle: bundleOf(name), run: async (start) => {
    take(start, 'POST /call', name)
    await person(here, somebody()).call()
  } })
  return [
    sessions('floor', 'a session by jose and node:http alone: no secret read, no log; a token, 2 requests to Sync Gateway'),
    sessions('middy-sdk', 'create-session with middy, zod, jose, fetch and the AWS SDK: 2 secrets, a token, 2 requests to Sync Gateway'),
    calling('better-auth', 'its phone number plugin: makes a code, stores it in memory, 1 request to Twilio by fetch'),
    calling('oidc-provider', 'CIBA behind serverless-http: stores the request in memory, 1 request to Twilio by fetch'),
    calling('express-twilio', 'express behind serverless-http: TwiML, 1 request to Twilio by its client'),
  ]
}

/** A number that nobody had. */
export const somebody = () => `+1${416 + randomInt(2) * 231}${200 + randomInt(300)}${String(randomInt(10_000)).padStart(4, '0')}`

const read = async (url: string) => {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
}
