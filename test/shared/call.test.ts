import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isPending, isUnderWay, pressKeys, report, verdict, type Call } from '../../shared/call.ts'

const now = 1_800_000_000
const ringing: Call = {
  id: 'call', client: 'app', scope: 'openid', secretHash: 'hash', matchCode: '123', lastDigits: '23', locale: 'en', attempt: 1, expires: now + 180, state: 'pending',
}
const press = (call: Call, digits: string, attempt = call.attempt, at = now) => pressKeys(call, { attempt, digits, right: digits === call.matchCode }, at)

describe('keys', () => {
  test.each([
    ['123', 'approved', 'approved'],
    ['124', 'again', 'pending'],
    ['*', 'reported', 'denied'],
    ['1*', 'reported', 'denied'],
    ['12*', 'reported', 'denied'],
    ['0', 'prompt', 'pending'],
    ['012', 'prompt', 'pending'],
    ['', 'prompt', 'pending'],
    ['12', 'again', 'pending'],
    ['###', 'again', 'pending'],
  ] as const)('%j at the first attempt: the person hears %s, the call is %s', (digits, heard, state) => {
    const outcome = press(ringing, digits)
    expect([outcome.heard, outcome.call.state]).toEqual([heard, state])
  })

  test('are wrong once, then denied', () => {
    const first = press(ringing, '111')
    const second = press(first.call, '222')
    expect([first.heard, second.heard, second.call.state, second.call.reason]).toEqual(['again', 'denied', 'denied', 'wrong_digits'])
  })

  test('are right at the second attempt', () => expect(press(press(ringing, '111').call, '123').call.state).toBe('approved'))

  test.each([[179, 'approved'], [180, 'over']] as const)('after %i seconds are %s', (seconds, heard) => {
    expect(press(ringing, '123', 1, now + seconds).heard).toBe(heard)
  })

  test.each([['denied', 'star', 'reported'], ['denied', 'wrong_digits', 'denied'], ['ended', 'busy', 'over'], ['approved', undefined, 'approved']] as const)(
    'after the call is %s (%s): the person hears %s, and nothing changes', (state, reason, heard) => {
      const call: Call = { ...ringing, state, reason }
      const outcome = press(call, '123')
      expect(outcome.heard).toBe(heard)
      expect(outcome.call).toBe(call)
    },
  )

  test.each([
    ['hung_up', '123', 1, 0, 'approved', 'the report overtook the right digits'],
    ['hung_up', '123', 1, 180, 'over', 'they come when the time is over'],
    ['hung_up', '123', 2, 0, 'over', 'they are those of an attempt that was not made'],
    ['hung_up', '111', 1, 0, 'over', 'the digits are wrong'],
    ['busy', '123', 1, 0, 'over', 'nobody can have heard the question'],
    ['busy', '*', 1, 0, 'reported', 'a star is heard'],
    ['hung_up', '1*', 1, 86_400, 'reported', 'a star is heard however late'],
    ['hung_up', '*', 2, 0, 'over', 'it is a star of an attempt that was not made'],
  ] as const)('after a call ended as %s, %j at attempt %i, %i s later, is %s: %s', (reason, digits, attempt, seconds, heard, _why) => {
    const ended: Call = { ...ringing, state: 'ended', reason }
    const outcome = press(ended, digits, attempt, now + seconds)
    expect([outcome.heard, outcome.call.state]).toEqual([heard, heard === 'approved' ? 'approved' : heard === 'reported' ? 'denied' : 'ended'])
    if (heard === 'over') expect(outcome.call).toBe(ended)
  })

  test.each([['123', 2, 0, 'over'], ['*', 2, 0, 'reported'], ['*', 1, 181, 'reported']] as const)(
    'of a pending call, %j at attempt %i after %i s are %s', (digits, attempt, seconds, heard) => {
      expect(press(ringing, digits, attempt, now + seconds).heard).toBe(heard)
    },
  )

  test('twice, late or out of order change nothing and are answered alike', () => {
    const webhook = fc.record({ attempt: fc.integer({ min: 1, max: 3 }), digits: fc.constantFrom('123', '111', '*', '0', '') })
    fc.assert(fc.property(fc.array(webhook, { maxLength: 12 }), (webhooks) => {
      let call = ringing
      const answers = new Map<string, string>()
      for (const { attempt, digits } of webhooks) {
        const outcome = press(call, digits, attempt)
        if (call.state !== 'pending') expect(outcome.call).toBe(call)
        const changed = outcome.call !== call
        const key = `${attempt} ${digits}`
        if (changed) answers.set(key, outcome.heard)
        else if (answers.has(key)) expect(outcome.heard).toBe(answers.get(key))
        call = outcome.call
      }
    }))
  })
})

describe('a report of the phone company', () => {
  test.each([['busy', 'busy'], ['no-answer', 'no-answer'], ['failed', 'failed'], ['canceled', 'canceled'], ['completed', 'hung_up']])('%s ends a pending call as %s', (status, reason) => {
    expect(report(ringing, status)).toMatchObject({ state: 'ended', reason })
  })

  test('of an answer is kept, once, and is told until the decision', () => {
    const answered = report(ringing, 'in-progress')
    expect([verdict(ringing, now), verdict(answered, now)]).toEqual([
      { code: 'authorization_pending', description: expect.stringContaining('ringing') as unknown },
      { code: 'authorization_pending', description: expect.stringContaining('answered') as unknown, reason: 'answered' },
    ])
    expect(report(answered, 'in-progress')).toBe(answered)
    expect(report(answered, 'completed')).toMatchObject({ state: 'ended', reason: 'hung_up' })
  })

  test.each(['queued', 'ringing', '', 'constructor'])('%j changes nothing', (status) => expect(report(ringing, status)).toBe(ringing))

  test.each(['approved', 'denied', 'ended'] as const)('never undoes a call that is %s', (state) => {
    const call = { ...ringing, state }
    expect([report(call, 'completed'), report(call, 'in-progress')]).toEqual([call, call])
  })
})

describe('a poll', () => {
  test.each([
    [ringing, 'authorization_pending'],
    [{ ...ringing, expires: now }, 'expired_token'],
    [{ ...ringing, state: 'approved', expires: now }, 'expired_token'],
    [{ ...ringing, state: 'denied', reason: 'star' }, 'access_denied'],
    [{ ...ringing, state: 'ended', reason: 'busy', expires: now - 1 }, 'access_denied'],
  ] as [Call, string][])('of %j is told %s, in a sentence', (call, code) => {
    expect(verdict(call, now)).toMatchObject({ code, description: expect.stringMatching(/^[A-Z].*\.$/) as unknown })
  })

  test('of a call that ended without a word of why is told that the phone could not be reached', () => {
    expect(verdict({ ...ringing, state: 'ended' }, now)).toMatchObject({ code: 'access_denied', reason: 'failed', description: expect.stringContaining('could not be reached') as unknown })
  })

  test('of an approved call is told so, and the call keeps its line until then', () => {
    const approved: Call = { ...ringing, state: 'approved' }
    expect(verdict(approved, now)).toBe('approved')
    expect([isUnderWay(approved, now + 179), isUnderWay(approved, now + 180)]).toEqual([true, false])
  })

  test.each([['pending', 179, true], ['pending', 180, false], ['approved', 0, false], ['denied', 0, false], ['ended', 0, false]] as const)(
    'of a call that is %s, after %i s, may wait for a decision: %s', (state, seconds, may) => {
      expect(isPending({ ...ringing, state }, now + seconds)).toBe(may)
    },
  )

  test.each([['pending', true], ['approved', true], ['denied', false], ['ended', false]] as const)('of a call that is %s: it keeps its line: %s', (state, keeps) => {
    expect(isUnderWay({ ...ringing, state }, now)).toBe(keeps)
  })

  test.each([
    ['star', 'left alone for a day'], ['wrong_digits', 'digits were wrong twice'], ['busy', 'was busy'], ['no-answer', 'Nobody answered'], ['failed', 'could not be reached'],
    ['canceled', 'was canceled'], ['hung_up', 'ended before'], ['not_placed', 'could not be placed'],
  ] as const)('after %s is told why, and what next', (reason, sentence) => {
    expect(verdict({ ...ringing, state: 'ended', reason }, now)).toMatchObject({ code: 'access_denied', reason, description: expect.stringContaining(sentence) as unknown })
  })
})
