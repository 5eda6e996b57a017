// What a stranger can try with a number that is not his, step by step, and what comes of it: for him, and at every system that is asked.
import { answerOf, ciba, type Answer, type App } from '../app.ts'
import type { LongPolls } from '../long-polls.ts'
import type { manualClock } from '../manual-clock.ts'
import { webhookOverHttp, type recordingCompany } from '../recording-company.ts'
import type { World } from '../world.ts'
import type { Asked, recorder } from './recorder.ts'

type Stage = { here: World; person: App; port: LongPolls; clock: ReturnType<typeof manualClock>; record: Awaited<ReturnType<typeof recorder>>; company: Awaited<ReturnType<typeof recordingCompany>> }

/** Each step in words: status, headers and body, the requests upstream, and by how much the store's sequence grew. Random parts are blurred to their length. */
export const walk = async ({ here, person, port, clock, record, company }: Stage, number: string) => {
  const sequence = async () => ((await (await fetch(`${here.places['sync-gateway-admin']}/notes/`)).json()) as { update_seq: number }).update_seq
  const steps: (ReturnType<typeof seen> & { name: string; asked: string[]; grown: number })[] = []
  const step = async (name: string, run: () => Promise<Answer>) => {
    const before = await sequence()
    record.taken()
    const answer = await run()
    steps.push({ name, ...seen(answer), asked: record.taken().map(blurred), grown: (await sequence()) - before })
    return answer
  }
  const call = (headers: Record<string, string> = {}) => person.post('/call', { client_id: 'app', scope: 'openid', login_hint: number }, headers)
  const ringing = async (name: string) => String((await step(name, () => call())).json['auth_req_id'])

  const hears = (path: 'keys' | 'status', form: Record<string, string>, attempt = 1) =>
    step(`the company reports ${path}`, async () => answerOf(await webhookOverHttp(here.url, path, `${company.queryFor(number)}${path === 'keys' ? `&attempt=${attempt}` : ''}`, form)))

  here.restart()
  const first = await ringing('calls')
  await step('polls', () => person.poll(first))
  await step('polls too soon', () => person.poll(first))
  await step('polls for another', () => person.poll(`${first.split('.')[0] ?? ''}.${'s'.repeat(43)}`))
  await step('polls as another client', () => person.post('/token', { client_id: 'other', grant_type: ciba, auth_req_id: first }))
  await step('calls while it rings', () => call())
  clock.advance(180_000)
  await step('polls too late', () => person.poll(first))
  const second = await ringing('calls a busy phone')
  await hears('status', { CallStatus: 'busy' })
  await step('polls and hears that it is busy', () => person.poll(second))
  await step('asks with a key', () => call({ 'idempotency-key': 'k'.repeat(22) }))
  await step('asks again with it', () => call({ 'idempotency-key': 'k'.repeat(22) }))
  await hears('keys', { Digits: '*' })
  await step('calls a number that said no', () => call())
  clock.advance(86_400_000)
  const third = await ringing('calls a day later')
  await step('waits for as long as it likes', async () => {
    const waits = port.waits()
    const answer = person.post('/token', { client_id: 'app', grant_type: ciba, auth_req_id: third }, { prefer: 'wait=1' })
    await waits
    clock.advance(1_000)
    return answer
  })
  await hears('keys', { Digits: '0' })
  await hears('keys', { Digits: '99' })
  await step('polls after wrong digits', () => person.poll(third))
  await hears('keys', { Digits: '99' }, 2)
  await step('polls after wrong digits again', () => person.poll(third))
  return steps
}

const random = /[\w-]{22,}|"match_code":"\d+"|\d{13}/g
const blur = (text: string) => text.replace(random, (found) => `<${found.length}>`)

const seen = ({ status, headers, text }: Answer) => ({
  status,
  headers: [...headers].filter(([name]) => name !== 'date').map(([name, value]) => `${name}: ${name === 'apigw-requestid' ? `<${value.length}>` : blur(value)}`).sort(),
  text: blur(text),
})

/** Without the sequence of the line; of a body, only whether it is there and fits one packet or not: what is in a line differs, and nobody outside sees it. */
const blurred = ({ system, method, path, body }: Asked) => `${system} ${method} ${blur(path).replace(/since=\d+/, 'since=<n>')} ${Math.ceil(body.length / 1_400)}`
