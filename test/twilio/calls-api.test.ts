// Twilio's API as its own client and its public error codes know it.
import { describe, expect, test } from '@jest/globals'
import { TwilioClient } from './package.ts'
import { basic, calls, desk, logins, number } from './desk.ts'

const good = { To: number, From: '+12025550100', Twiml: '<Response/>' }

describe('a new call', () => {
  test('is answered with the resource as it is before it is dialed', async () => {
    const { api } = await desk()
    const { status, json } = await api('POST', calls, good)
    const { sid } = json as { sid: string }
    expect(status).toBe(201)
    expect(sid).toMatch(/^CA[0-9a-f]{32}$/)
    expect(json).toMatchObject({
      account_sid: logins.accountSid,
      api_version: '2010-04-01',
      date_created: null,
      date_updated: null,
      start_time: null,
      end_time: null,
      duration: null,
      direction: 'outbound-api',
      from: '+12025550100',
      from_formatted: '(202) 555-0100',
      to: number,
      to_formatted: '(202) 555-0123',
      status: 'queued',
      uri: `/2010-04-01/Accounts/${logins.accountSid}/Calls/${sid}.json`,
      subresource_uris: { events: `/2010-04-01/Accounts/${logins.accountSid}/Calls/${sid}/Events.json` },
    })
  })

  test.each([
    ['everything missing', {}, 21201, "No 'To' number is specified"],
    ['To and From empty', { To: '', From: '', Twiml: '<Response/>' }, 21201, "No 'To' number is specified"],
    ['no instructions and no From', { To: number }, 21205, 'Url parameter is required.'],
    ['no From', { To: number, Twiml: '<Response/>' }, 21213, "No 'From' number is specified"],
    ['a Url that is none', { ...good, Url: 'ftp://x/' }, 21205, 'Url is not a valid URL: ftp://x/'],
    ['a From that is none', { ...good, From: '+18667786' }, 21212, 'From is not a valid phone number: +18667786'],
    ['both numbers wrong', { ...good, To: '+18667786', From: '+18667786' }, 21212, 'From is not a valid phone number: +18667786'],
    ['a To that is too short', { ...good, To: '+18667786' }, 21211, 'The phone number you are attempting to call, +18667786, is not valid.'],
    ['a To that is too long', { ...good, To: '+17890987654465' }, 21211, 'The phone number you are attempting to call, +17890987654465, is not valid.'],
    ['a To without digits', { ...good, To: '!!###$%' }, 21211, 'The phone number you are attempting to call, !!###$%, is not valid.'],
    ['a number that is invalid', { ...good, To: '+15005550001' }, 21217, 'Phone number does not appear to be valid: +15005550001'],
    ['a number that cannot be reached', { ...good, To: '+15005550002' }, 21214, 'The phone number you are attempting to call, +15005550002, cannot be reached.'],
    ['a country that is not enabled', { ...good, To: '+15005550003' }, 21215, expect.stringContaining('Account not authorized to call +15005550003.')],
    ['a blocked number', { ...good, To: '+15005550004' }, 21216, 'Account not allowed to call +15005550004'],
    ['the invalid number as From', { ...good, From: '+15005550001' }, 21212, 'From is not a valid phone number: +15005550001'],
    ['a Timeout of 0', { ...good, Timeout: '0' }, 21208, expect.any(String)],
    ['a Timeout over 600', { ...good, Timeout: '601' }, 21208, expect.any(String)],
    ['a Timeout in words', { ...good, Timeout: 'soon' }, 21208, expect.any(String)],
    ['a TimeLimit of 0', { ...good, TimeLimit: '0' }, 20001, expect.any(String)],
    ['a Method that is none', { ...good, Twiml: '', Url: 'http://x/', Method: 'PUT' }, 21209, expect.any(String)],
    ['a StatusCallback that is none', { ...good, StatusCallback: '/status' }, 21609, expect.any(String)],
    ['a StatusCallbackEvent that is none', { ...good, StatusCallback: 'http://x/', StatusCallbackEvent: 'initiated ringing' }, 21626, expect.any(String)],
    ['TwiML of 4,001 characters', { ...good, Twiml: 'x'.repeat(4_001) }, 20001, expect.any(String)],
  ])('%s is refused', async (_, form, code, message) => {
    const { api } = await desk()
    const { status, json } = await api('POST', calls, form)
    expect(status).toBe(400)
    expect(json).toEqual({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status: 400 })
    expect((await api('GET')).json).toMatchObject({ calls: [] })
  })

  test('TwiML of 4,000 characters is taken', async () => {
    const { api } = await desk()
    expect((await api('POST', calls, { ...good, Twiml: '<Response/>'.padEnd(4_000) })).status).toBe(201)
  })

  test('only the account’s own numbers may call, where they are named', async () => {
    const { api } = await desk({ callerIds: ['+12025550100'] })
    expect((await api('POST', calls, good)).status).toBe(201)
    expect((await api('POST', calls, { ...good, From: '+12025550101' })).json).toMatchObject({ code: 21210 })
  })

  test.each([['(202) 555-0123', number], ['2025550123', number], ['12025550123', number], [' 12025550123', number], ['+1 202 555 0123', number], ['202-555-0CAD', '+12025550223'], ['+442071838750', '+442071838750']])('%j calls %s', async (sent, to) => {
    const { api } = await desk()
    expect((await api('POST', calls, { ...good, To: sent })).json).toMatchObject({ to })
  })
})

describe('the login', () => {
  test.each([
    ['nothing', undefined, 'Authentication Error - No credentials provided'],
    ['another scheme', 'Bearer x', 'Authentication Error - No credentials provided'],
    ['an unknown key', basic('SK1', logins.apiKeySecret), 'Authentication Error - invalid username'],
    ['a wrong secret', basic(logins.apiKeySid, 'wrong'), 'Authenticate'],
    ['the account’s sid with the key’s secret', basic(logins.accountSid, logins.apiKeySecret), 'Authenticate'],
  ])('%s is refused before anything else', async (_, authorization, message) => {
    const { send } = await desk()
    const { status, json, headers } = await send('POST', calls, { form: {}, headers: authorization ? { authorization } : {} })
    expect({ status, json }).toEqual({ status: 401, json: { code: 20003, message, more_info: 'https://www.twilio.com/docs/errors/20003', status: 401 } })
    expect(headers.get('www-authenticate')).toContain('Basic')
  })

  test('the account itself is let in with its auth token', async () => {
    const { send } = await desk()
    expect((await send('GET', calls, { headers: { authorization: basic(logins.accountSid, logins.authToken) } })).status).toBe(200)
  })

  test('another account is not this key’s', async () => {
    const { api } = await desk()
    expect((await api('POST', calls.replace(logins.accountSid, `AC${'d'.repeat(32)}`), good)).status).toBe(401)
  })
})

describe('a call that is there', () => {
  test.each([['queued or ringing', 'canceled', 'canceled'], ['ringing', 'completed', 'canceled']])('%s is ended by %s', async (_, sent, status) => {
    const { api, place, app, settled } = await desk()
    const sid = await place({ Twiml: '<Response/>' })
    expect((await api('POST', one(sid), { Status: sent })).json).toMatchObject({ status })
    await settled()
    expect(app.on('/status').map(({ form }) => form['CallStatus'])).toEqual([status])
  })

  test('in progress is left alone by canceled and ended by completed', async () => {
    const { api, place, act, pass } = await desk()
    const sid = await place({ Twiml: '<Response><Pause length="60"/></Response>' })
    await act('answer')
    await pass(7.2)
    expect((await api('POST', one(sid), { Status: 'canceled' })).json).toMatchObject({ status: 'in-progress' })
    expect((await api('POST', one(sid), { Status: 'completed' })).json).toMatchObject({ status: 'completed', duration: '8' })
  })

  test('in progress is sent elsewhere by Twiml', async () => {
    const { api, place, act, view, settled } = await desk()
    const sid = await place({ Twiml: '<Response><Say>One</Say><Pause length="60"/><Say>Two</Say></Response>' })
    await act('answer')
    expect((await api('POST', one(sid), { Twiml: '<Response><Say>Three</Say><Pause length="9"/></Response>' })).status).toBe(200)
    await settled()
    expect(await view()).toMatchObject({ state: 'in-call', said: ['One', 'Three'] })
  })

  test.each([
    ['ringing, and sent elsewhere', { Twiml: '<Response/>' }, 21220],
    ['given a status that is none', { Status: 'gone' }, 20001],
    ['given a Url that is none', { Url: 'x' }, 21205],
  ])('%s is refused', async (_, form, code) => {
    const { api, place } = await desk()
    expect((await api('POST', one(await place({ Twiml: '<Response/>' })), form as Record<string, string>)).json).toMatchObject({ code, status: 400 })
  })

  test('over, it cannot be changed', async () => {
    const { api, place, act } = await desk()
    const sid = await place({ Twiml: '<Response/>' })
    await act('hangup')
    expect((await api('POST', one(sid), { Status: 'completed' })).json).toMatchObject({ code: 21220, message: 'Call is not in-progress. Cannot redirect.' })
  })

  test.each([['GET', one(`CA${'0'.repeat(32)}`), 404, 20404], ['GET', calls.replace('Calls', 'Messages'), 404, 20404], ['DELETE', calls, 405, 20004], ['PUT', calls, 405, 20004]])('%s %s is %i', async (method, path, status, code) => {
    const { api } = await desk()
    expect(await api(method, path)).toMatchObject({ status, json: { code, status } })
  })
})

describe('Twilio’s own client', () => {
  const client = (url: string) =>
    new TwilioClient(logins.apiKeySid, logins.apiKeySecret, {
      accountSid: logins.accountSid,
      httpClient: {
        request: async ({ method, uri, data, params, username, password }: { method: string; uri: string; data?: Record<string, string>; params?: Record<string, string>; username?: string; password?: string }) => {
          const target = new URL(uri.replace(/^https:\/\/api\.twilio\.com(:443)?/, url))
          for (const [name, value] of Object.entries(params ?? {})) target.searchParams.set(name, value)
          const response = await fetch(target, { method, headers: { authorization: basic(username ?? '', password ?? '') }, ...(data ? { body: new URLSearchParams(data) } : {}) })
          return { statusCode: response.status, body: await response.text(), headers: {} }
        },
      } as never,
    })

  test('places, reads, lists and ends a call', async () => {
    const { url, act } = await desk()
    const twilio = client(url)
    const { sid, status, fromFormatted } = await twilio.calls.create({ to: number, from: '+12025550100', twiml: '<Response><Pause/></Response>' })
    expect({ status, fromFormatted }).toEqual({ status: 'queued', fromFormatted: '(202) 555-0100' })
    await act('answer')
    const fetched = await twilio.calls(sid).fetch()
    expect([fetched.status, fetched.dateCreated.toISOString()]).toEqual(['in-progress', '2026-11-24T12:00:00.000Z'])
    expect((await twilio.calls.list({ to: number })).map((each) => each.sid)).toEqual([sid])
    expect(await twilio.calls.list({ to: '+12025550199' })).toEqual([])
    expect((await twilio.calls(sid).update({ status: 'completed' })).status).toBe('completed')
  })

  test('lists page by page, the newest first, by status too', async () => {
    const { url, api } = await desk()
    for (const digit of [1, 2, 3]) await api('POST', calls, { ...good, To: `+1202555012${digit}` })
    const twilio = client(url)
    expect((await twilio.calls.list({ pageSize: 2 })).map(({ to }) => to)).toEqual(['+12025550123', '+12025550122', '+12025550121'])
    expect(await twilio.calls.list({ status: 'ringing' })).toHaveLength(3)
    expect(await twilio.calls.list({ status: 'busy' })).toHaveLength(0)
    expect((await api('GET', `${calls}?PageSize=2&Page=1`)).json).toMatchObject({ calls: [{ to: '+12025550121' }], page: 1, start: 2, end: 2, next_page_uri: null })
  })

  test('reads a refusal', async () => {
    const { url } = await desk()
    await expect(client(url).calls.create({ to: '+15005550003', from: '+12025550100', twiml: '<Response/>' })).rejects.toMatchObject({ code: 21215, status: 400 })
  })
})

describe('faults on the way to the API', () => {
  test.each([['refuse', 0], ['lose_reply', 1]] as const)('%s leaves %i calls', async (fault, count) => {
    let faults = 1
    const { api } = await desk({ intercept: () => (faults-- > 0 ? fault : 'go') })
    await expect(api('POST', calls, good)).rejects.toThrow('fetch failed')
    expect((await api('GET')).json).toMatchObject({ calls: { length: count } })
  })

  test('hang leaves no call and no answer', async () => {
    const { api, send, url } = await desk({ intercept: ({ method }) => (method === 'POST' ? 'hang' : 'go') })
    const gone = new AbortController()
    const hanging = fetch(url + calls, { method: 'POST', body: new URLSearchParams(good), signal: gone.signal })
    expect((await send('GET', `/phones/${number}`)).json).toMatchObject({ state: 'idle' })
    gone.abort()
    await expect(hanging).rejects.toThrow('aborted')
    expect((await api('GET')).json).toMatchObject({ calls: [] })
  })

  test('a given reply is given', async () => {
    const { api } = await desk({ intercept: () => ({ status: 429, body: { code: 20429 } }) })
    expect(await api('POST', calls, good)).toMatchObject({ status: 429, json: { code: 20429 } })
  })
})

function one(sid: string) {
  return calls.replace('.json', `/${sid}.json`)
}
