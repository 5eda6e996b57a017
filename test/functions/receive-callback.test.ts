// Webhooks as the phone company sends them, and as somebody else would.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { keyed } from '../../shared/digest.ts'
import { app, type App } from '../app.ts'
import { manualClock } from '../manual-clock.ts'
import { silentCompany } from '../silent-company.ts'
import { world, type World } from '../world.ts'

const clock = manualClock(Date.now())
const lineKey = Buffer.alloc(32, 7).toString('base64url')
const silent = await silentCompany()
let here: World
let person: App
beforeAll(async () => {
  here = await world({ clock, given: { TWILIO_AUTH_TOKEN: 'the-token', TWILIO_API_URL: silent.url } })
  here.setSecret('line-key', { key: lineKey })
  person = app(here)
})
afterAll(() => Promise.all([here.close(), silent.close()]))

let used = 500
const freshNumber = () => `+1202555${String(++used).padStart(4, '0')}`
const admin = async (path: string) => (await fetch(`${here.places['sync-gateway-admin']}/notes/${path}`)).json() as Promise<Record<string, unknown>>
const lineOf = (authReqId: unknown) => admin(`signin::tel::${keyed(lineKey, String(authReqId).split('.')[0] ?? '')}`)

const calling = async (number = freshNumber()) => {
  const { json } = await person.call(number)
  const [handle] = String(json['auth_req_id']).split('.')
  const line = await lineOf(json['auth_req_id'])
  const callId = (line['call'] as { id: string }).id
  return { json, right: String(json['match_code']), query: (attempt?: number) => `?line=${handle}&call=${callId}${attempt ? `&attempt=${attempt}` : ''}` }
}

const send = async (path: string, form: Record<string, string>, { token = 'the-token', signature }: { token?: string; signature?: string | null } = {}) => {
  const headers = { 'x-twilio-signature': signature ?? getExpectedTwilioSignature(token, `${here.url}${path}`, form) }
  const response = await fetch(`${here.url}${path}`, { method: 'POST', body: new URLSearchParams(form), headers: signature === null ? {} : headers })
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}
const keys = (query: string, digits: string) => send(`/call/keys${query}`, { CallSid: 'CA1', Digits: digits })
const status = (query: string, callStatus: string) => send(`/call/status${query}`, { CallSid: 'CA1', CallStatus: callStatus })
const state = async (authReqId: unknown) => ((await lineOf(authReqId))['call'] as { state: string }).state

describe('a webhook without a right signature is a 403 and changes nothing', () => {
  test.each<[string, { token?: string; signature?: string | null }]>([
    ['with none', { signature: null }],
    ['with an empty one', { signature: '' }],
    ['with one of another token', { token: 'else' }],
    ['with nonsense', { signature: 'AAAA' }],
  ])('%s', async (_name, by) => {
    const { json, right, query } = await calling()
    const before = await lineOf(json['auth_req_id'])
    expect((await send(`/call/keys${query(1)}`, { Digits: right }, by)).status).toBe(403)
    expect((await send(`/call/status${query()}`, { CallStatus: 'busy' }, by)).status).toBe(403)
    expect(await lineOf(json['auth_req_id'])).toEqual(before)
  })

  test('with the signature of another URL, or of other keys', async () => {
    const { json, right, query } = await calling()
    const signature = getExpectedTwilioSignature('the-token', `${here.url}/call/keys${query(1)}`, { Digits: '000' })
    expect((await send(`/call/keys${query(1)}`, { Digits: right }, { signature })).status).toBe(403)
    expect((await send(`/call/keys${query(2)}`, { Digits: '000' }, { signature })).status).toBe(403)
    expect(await state(json['auth_req_id'])).toBe('pending')
  })
})

describe('keys', () => {
  test('that are right approve, and are thanked for in TwiML', async () => {
    const { json, right, query } = await calling()
    const reply = await keys(query(1), right)
    expect([reply.status, reply.type]).toEqual([200, 'text/xml; charset=utf-8'])
    expect(reply.text).toMatch(/Thank you.*<Hangup\/>/)
    expect(await state(json['auth_req_id'])).toBe('approved')
    expect((await person.poll(json['auth_req_id'])).status).toBe(200)
  })

  test('of one webhook, sent twice and late, are answered alike and change nothing more', async () => {
    const { json, right, query } = await calling()
    const wrong = right === '100' ? '101' : '100'
    const first = await keys(query(1), wrong)
    expect(await keys(query(1), wrong)).toEqual(first)
    expect(first.text).toContain('attempt=2')
    const second = await keys(query(2), wrong)
    expect(await state(json['auth_req_id'])).toBe('denied')
    expect(await keys(query(2), right)).toEqual(second)
    expect(await keys(query(1), wrong)).toEqual(first)
    expect(await state(json['auth_req_id'])).toBe('denied')
  })

  test('ten webhooks at once decide once', async () => {
    const { json, right, query } = await calling()
    const replies = await Promise.all(Array.from({ length: 10 }, (_, index) => keys(query(1), index % 2 ? right : '*')))
    expect(replies.every(({ status: code }) => code === 200)).toBe(true)
    const decided = await state(json['auth_req_id'])
    expect(['approved', 'denied']).toContain(decided)
    const texts = new Set(replies.map(({ text }) => text))
    expect(texts.size).toBe(1)
  })

  test('after the call is over, or of a call that never was, end with a farewell', async () => {
    const { json, right, query } = await calling()
    const [handle] = String(json['auth_req_id']).split('.')
    expect((await keys(`?line=${handle}&call=else&attempt=1`, right)).text).toContain('over')
    clock.advance(180_000)
    expect((await keys(query(1), right)).text).toContain('over')
    expect((await person.poll(json['auth_req_id'])).json['error']).toBe('expired_token')
  })
})

describe('a status', () => {
  test('ends a pending call, and never an approved one', async () => {
    const pending = await calling()
    expect((await status(pending.query(), 'no-answer')).status).toBe(204)
    expect(await state(pending.json['auth_req_id'])).toBe('ended')
    const approved = await calling()
    await keys(approved.query(1), approved.right)
    await status(approved.query(), 'completed')
    expect(await state(approved.json['auth_req_id'])).toBe('approved')
  })

  test('of a completed call that overtakes the keys does not cost a second one: the right digits still approve, wrong ones do not, and a star is heard', async () => {
    const hasty = await calling()
    await status(hasty.query(), 'completed')
    const wrong = hasty.right === '100' ? '101' : '100'
    await keys(hasty.query(1), wrong)
    expect(await state(hasty.json['auth_req_id'])).toBe('ended')
    await keys(hasty.query(1), hasty.right)
    expect((await person.poll(hasty.json['auth_req_id'])).status).toBe(200)
    const number = freshNumber()
    const angry = await calling(number)
    await status(angry.query(), 'completed')
    await keys(angry.query(1), '*')
    expect((await person.call(number)).status).toBe(429)
  })

  test('of a call before the present one changes nothing', async () => {
    const number = freshNumber()
    const first = await calling(number)
    await status(first.query(), 'busy')
    const second = await calling(number)
    await status(first.query(), 'failed')
    expect(await state(second.json['auth_req_id'])).toBe('pending')
  })
})

test('a token that the operator put beside the old one is known without a deploy', async () => {
  here.setSecret('twilio-webhook', { auth_tokens: ['the-token', 'the-next-token'] })
  clock.advance(61_000)
  const { right, query } = await calling()
  const signed = { token: 'the-next-token' }
  expect((await send(`/call/keys${query(1)}`, { Digits: right }, signed)).status).toBe(200)
})
