// Nobody learns which numbers have accounts: neither by what is answered, nor by what it costs.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { app, type App } from '../app.ts'
import { longPolls, type LongPolls } from '../long-polls.ts'
import { manualClock } from '../manual-clock.ts'
import { authToken, recordingCompany, webhookOverHttp } from '../recording-company.ts'
import { world, type World } from '../world.ts'
import { recorder } from './recorder.ts'
import { walk } from './walk.ts'

const clock = manualClock(Date.now())
const company = await recordingCompany()
let here: World
let person: App
let port: LongPolls
let record: Awaited<ReturnType<typeof recorder>>
beforeAll(async () => {
  here = await world({ clock, given: { CLIENTS: 'app,other', TWILIO_API_URL: company.url, TWILIO_AUTH_TOKEN: authToken } })
  person = app(here)
  port = await longPolls(here)
  record = await recorder(here)
})
afterAll(() => Promise.all([here.close(), port.close(), record.close(), company.close()]))

const userOf = (token: unknown) => (JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as { sub: string }).sub
const known = async (number: string) => {
  const { json } = await person.call(number)
  await webhookOverHttp(here.url, 'keys', `${company.queryFor(number)}&attempt=1`, { Digits: String(json['match_code']) })
  return userOf((await person.poll(json['auth_req_id'])).json['access_token'])
}
const managed = async (number: string, action: string) => {
  await here.manage({ action, user: await known(number) })
}

test.each<[string, string, (number: string) => Promise<unknown>]>([
  ['known', '+12025550131', known],
  ['disabled', '+12025550132', (number) => managed(number, 'disable')],
  ['deleted', '+12025550133', (number) => managed(number, 'delete')],
])('a %s number answers as an unknown one, step by step, and costs the same requests in the same order', async (_what, number, prepare) => {
  await prepare(number)
  const stage = { here, person, port, clock, record, company }
  const steps = await walk(stage, number)
  expect(steps).toEqual(await walk(stage, number.replace('5501', '5502')))
  expect(steps.map(({ status }) => status)).toEqual([200, 400, 400, 400, 400, 429, 400, 200, 204, 400, 200, 200, 200, 429, 200, 400, 200, 200, 400, 200, 400])
})
