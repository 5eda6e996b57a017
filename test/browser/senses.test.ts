// What a person at the page hears, touches and is told when something comes between: in a real browser.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { realClock } from '../../local/clock.ts'
import { app } from '../app.ts'
import { world, type World } from '../world.ts'
import { isHere, launch } from './chromium.ts'
import { hands } from './hands.ts'

jest.setTimeout(60_000)
const inChromium = isHere ? describe : describe.skip

type Ears = { tones: number; spoken: [string, string][] }

inChromium('in Chromium, which there is for Linux on x64,', () => {
  // The servers' time, which can run ahead of the browser's.
  let ahead = 0
  let here: World
  let browser: Browser
  beforeAll(async () => {
    [here, browser] = await Promise.all([world({ clock: { ...realClock, now: () => Date.now() + ahead }, page: true, given: { WAIT_SECONDS_MAX: '2' } }), launch()])
  })
  afterAll(async () => {
    await browser.close()
    await here.close()
  })
  const arrive = async (options: BrowserContextOptions = {}) => {
    const profile = await browser.newContext(options)
    return { profile, ...(await hands(profile, here.url)) }
  }

  test('ringing is heard and seen, the voice speaks in the language of the browser, and all of it comes from this machine', async () => {
    const profile = await browser.newContext({ locale: 'de-DE' })
    await profile.addInitScript(() => {
      const ears: Ears = { tones: 0, spoken: [] }
      class Heard extends OscillatorNode {
        override start(when?: number) {
          ears.tones += 1
          super.start(when)
        }
      }
      Object.defineProperty(window, 'speechSynthesis', { value: { cancel: () => {}, speak: ({ text, lang }: SpeechSynthesisUtterance) => ears.spoken.push([lang, text]) } })
      Object.assign(window, { ears, OscillatorNode: Heard })
    })
    const elsewhere: string[] = []
    profile.on('request', (request) => { if (!['localhost', '127.0.0.1'].includes(new URL(request.url()).hostname)) elsewhere.push(request.url()) })
    const { page, call, answer, press } = await hands(profile, here.url)
    const heard = () => page.evaluate(() => (window as unknown as { ears: Ears }).ears)
    const digits = await call('+1 202 555 0141')
    await page.waitForSelector('#telephone[data-state=ringing]')
    expect(await page.textContent('#telephone-state')).toMatch(/^It rings: \+1/)
    expect(await page.locator('.display').evaluate((display) => getComputedStyle(display).animationName)).toBe('ring')
    await page.waitForFunction(() => (window as unknown as { ears: Ears }).ears.tones > 0)
    await answer()
    await page.waitForFunction(() => (window as unknown as { ears: Ears }).ears.spoken.length > 0)
    const { spoken, tones } = await heard()
    expect(spoken[0]).toEqual(['de-DE', expect.stringMatching(/^Guten Tag/)])
    expect(await page.textContent('#said')).toContain(spoken[0]?.[1])
    await page.waitForFunction(() => document.querySelector('#waiting-title')?.textContent === 'You are on the phone')
    await page.click('#sound')
    await press(digits)
    await page.waitForFunction(() => document.querySelectorAll('#said p').length > 1)
    expect([(await heard()).tones, (await heard()).spoken.length, elsewhere]).toEqual([tones, 1, []])
  })

  test('fingers are enough on a screen of a phone, a deletion leaves the focus in the list, and there is less motion for whoever wants less', async () => {
    const { page, write, seesNotes } = await arrive({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 640 }, reducedMotion: 'reduce' })
    await page.fill('#number', '+1 202 555 0142')
    await page.tap('#call')
    await page.waitForSelector('#telephone[data-state=ringing]')
    expect(await page.locator('.display').evaluate((display) => getComputedStyle(display).animationName)).toBe('none')
    await page.tap('#answer')
    await page.waitForSelector('#telephone[data-state=in-call]')
    for (const digit of (await page.textContent('#match-code')) ?? '') await page.tap(`#keypad button[value="${digit}"]`)
    await page.waitForSelector('#notes:not([hidden])')
    await write('one')
    await write('two')
    await seesNotes('two', 'one')
    await page.tap('#list li:first-child button')
    await seesNotes('one')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Delete: one')
  })

  test('the time left is counted down, and a call that nobody decides in time is over', async () => {
    const { page, call, problem } = await arrive()
    await call('+1 202 555 0143')
    expect(await page.textContent('#time-left')).toMatch(/^(3:00|2:5\d)$/)
    ahead += 181_000
    expect(await problem()).toMatch(/time for this call is over.*Ask for a new one/)
  })

  test('a person who is disabled is told so after the call, and who can help', async () => {
    const { call, answer, press, problem } = await arrive()
    const number = '+12025550144'
    await app(here).signIn(number)
    await here.manage({ action: 'disable', number })
    const digits = await call(number)
    await answer()
    await press(digits)
    expect(await problem()).toMatch(/disabled.*enable it; then sign in again/)
  })

  test('without a network nobody is called, and a call under way goes on when there is one', async () => {
    const { profile, page, call, answer, press, problem } = await arrive()
    await profile.setOffline(true)
    await page.fill('#number', '+1 202 555 0145')
    await page.click('#call')
    expect(await problem()).toMatch(/no answer.*try again/)
    await profile.setOffline(false)
    const digits = await call('+1 202 555 0145')
    await profile.setOffline(true)
    await page.waitForFunction(() => document.querySelector('#waiting-status')?.textContent !== '')
    expect(await page.textContent('#waiting-status')).toBe('There is no answer for now. The app keeps trying.')
    await profile.setOffline(false)
    await answer()
    await press(digits)
    await page.waitForSelector('#notes:not([hidden])')
  })
})
