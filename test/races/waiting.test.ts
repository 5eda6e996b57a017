// A poll that waits, its decision and the end of its time, each at a random moment: whatever comes first, the decision is told by this poll or by the next.
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { app, ciba, type Answer, type App } from '../app.ts'
import { runs, timeFor } from '../factor.ts'
import { manualClock } from '../manual-clock.ts'
import { world, type World } from '../world.ts'

const clock = manualClock(Date.now())
let here: World
let person: App
beforeAll(async () => {
  here = await world({ clock })
  person = app(here)
})
afterAll(() => here.close())

// Beyond 555-1212, which is directory assistance.
let used = 2_000
const numbers = () => `+1416555${++used}`
const after = async <T>(turns: number, act: () => T) => {
  for (let turn = 0; turn < turns; turn++) await setImmediate()
  return act()
}
const told = ({ json: { token_type, error, reason } }: Answer) => token_type ?? (error === 'authorization_pending' ? error : reason)

type Digits = (right: string) => string[]
const wrong = (right: string) => (right === '100' ? '101' : '100')
const people: [Digits, string][] = [
  [(right) => [right], 'Bearer'],
  [(right) => [wrong(right), right], 'Bearer'],
  [(right) => [wrong(right), wrong(right)], 'wrong_digits'],
  [() => ['1*2'], 'star'],
]

test('no decision is missed', async () => {
  const moment = fc.nat(80)
  await fc.assert(fc.asyncProperty(fc.constantFrom(...people), moment, moment, fc.option(moment), async ([digits, expected], polls, decides, ends) => {
    const number = numbers()
    const { json } = await person.call(number)
    const poll = () => person.post('/token', { client_id: 'app', grant_type: ciba, auth_req_id: String(json['auth_req_id']) }, { prefer: 'wait=20' })
    const keyIn = async () => {
      for (const keys of digits(String(json['match_code']))) await person.phone(number).keys(keys)
    }
    const [first] = await Promise.all([after(polls, poll), after(decides, keyIn), ends === null ? undefined : after(ends, () => clock.advance(20_000))])
    if (told(first) === 'authorization_pending') {
      expect(first.headers.get('preference-applied')).toBe('wait=20')
      expect(told(await poll())).toBe(expected)
    } else {
      expect(told(first)).toBe(expected)
    }
  }), runs(40))
}, timeFor(60))
