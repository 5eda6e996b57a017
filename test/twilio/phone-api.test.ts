// The telephones over HTTP: what people, the page and tests can ask of them.
import { describe, expect, test } from '@jest/globals'
import { twilio } from '../../shared/twilio.ts'
import { again, goodbye, prompt } from '../../shared/twiml.ts'
import { isSigned } from '../../shared/webhook-signature.ts'
import { retried } from '../../shared/webhook.ts'
import { desk, logins, number } from './desk.ts'

const question = (url: string) => ({ Twiml: `<Response><Gather numDigits="3" finishOnKey="" action="${url}/keys"/></Response>` })

describe('a telephone over HTTP', () => {
  test.each([`/phones/${number}`, `/phones/${encodeURIComponent(number)}`, `/phones/${number}/`, `/phones/${number}?t=1`])('GET %s', async (path) => {
    const { send, app, place } = await desk()
    await place(question(app.url))
    expect(await send('GET', path)).toMatchObject({ status: 200, json: { number, state: 'ringing', said: [] } })
  })

  test.each([
    ['GET', '/phones/12025550123', 400],
    ['GET', '/phones/+0123456789', 400],
    ['GET', '/phones/%zz', 400],
    ['GET', '/phones/+12345', 400],
    ['POST', `/phones/${number}`, 405],
    ['GET', `/phones/${number}/keys`, 405],
    ['DELETE', `/phones/${number}/answer`, 405],
    ['POST', `/phones/${number}/constructor`, 404],
    ['POST', `/phones/${number}/keys/more`, 404],
    ['POST', '/phones', 405],
    ['GET', '/', 404],
    ['GET', '/phonesx', 404],
    ['POST', `/phones/${number}/keys`, 400],
    ['POST', `/phones/${number}/answer`, 409],
    ['POST', `/phones/${number}/hangup`, 409],
  ])('%s %s is %i, with a sentence', async (method, path, status) => {
    const { send } = await desk()
    expect(await send(method, path)).toMatchObject({ status, json: { error: expect.stringMatching(/\.$/) } })
  })

  test.each(['', '1a', '12 3', '1'.repeat(51)])('the keys %j are none', async (digits) => {
    const { send, place, app } = await desk()
    await place(question(app.url))
    expect(await send('POST', `/phones/${number}/keys`, { form: { digits } })).toMatchObject({ status: 400 })
    expect((await send('GET', `/phones/${number}`)).json).toMatchObject({ state: 'ringing' })
  })

  test('a page of any origin may use them', async () => {
    const { send } = await desk()
    for (const [method, path, status] of [['OPTIONS', `/phones/${number}/keys`, 204], ['GET', `/phones/${number}`, 200], ['POST', `/phones/${number}/keys`, 400]] as const) {
      const reply = await send(method, path)
      expect([reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([status, '*'])
    }
  })

  test('all of them can be listed', async () => {
    const { send, place, app } = await desk()
    expect((await send('GET', '/phones')).json).toEqual({ phones: [] })
    await place(question(app.url))
    expect((await send('GET', '/phones')).json).toMatchObject({ phones: [{ number, state: 'ringing' }] })
  })

  test('keys pick up a telephone that rings, and are answered when the app has answered', async () => {
    const { app, place, act } = await desk()
    app.answer('/keys', (response) => { setImmediate(() => response.writeHead(200, { 'content-type': 'text/xml' }).end('<Response><Say>Done</Say></Response>')) })
    await place(question(app.url))
    expect(await act('keys', { digits: '123' })).toMatchObject({ state: 'ended', said: ['Done'] })
    expect(app.on('/keys')).toHaveLength(1)
    expect(app.on('/status')).toHaveLength(1)
  })

  test('there are no keys without a call: before, and after', async () => {
    const { place, act, send, app } = await desk()
    const keys = () => send('POST', `/phones/${number}/keys`, { form: { digits: '123' } })
    expect((await keys()).status).toBe(409)
    await place(question(app.url))
    await act('hangup')
    expect((await keys()).status).toBe(409)
    expect(app.on('/keys')).toHaveLength(0)
  })

  test('a telephone that was picked up cannot be picked up again', async () => {
    const { place, act, send, app } = await desk()
    await place(question(app.url))
    await act('answer')
    expect((await send('POST', `/phones/${number}/answer`)).status).toBe(409)
  })

  test('a body that is too large is refused', async () => {
    const { send } = await desk()
    expect((await send('POST', `/phones/${number}/keys`, { form: { digits: '1'.repeat(70_000) } })).status).toBe(413)
  })

  test('hanging up while the app is asked does not wait for it', async () => {
    const { app, place, act } = await desk()
    let asked = () => {}
    const wasAsked = new Promise<void>((resolve) => { asked = resolve })
    app.answer('/keys', () => asked())
    await place(question(app.url))
    const pressed = act('keys', { digits: '123' })
    await wasAsked
    expect(await act('hangup')).toMatchObject({ state: 'ended', status: 'completed' })
    expect(await pressed).toMatchObject({ state: 'ended' })
  })
})

describe('a sign-in as the functions make it', () => {
  const signIn = async () => {
    const at = await desk()
    const { accountSid: account_sid, apiKeySid: api_key_sid, apiKeySecret: api_key_secret } = logins
    const company = twilio({ apiUrl: at.url, callerId: '+12025550100', login: async () => ({ account_sid, api_key_sid, api_key_secret }), rereadLogin: async () => true })
    const asked = { language: 'en', digits: 3, keysUrl: retried(`${at.app.url}/keys?call=1`) } as const
    at.app.answer('/keys', again(asked), goodbye('approved', 'en'))
    const placement = await company.placeCall(
      { to: number, twiml: prompt({ appName: 'Notes & Co', ...asked }), statusCallback: retried(`${at.app.url}/status?call=1`), ringSeconds: 30, talkSecondsMax: 120 },
      AbortSignal.timeout(5_000),
    )
    return { ...at, placement }
  }

  test('is asked, asked again, and approved', async () => {
    const { placement, act, app } = await signIn()
    expect(placement).toBe('placed')
    expect((await act('answer')).said[0]).toContain('This is Notes & Co.')
    expect(await act('keys', { digits: '123' })).toMatchObject({ state: 'in-call', listening: true, language: 'en-US' })
    expect((await act('keys', { digits: '456' })).said.at(-1)).toBe('Thank you. You are signed in. Goodbye.')
    expect(app.on('/keys').map(({ form }) => form['Digits'])).toEqual(['123', '456'])
    for (const { url, form, headers } of app.asked) {
      expect(isSigned(['next', logins.authToken], app.url + url, form, String(headers['x-twilio-signature']))).toBe(true)
    }
    expect(app.on('/status').map(({ url, form }) => [url, form['CallStatus']])).toEqual([['/status?call=1', 'in-progress'], ['/status?call=1', 'completed']])
  })

  test('hears a lone star after four seconds, and a star among digits at once', async () => {
    const { act, pass, app } = await signIn()
    await act('keys', { digits: '*' })
    await pass(4)
    await act('keys', { digits: '1*2' })
    expect(app.on('/keys').map(({ form }) => form['Digits'])).toEqual(['*', '1*2'])
  })

  test('without a key is asked twice and then ends without asking us', async () => {
    const { act, pass, app } = await signIn()
    expect((await act('answer')).said).toHaveLength(1)
    expect((await pass(4)).said).toHaveLength(2)
    const { state, said } = await pass(4)
    expect([state, said.at(-1)]).toEqual(['ended', 'No keys were pressed. Nobody was signed in. Goodbye.'])
    expect(app.asked.map(({ form }) => form['CallStatus'])).toEqual(['in-progress', 'completed'])
  })
})
