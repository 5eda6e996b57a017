// Who says no on the phone, or keys in wrong digits again and again, is left alone for a day.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { app, type App } from '../app.ts'
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

let used = 600
const freshNumber = () => `+1202555${String(++used).padStart(4, '0')}`

describe('keys', () => {
  test('with a star deny, and the number is left alone for a day, to the second', async () => {
    const number = freshNumber()
    await person.call(number)
    await person.phone(number).keys('*12')
    const refused = await person.call(number)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '86400'])
    clock.advance(86_399_000)
    expect((await person.call(number)).status).toBe(429)
    clock.advance(1_000)
    expect((await person.call(number)).status).toBe(200)
  })

  test('wrong in three calls of a day quiet the number', async () => {
    const number = freshNumber()
    for (let call = 0; call < 3; call++) {
      const { status: code, json } = await person.call(number)
      expect(code).toBe(200)
      const wrong = String(json['match_code']) === '100' ? '101' : '100'
      await person.phone(number).keys(wrong)
      await person.phone(number).keys(wrong)
    }
    expect((await person.call(number)).status).toBe(429)
  })
})
