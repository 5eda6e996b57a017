// How the page looks and reads: axe finds nothing in any state, nothing is wider than the screen, and a picture of each state is left in .screenshots.
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { realClock } from '../../local/clock.ts'
import { world, type World } from '../world.ts'
import { isHere, launch } from './chromium.ts'
import { freshNumber, hands } from './hands.ts'

jest.setTimeout(120_000)
const inChromium = isHere ? describe : describe.skip
const pictures = `${import.meta.dirname}/../../.screenshots`

type Violation = { id: string; nodes: { html: string }[] }

inChromium('in Chromium, which there is for Linux on x64,', () => {
  let here: World
  let browser: Browser
  let axe: string
  beforeAll(async () => {
    [here, browser, axe] = await Promise.all([
      world({ clock: realClock, page: true }), launch(), readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'), mkdir(pictures, { recursive: true }),
    ])
  })
  afterAll(async () => {
    await browser.close()
    await here.close()
  })

  const look = async (page: Page, looks: string, state: string) => {
    await page.screenshot({ path: `${pictures}/${looks}-${state}.png`, fullPage: true })
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } }).axe.run())
    expect(violations.map(({ id, nodes }) => [state, id, nodes.map(({ html }) => html)])).toEqual([])
    const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    expect([state, wide]).toEqual([state, screen])
  }

  test.each([
    ['wide', 1_280, 'light'], ['wide-dark', 1_280, 'dark'], ['phone', 360, 'light'], ['phone-dark', 360, 'dark'],
  ] as const)('%s: every state', async (looks, width, colorScheme) => {
    // The policy of the page lets no script in, and axe is one.
    const profile = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, bypassCSP: true, reducedMotion: 'reduce', locale: 'en-US' })
    const { page, call, answer, press, write, synced, problem } = await hands(profile, here.url)
    const number = freshNumber()
    await look(page, looks, '1-form')
    await page.fill('#number', '202 555')
    await page.click('#call')
    await problem()
    await look(page, looks, '2-problem')
    const digits = await call(number)
    await page.waitForSelector('#telephone[data-state=ringing]')
    await look(page, looks, '3-ringing')
    await answer()
    await press(digits === '999' ? '998' : '999')
    await page.waitForFunction(() => /not right/.test(document.querySelector('#said')?.textContent ?? ''))
    await look(page, looks, '4-in-call')
    await press(digits)
    await page.waitForSelector('#notes:not([hidden])')
    await write('Call Ada back about the boat')
    await write('Milk, bread, and something for the cat')
    await synced()
    await look(page, looks, '5-notes')
    await page.click('.drawer > summary')
    const exchange = page.locator('#traffic li', { hasText: 'POST /token' }).last()
    await exchange.locator('summary').click()
    await exchange.locator('.reply').scrollIntoViewIfNeeded()
    await look(page, looks, '6-drawer')
    await page.click('.drawer > summary')
    await here.manage({ action: 'sign-out', user: await page.textContent('#profile'), all: true })
    // Nothing hears of it before it asks.
    await write('One more')
    await page.waitForSelector('#ended:not([hidden])')
    await look(page, looks, '7-ended')
    await profile.close()
  })
})
