// Garbage at every route and webhook: a 4xx with a sentence, and nothing changes.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { runs, timeFor } from '../factor.ts'
import { webhook } from '../recording-company.ts'
import { eventFor, routes } from '../sandbox.ts'
import { body, form, headers, value } from './garbage.ts'
import { fuzzWorld, mustBeRefusal, type FuzzWorld } from './store.ts'

let here: FuzzWorld
beforeAll(async () => {
  here = await fuzzWorld()
})
afterAll(() => here.close())

const garbage = fc.record({ headers, query: form, body })

describe.each(routes.filter((route) => !route.includes('.well-known')))('%s', (route) => {
  test('refuses any request that is not right, in words, and changes nothing', () => here.changingNothing(() =>
    fc.assert(fc.asyncProperty(garbage, async (request) => {
      const answer = await here.send({ route, ...request })
      // RFC 7009 section 2.2: what is no token of ours is revoked already.
      if (!(route === 'POST /revoke' && answer.status === 200)) mustBeRefusal(answer)
    }), runs(2_500))), timeFor(120))

  test('takes any event without a fault, base64 that is none too', () => here.changingNothing(() =>
    fc.assert(fc.asyncProperty(garbage, fc.oneof(value, fc.constant(undefined)), fc.boolean(), fc.oneof(value, fc.constantFrom('::1', '192.0.2.1')), async (request, text, isBase64Encoded, sourceIp) => {
      const { body: _right, ...event } = eventFor({ route, ...request, sourceIp })
      const answer = await here.handle({ ...event, ...(text === undefined ? {} : { body: text }), isBase64Encoded })
      if (!(route === 'POST /revoke' && answer.status === 200)) mustBeRefusal(answer)
    }), runs(1_500))), timeFor(60))
})

const good = {
  'POST /call': { client_id: 'app', scope: 'openid', login_hint: '+12025550123' },
  'POST /token': { client_id: 'app', grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: `${'h'.repeat(43)}.${'s'.repeat(43)}` },
} as const

describe.each(Object.entries(good))('%s, right but for one parameter,', (route, right) => {
  test('is refused', () => here.changingNothing(() =>
    fc.assert(fc.asyncProperty(fc.constantFrom(...Object.keys(right)), value, async (name, wrong) => {
      // What is odd for one parameter is right for another.
      fc.pre(!Object.values<string>(right).includes(wrong))
      mustBeRefusal(await here.post(route === 'POST /call' ? 'call' : 'token', { ...right, [name]: wrong.toWellFormed() }))
    }), runs(1_500))), timeFor(60))
})

describe.each(['keys', 'status'] as const)('a webhook to %s that the phone company did sign', (path) => {
  test('may hold anything: it is answered, and of a call that is none changes nothing', () => here.changingNothing(() =>
    fc.assert(fc.asyncProperty(form, fc.dictionary(fc.oneof(fc.constantFrom('Digits', 'CallStatus', '__proto__'), value), value, { maxKeys: 5 }), async (query, fields) => {
      const sent = Object.fromEntries(new URLSearchParams(fields))
      const { status } = await webhook(here, here.url, path, query, sent)
      expect([200, 204, 403, 413]).toContain(status)
    }), runs(1_500))), timeFor(60))
})

describe.each(routes.filter((route) => route.includes('.well-known')))('%s', (route) => {
  test('says the same whatever comes along', async () => {
    const plain = await here.send({ route })
    await here.changingNothing(() => fc.assert(fc.asyncProperty(garbage, async (request) => {
      const { status, text } = await here.send({ route, ...request })
      if (status !== 413) expect([status, text]).toEqual([200, plain.text])
    }), runs(300)))
  }, timeFor(60))
})
