// The walks that a person takes through Callgate, request by request, with an app that asks once more where it is told to come again.
import { randomBytes } from 'node:crypto'
import type { Answer, App } from '../app.ts'

/** What one person met on the way. */
export type Walk = { number: string; answers: { step: string; answer: Answer }[]; tokens: Answer | undefined; session: Answer | undefined }

const begun = (number: string): Walk => ({ number, answers: [], tokens: undefined, session: undefined })

/** Asks, and asks once more after a 503. The answer, if it is not a refusal. */
const stepsOf = ({ answers }: Walk) => async (step: string, ask: () => Promise<Answer>) => {
  const once = async () => {
    const answer = await ask()
    answers.push({ step, answer })
    return answer
  }
  const first = await once()
  const last = first.status === 503 ? await once() : first
  return last.status < 300 ? last : undefined
}

/** A whole sign-in: call, keys, tokens, session. */
export const signIn = async (person: App, number: string): Promise<Walk> => {
  const walk = begun(number)
  const step = stepsOf(walk)
  const key = randomBytes(16).toString('hex')
  const called = await step('POST /call', () => person.post('/call', { client_id: 'app', scope: 'openid', login_hint: number }, { 'idempotency-key': key }))
  if (!called) return walk
  await person.phone(number).keys(String(called.json['match_code']))
  walk.tokens = await step('POST /token', () => person.poll(called.json['auth_req_id']))
  if (walk.tokens) walk.session = await step('POST /session', () => person.session(walk.tokens?.json['access_token']))
  return walk
}

/** Going on by the refresh token of a walk before: tokens, session, the list of devices, and out. */
export const goOn = async (person: App, { number, tokens }: Walk): Promise<Walk> => {
  const walk = begun(number)
  const step = stepsOf(walk)
  const form = { client_id: 'app', grant_type: 'refresh_token', refresh_token: String(tokens?.json['refresh_token']) }
  walk.tokens = await step('POST /token', () => person.post('/token', form))
  if (!walk.tokens) return walk
  const token = walk.tokens.json['access_token']
  walk.session = await step('POST /session', () => person.session(token))
  await step('GET /session', () => person.session(token, { method: 'GET' }))
  await step('DELETE /session', () => signOut(person, walk))
  return walk
}

/** Out, with every device. */
export const signOut = (person: App, { tokens }: Walk) => person.session(tokens?.json['access_token'], { method: 'DELETE' }, '?all=true')
