// Webhooks go out signed, and again as their URL orders.
import { createServer } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { listen } from '../../local/server.ts'
import { connectionOverrides } from '../../local/twilio/connection-overrides.ts'
import { sign } from '../../local/twilio/signature.ts'
import { webhookSender } from '../../local/twilio/webhook.ts'
import { manualClock } from '../manual-clock.ts'
import { desk, logins, number, type AppAnswer } from './desk.ts'
import { webhooks } from './package.ts'

const fails = (status: number): AppAnswer => (response) => response.writeHead(status).end('no')
const breaks: AppAnswer = (response) => response.destroy()
const hangs: AppAnswer = () => {}
const gathering = (url: string) => ({ Twiml: `<Response><Gather numDigits="1" action="${url.replaceAll('&', '&amp;')}"/></Response>` })

describe('the fragment of a URL', () => {
  test.each([
    ['', { connectMilliseconds: 5_000, readMilliseconds: 15_000, totalMilliseconds: 15_000, retriesMax: 1 }],
    ['#ct=99&rt=15001&tt=x&rc=6', { connectMilliseconds: 100, readMilliseconds: 15_000, totalMilliseconds: 15_000, retriesMax: 5 }],
    ['#ct=2000&rt=5000&tt=9000&rc=0', { connectMilliseconds: 2_000, readMilliseconds: 5_000, totalMilliseconds: 9_000, retriesMax: 0 }],
  ])('%j', (fragment, overrides) => {
    expect(connectionOverrides(`https://a.test/?b${fragment}`)).toMatchObject({ url: 'https://a.test/?b', overrides })
  })

  test.each([['', ['ct']], ['#rp=5xx', ['5xx']], ['#rp=4xx,rt', ['4xx', 'rt']], ['#rp=all', ['ct', 'rt', '4xx', '5xx']]])('%j tries again after %j', (fragment, failures) => {
    const { retried } = connectionOverrides(`https://a.test/${fragment}`).overrides
    expect((['ct', 'rt', '4xx', '5xx'] as const).filter(retried).sort()).toEqual(failures.sort())
  })
})

describe('a webhook', () => {
  test('is a signed form, and the fragment is neither sent nor signed', async () => {
    const { app, place, act } = await desk()
    await place(gathering(`${app.url}/keys?call=1&attempt=1#rc=2&rp=5xx,ct,rt`))
    await act('keys', { digits: '7' })
    const [keys] = app.on('/keys')
    expect(keys).toMatchObject({
      method: 'POST',
      url: '/keys?call=1&attempt=1',
      isSigned: true,
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', 'user-agent': 'TwilioProxy/1.1' },
      form: {
        AccountSid: logins.accountSid, ApiVersion: '2010-04-01', CallStatus: 'in-progress', Direction: 'outbound-api', Digits: '7', FinishedOnKey: '', msg: 'Gather End',
        To: number, Called: number, ToCountry: 'US', From: '+12025550100', Caller: '+12025550100', FromCountry: 'US',
      },
    })
  })

  test('by GET carries its fields in the signed query', async () => {
    const { app, place, act } = await desk()
    await place({ Twiml: `<Response><Gather numDigits="1" method="GET" action="${app.url}/keys?a=1"/></Response>` })
    await act('keys', { digits: '*' })
    const [keys] = app.on('/keys')
    expect(keys).toMatchObject({ method: 'GET', form: {}, isSigned: true })
    expect(Object.fromEntries(new URL(keys!.url, app.url).searchParams)).toMatchObject({ a: '1', Digits: '*', CallStatus: 'in-progress' })
  })

  test.each([
    ['5xx without a policy', '', fails(500), 1],
    ['5xx with it', '#rc=2&rp=5xx,ct,rt', fails(503), 3],
    ['4xx with a policy for 5xx', '#rc=2&rp=5xx', fails(403), 1],
    ['4xx with a policy for all', '#rc=5&rp=all', fails(403), 6],
    ['a broken connection without a policy', '', breaks, 1],
    ['a broken connection with a policy for rt', '#rp=rt', breaks, 2],
    ['rc=0', '#rc=0&rp=all', fails(500), 1],
  ])('after %s is sent as often as ordered', async (_, fragment, answer, times) => {
    const { app, place, act, view } = await desk()
    app.answer('/keys', answer)
    await place(gathering(`${app.url}/keys${fragment}`))
    await act('keys', { digits: '7' })
    expect(app.on('/keys')).toHaveLength(times)
    expect(new Set(app.on('/keys').map(({ headers }) => headers['i-twilio-idempotency-token'])).size).toBe(1)
    expect(await view()).toMatchObject({ state: 'ended', status: 'completed', said: [expect.stringContaining('an application error has occurred')] })
  })

  test('that succeeds at the second try goes on as if nothing had happened', async () => {
    const { app, place, act } = await desk()
    app.answer('/keys', fails(500), '<Response><Say>Thank you</Say></Response>')
    await place(gathering(`${app.url}/keys#rp=5xx`))
    const view = await act('keys', { digits: '7' })
    expect(view).toMatchObject({ state: 'ended', said: ['Thank you'] })
    expect(view.error).toBeUndefined()
  })

  test('that is not answered is given up after rt, and in all after tt', async () => {
    const { app, place, act, clock, view, settled } = await desk()
    app.answer('/keys', hangs)
    await place(gathering(`${app.url}/keys#rt=4000&tt=10000&rc=5&rp=rt`))
    const pressed = act('keys', { digits: '7' })
    for (let tries = 1; tries <= 3; tries += 1) {
      await arrived(() => app.on('/keys'), tries)
      clock.advance(4_000)
    }
    await pressed
    await settled()
    expect(app.on('/keys')).toHaveLength(3)
    expect(await view()).toMatchObject({ state: 'ended', error: 11205 })
  })

  test('that nobody listens for is given up, and does not hold the call', async () => {
    const { app, place, act } = await desk()
    await place(gathering(`${app.url}/keys`))
    await act('answer')
    await app.close()
    expect(await act('keys', { digits: '7' })).toMatchObject({ state: 'ended', error: 11205 })
  })

  test('whose connection does not come about waits ct, once more, and is given up', async () => {
    const connections: unknown[] = []
    // A server that never answers the TLS handshake.
    const mute = await listen(createServer((socket) => { connections.push(socket) }), 0, 'https')
    const clock = manualClock()
    const sent = webhookSender({ authToken: 't', clock }).send({ method: 'POST', url: `${mute.url}/#ct=2000`, fields: [] })
    for (let tries = 1; tries <= 2; tries += 1) {
      await arrived(() => connections, tries)
      clock.advance(2_000)
    }
    expect(await sent).toEqual({ error: 11205 })
    expect(connections).toHaveLength(2)
    await mute.close()
  })

  test.each(['', 'x', 'ftp://a.test/', 'http://'])('to %j cannot be sent', async (url) => {
    const sender = webhookSender({ authToken: 't', clock: manualClock() })
    expect(await sender.send({ method: 'POST', url, fields: [] })).toEqual({ error: 11100 })
  })

  test('is signed as the package expects, over any form and URL', () => {
    const fields = fc.uniqueArray(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' })), { selector: ([field]) => field })
    fc.assert(fc.property(fc.webUrl({ withQueryParameters: true }), fields, (url, form) => {
      const params = Object.fromEntries(form)
      fc.pre(Object.keys(params).length === form.length)
      expect(webhooks.validateRequest('token', sign('token', url, form), url, params)).toBe(true)
    }))
  })
})

const arrived = async (seen: () => unknown[], times: number) => {
  while (seen().length < times) await new Promise(setImmediate)
}
