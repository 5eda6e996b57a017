// Signing in at the page, in a real browser: by mouse and keyboard, with every ending.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { realClock, type Clock } from '../../local/clock.ts'
import { world, type World } from '../world.ts'
import { isHere, launch } from './chromium.ts'
import { freshNumber, hands, type Hands } from './hands.ts'

jest.setTimeout(60_000)
// A telephone that nobody answers rings for half a minute.
const impatient: Clock = { ...realClock, after: (milliseconds, run) => realClock.after(milliseconds === 30_000 ? 2_000 : milliseconds, run) }
const inChromium = isHere ? describe : describe.skip

inChromium('in Chromium, which there is for Linux on x64,', () => {
  let here: World
  let browser: Browser
  let me: Hands
  beforeAll(async () => {
    [here, browser] = await Promise.all([world({ clock: impatient, page: true }), launch()])
  })
  afterAll(async () => {
    await browser.close()
    await here.close()
  })
  const arrive = async () => {
    me = await hands(await browser.newContext(), here.url)
    return me
  }

  test('a person signs up, and again in, and is the same', async () => {
    const { page, signIn, signedOut, complaints, focus } = await arrive()
    const number = freshNumber()
    const profile = await signIn(number)
    expect([profile, await focus()]).toEqual([expect.stringMatching(/^u::\d{4,}$/), 'text'])
    await page.click('#sign-out')
    await signedOut()
    expect([await signIn(number), complaints]).toEqual([profile, []])
  })

  test('the keyboard alone is enough', async () => {
    const { page, focus } = await arrive()
    const tabTo = async (id: string) => {
      for (let presses = 0; presses < 30 && (await focus()) !== id; presses += 1) await page.keyboard.press('Tab')
      expect(await focus()).toBe(id)
    }
    await tabTo('number')
    await page.keyboard.type(freshNumber())
    await page.keyboard.press('Enter')
    await page.waitForSelector('#waiting:not([hidden])')
    expect(await focus()).toBe('waiting-title')
    await page.waitForSelector('#telephone[data-state=ringing]')
    await tabTo('answer')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#telephone[data-state=in-call]')
    await page.keyboard.type((await page.textContent('#match-code')) ?? '')
    await page.waitForSelector('#notes:not([hidden])')
  })

  test('wrong digits are forgiven once', async () => {
    const { page, call, answer, press } = await arrive()
    const digits = await call(freshNumber())
    await answer()
    await press(digits === '999' ? '998' : '999')
    await page.waitForFunction(() => /not right/.test(document.querySelector('#said')?.textContent ?? ''))
    await press(digits)
    await page.waitForSelector('#notes:not([hidden])')
  })

  test('zero repeats the question', async () => {
    const { page, call, answer, press } = await arrive()
    const digits = await call(freshNumber())
    await answer()
    const said = () => page.locator('#said p').count()
    const before = await said()
    await press('0')
    await page.waitForFunction((least) => document.querySelectorAll('#said p').length > least, before)
    await press(digits)
    await page.waitForSelector('#notes:not([hidden])')
  })

  test.each<[string, RegExp, (me: Hands, digits: string) => Promise<void>]>([
    ['wrong digits twice', /digits were wrong twice/, async ({ answer, press, page }, digits) => {
      await answer()
      const wrong = digits === '999' ? '998' : '999'
      await press(wrong)
      await page.waitForFunction(() => /not right/.test(document.querySelector('#said')?.textContent ?? ''))
      await press(wrong)
    }],
    ['the star', /did not ask for this call.*a day/, async ({ answer, press }) => {
      await answer()
      await press('*')
    }],
    ['a call that is declined', /was busy/, async ({ page }) => {
      await page.waitForSelector('#telephone[data-state=ringing]')
      await page.click('#hang-up')
    }],
    ['a call that is hung up', /ended before the digits/, async ({ answer, page }) => {
      await answer()
      await page.click('#hang-up')
    }],
  ])('%s ends it, and a sentence says what next', async (_name, sentence, act) => {
    await arrive()
    const digits = await me.call(freshNumber())
    await act(me, digits)
    expect(await me.problem()).toMatch(sentence)
    expect(await me.focus()).toBe('number')
  })

  test.each([['busy', /was busy/], ['unreachable', /could not be reached/], ['silent', /Nobody answered/]] as const)('a telephone that is %s ends it', async (how, sentence) => {
    const { page, setNext, problem } = await arrive()
    await setNext(freshNumber(), how)
    await page.click('#call')
    expect(await problem()).toMatch(sentence)
  })

  test('what is no number, and a number of elsewhere, is not called', async () => {
    const { page, problem } = await arrive()
    for (const [number, sentence] of [['202 555 0123', /plus and the country code/], ['+44 20 7946 0018', /Numbers like this one/]] as const) {
      await page.fill('#number', number)
      await page.click('#call')
      await page.waitForFunction(() => document.querySelector('#sign-in')?.getAttribute('aria-busy') === 'false')
      expect(await problem()).toMatch(sentence)
    }
  })

  test('a reload in the middle loses nothing', async () => {
    const { page, call, answer, press } = await arrive()
    const digits = await call(freshNumber())
    await page.reload()
    await page.waitForSelector('#waiting:not([hidden])')
    expect(await page.textContent('#match-code')).toBe(digits)
    await answer()
    await press(digits)
    await page.waitForSelector('#notes:not([hidden])')
  })

  test('a number that is being called for somebody else is told so, with the time to wait', async () => {
    const { page, problem } = await arrive()
    const number = freshNumber()
    await (await hands(await browser.newContext(), here.url)).call(number)
    await page.fill('#number', number)
    await page.click('#call')
    expect(await problem()).toMatch(/being called already/)
    expect(await page.textContent('#again-in')).toMatch(/again in \d:\d\d/)
  })

  test('its tokens are bound to a key that cannot be taken out of the browser', async () => {
    const { page, signIn } = await arrive()
    await signIn(freshNumber())
    const found = await page.evaluate(async () => {
      const settled = <T>(request: IDBRequest<T>) => new Promise<T>((resolve) => { request.addEventListener('success', () => resolve(request.result)) })
      const database = await settled(indexedDB.open('callgate'))
      const { privateKey } = await settled(database.transaction('callgate').objectStore('callgate').get('key') as IDBRequest<CryptoKeyPair>)
      const taken = await crypto.subtle.exportKey('jwk', privateKey).then(() => true, () => false)
      return { taken, type: (JSON.parse(localStorage.getItem('callgate.app.tokens') ?? '{}') as { type: string }).type }
    })
    expect(found).toEqual({ taken: false, type: 'DPoP' })
  })
})
