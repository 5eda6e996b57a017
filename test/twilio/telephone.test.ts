// Every state of a telephone and of its call, with the time in the test's hand.
import { describe, expect, test } from '@jest/globals'
import { after, isOver, type Call, type Happening } from '../../local/twilio/call.ts'
import { desk, number } from './desk.ts'

const talk = { Twiml: '<Response><Say>Hello</Say><Pause length="600"/></Response>' }
const events = { StatusCallbackEvent: 'initiated' }
const statuses = (asked: { form: Record<string, string> }[]) => asked.map(({ form }) => form['CallStatus'])

describe('a telephone', () => {
  test('is idle, rings, talks and has ended', async () => {
    const { place, act, view } = await desk()
    expect(await view()).toEqual({ number, state: 'idle', said: [] })
    const sid = await place(talk)
    expect(await view()).toMatchObject({ state: 'ringing', said: [], from: '+12025550100', status: 'ringing', call_sid: sid })
    expect(await act('answer')).toMatchObject({ state: 'in-call', said: ['Hello'], status: 'in-progress', language: 'en-US' })
    expect(await act('hangup')).toMatchObject({ state: 'ended', said: ['Hello'], status: 'completed' })
    await place({ Twiml: '<Response/>' })
    expect(await view()).toMatchObject({ state: 'ringing', said: [] })
  })

  test('rings until the timeout, and not a moment less', async () => {
    const { place, pass, app } = await desk()
    await place({ ...talk, Timeout: '30' })
    expect(await pass(29.999)).toMatchObject({ state: 'ringing' })
    expect(await pass(0.001)).toMatchObject({ state: 'ended', status: 'no-answer' })
    expect(statuses(app.on('/status'))).toEqual(['no-answer'])
  })

  test('rings a minute if nobody says how long', async () => {
    const { place, pass } = await desk()
    await place(talk)
    expect(await pass(59.999)).toMatchObject({ state: 'ringing' })
    expect(await pass(0.001)).toMatchObject({ status: 'no-answer' })
  })

  test('is cut off at the time limit', async () => {
    const { place, act, pass, app } = await desk()
    await place({ ...talk, TimeLimit: '90', Timeout: '30' })
    await act('answer')
    expect(await pass(89.999)).toMatchObject({ state: 'in-call' })
    expect(await pass(0.001)).toMatchObject({ state: 'ended', status: 'completed' })
    expect(app.on('/status')[0]!.form).toMatchObject({ CallDuration: '90', Duration: '2' })
  })

  test('declines a call that rings', async () => {
    const { place, act } = await desk()
    await place(talk)
    expect(await act('hangup')).toMatchObject({ state: 'ended', status: 'busy' })
  })

  test.each([['busy', 0, 'busy'], ['silent', 1, 'no-answer'], ['unreachable', 0, 'failed']])('made %s lets the next call end in %i s as %s, and only that one', async (what, seconds, status) => {
    const { place, act, view, pass, app } = await desk()
    expect(await act(what)).toMatchObject({ state: 'idle', next: what })
    await place(talk)
    expect(await pass(seconds)).toMatchObject({ state: 'ended', status })
    expect(statuses(app.on('/status'))).toEqual([status])
    await place(talk)
    expect(await view()).toMatchObject({ state: 'ringing' })
  })

  test('that is silent can still be picked up', async () => {
    const { place, act, pass } = await desk()
    await act('silent')
    await place(talk)
    await act('answer')
    expect(await pass(60)).toMatchObject({ state: 'in-call' })
  })

  test.each([['rings', []], ['talks', ['answer']]])('that %s is busy for another call, which does not disturb it', async (_, acts) => {
    const { place, act, view, api, settled } = await desk()
    const first = await place(talk)
    for (const what of acts) await act(what)
    const before = await view()
    const second = await place(talk)
    await settled()
    expect(await view()).toEqual(before)
    expect(before.call_sid).toBe(first)
    expect((await api('GET')).json).toMatchObject({ calls: [{ sid: second, status: 'busy', duration: '0' }, { sid: first }] })
  })

  test('is one of many', async () => {
    const { place, act, view } = await desk()
    const others = ['+12025550124', '+442071838750', '+12025550125']
    await Promise.all(others.map((To) => place({ ...talk, To })))
    await act('answer', undefined, others[0])
    await act('hangup', undefined, others[1])
    expect(await Promise.all(others.map(async (each) => (await view(each)).state))).toEqual(['in-call', 'ended', 'ringing'])
    expect((await view()).state).toBe('idle')
  })
})

describe('the status callback', () => {
  test('tells only the end, unless more is asked for', async () => {
    const { place, act, app } = await desk()
    await place(talk)
    await act('answer')
    await act('hangup')
    expect(statuses(app.asked)).toEqual(['completed'])
    expect(app.asked[0]).toMatchObject({
      isSigned: true,
      form: { CallbackSource: 'call-progress-events', SequenceNumber: '3', Timestamp: 'Tue, 24 Nov 2026 12:00:00 +0000', CallDuration: '0', Duration: '0', SipResponseCode: '200' },
    })
  })

  test('tells all four events in order, by the method that was asked for', async () => {
    const { api, act, app } = await desk()
    const form = [...Object.entries({ To: number, From: '+12025550100', StatusCallback: `${app.url}/status`, StatusCallbackMethod: 'GET', ...talk }), ...['initiated', 'ringing', 'answered', 'completed'].map((event) => ['StatusCallbackEvent', event])]
    await api('POST', undefined, form as [string, string][])
    await act('answer')
    await act('hangup')
    const told = app.asked.map(({ method, url }) => [method, new URL(url, app.url).searchParams.get('CallStatus'), new URL(url, app.url).searchParams.get('SequenceNumber')])
    expect(told).toEqual([['GET', 'initiated', '0'], ['GET', 'ringing', '1'], ['GET', 'in-progress', '2'], ['GET', 'completed', '3']])
  })

  test('says nothing of the end if only another event was asked for', async () => {
    const { place, act, app } = await desk()
    await place({ ...talk, ...events })
    await act('hangup')
    expect(statuses(app.asked)).toEqual(['initiated'])
  })

  test('may fail without hurting the call', async () => {
    const { place, act, app } = await desk()
    app.answer('/status', (response) => response.writeHead(500).end())
    await place({ ...talk, StatusCallbackEvent: 'ringing' })
    expect(await act('answer')).toMatchObject({ state: 'in-call', said: ['Hello'] })
  })
})

describe('a call', () => {
  const happenings: Happening[] = ['dialed', 'rang', 'answered', 'was_busy', 'was_not_answered', 'failed', 'was_canceled', 'was_hung_up']
  const made: Call = { sid: 'CA1', to: number, from: number, ringSeconds: 1, talkSecondsMax: 1, instructions: { twiml: '' }, statusCallback: undefined, status: 'queued', createdAt: 0, updatedAt: 0 }

  test.each([
    ['queued', { dialed: 'initiated', was_canceled: 'canceled' }],
    ['initiated', { rang: 'ringing', was_busy: 'busy', failed: 'failed', was_canceled: 'canceled' }],
    ['ringing', { answered: 'in-progress', was_busy: 'busy', was_not_answered: 'no-answer', failed: 'failed', was_canceled: 'canceled' }],
    ['in-progress', { was_hung_up: 'completed' }],
    ['completed', {}],
    ['busy', {}],
    ['no-answer', {}],
    ['failed', {}],
    ['canceled', {}],
  ] as const)('that is %s becomes %j and nothing else', (status, next) => {
    const became = happenings.flatMap((happening) => {
      const call = after({ ...made, status }, happening, 7)
      return call ? [[happening, call.status]] : []
    })
    expect(Object.fromEntries(became)).toEqual(next)
    expect(isOver(status)).toBe(Object.keys(next).length === 0)
  })
})
