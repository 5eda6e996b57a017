// From the last digit to the usable session: with a poll that is held, by polling every two seconds, and by a poll that happens to come just then.
import { setTimeout } from 'node:timers/promises'
import { numberOf } from './crowd.ts'
import { person, type Json } from './person.ts'
import { table, type Section } from './report.ts'
import { stage, type Stage } from './stage.ts'
import { median } from './statistics.ts'
import { deployedMegabytes, waitingPrices } from './waiting-price.ts'

/** Of each kind. */
export type WaitingOptions = { signIns: number }
/** Milliseconds from the last digit. */
type Times = { tokens: number; session: number }

const intervalMilliseconds = 2_000
const ciba = 'urn:openid:params:grant-type:ciba'

export const waiting = async ({ signIns }: WaitingOptions): Promise<Section> => {
  const here = await stage()
  try {
    const people = Array.from({ length: signIns }, (_, index) => somebody(here, numberOf(index)))
    for (const one of people) await one.signIn()
    const [held, lucky]: Times[][] = [[], []]
    for (const one of people) {
      held?.push(await heldSignIn(here, one))
      lucky?.push(await luckySignIn(one))
    }
    // These mostly wait, so they can do it together.
    const polled = await Promise.all(people.map((one) => polledSignIn(here, one)))
    return await sectionOf({ held: held ?? [], lucky: lucky ?? [], polled })
  } finally {
    await here.close()
  }
}

const somebody = (here: Stage, number: string) => {
  const one = person(here, number)
  /** Has the phone ring, and picks it up. */
  const callAnswered = async () => {
    const called = await one.call()
    await fetch(`${here.places.twilio}/phones/${encodeURIComponent(number)}/answer`, { method: 'POST' })
    return called
  }
  return { ...one, callAnswered }
}
type Somebody = ReturnType<typeof somebody>

/** The tokens, or undefined while the call is not decided. */
const poll = async ({ url }: Stage, { auth_req_id }: Json, headers: Record<string, string> = {}): Promise<Json | undefined> => {
  const response = await fetch(`${url}/token`, { method: 'POST', headers, body: new URLSearchParams({ client_id: 'app', grant_type: ciba, auth_req_id: String(auth_req_id) }) })
  const json = (await response.json()) as Json
  if (response.ok) return json
  if (json['error'] === 'authorization_pending') return undefined
  throw new Error(`POST /token: ${response.status} ${JSON.stringify(json)}`)
}

/** What is left after the last digit: tokens by these means, and a session for them. */
const timed = async (one: Somebody, begun: number, tokens: Promise<Json>): Promise<Times> => {
  const got = await tokens
  const tokensAt = performance.now()
  await one.session(got)
  return { tokens: tokensAt - begun, session: performance.now() - begun }
}

const heldSignIn = async (here: Stage, one: Somebody) => {
  const called = await one.callAnswered()
  const answer = poll(here, called, { prefer: 'wait=20' })
  await setTimeout(100 + Math.random() * 200)
  const begun = performance.now()
  const pressed = one.press(called)
  const tokens = answer.then((json) => json ?? Promise.reject(new Error('A held poll was not woken.')))
  const [times] = await Promise.all([timed(one, begun, tokens), pressed])
  return times
}

const luckySignIn = async (one: Somebody) => {
  const called = await one.callAnswered()
  const begun = performance.now()
  return timed(one, begun, one.press(called).then(() => one.redeem(called)))
}

const polledSignIn = async (here: Stage, one: Somebody) => {
  const called = await one.callAnswered()
  let begun = 0
  const pressed = setTimeout(intervalMilliseconds * (1 + Math.random())).then(() => {
    begun = performance.now()
    return one.press(called)
  })
  for (;;) {
    await setTimeout(intervalMilliseconds)
    const tokens = await poll(here, called)
    if (!tokens) continue
    const [times] = await Promise.all([timed(one, begun, Promise.resolve(tokens)), pressed])
    return times
  }
}

const sectionOf = async (times: { held: Times[]; lucky: Times[]; polled: Times[] }): Promise<Section> => {
  const of = (kind: keyof typeof times, what: keyof Times) => times[kind].map((one) => one[what])
  const row = (name: string, kind: keyof typeof times) => [name, ...(['tokens', 'session'] as const).flatMap((what) => [median(of(kind, what)), Math.max(...of(kind, what))].map((value) => value.toFixed(1)))]
  return {
    title: 'Waiting for the person',
    text: [
      `${times.held.length} returning sign-ins of each kind. Milliseconds from the last digit, as the telephone sends it to the phone company, to the tokens and to the answer of POST /session. A lucky poll is sent when the phone company has had its answer: the least that polling can take.`,
      table(['', 'tokens, median', 'worst', 'session, median', 'worst'], [row('held: Prefer: wait=20', 'held'), row('polled every 2 s', 'polled'), row('a lucky poll', 'lucky')]),
      'What a thousand sign-ins cost, and how many functions run at once for each sign-in a second, by the time from the call to the last digit:',
      waitingPrices(await deployedMegabytes()),
    ].join('\n\n'),
    budgets: [{ name: 'tokens by a held poll, in those of a lucky one (medians)', limit: 1.5, value: median(of('held', 'tokens')) / median(of('lucky', 'tokens')) }],
  }
}
