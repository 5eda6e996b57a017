// Notes that sync, in a real browser with its web security on: between windows and devices, never to another person, and through whatever ends a session.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Browser, BrowserContext } from 'playwright-core'
import { realClock } from '../../local/clock.ts'
import { world, type World } from '../world.ts'
import { isHere, launch } from './chromium.ts'
import { freshNumber, hands } from './hands.ts'

jest.setTimeout(60_000)
const inChromium = isHere ? describe : describe.skip

inChromium('in Chromium, which there is for Linux on x64,', () => {
  // The servers' time, which can run ahead of the browser's.
  let ahead = 0
  let here: World
  let browser: Browser
  beforeAll(async () => {
    [here, browser] = await Promise.all([world({ clock: { ...realClock, now: () => Date.now() + ahead }, page: true }), launch()])
  })
  afterAll(async () => {
    await browser.close()
    await here.close()
  })
  const profile = () => browser.newContext()
  const arrive = async (at?: BrowserContext) => hands(at ?? (await profile()), here.url)
  const user = (of: string) => of.replace('::', '-')
  /** Resolves when a note is in Sync Gateway, which says so by its changes feed. */
  const arrived = async (note: string) => {
    const feed = `${here.places['sync-gateway-admin']}/notes/_changes?feed=longpoll&include_docs=true&since=`
    for (let since = '0', text = ''; !text.includes(note); since = String((JSON.parse(text) as { last_seq: unknown }).last_seq)) {
      text = await (await fetch(feed + since)).text()
    }
  }
  const endSessions = (of: string) => fetch(`${here.places['sync-gateway-admin']}/notes/_user/${user(of)}/_session`, { method: 'DELETE' })

  test('two windows of one browser are one device of one person', async () => {
    const mine = await profile()
    const first = await arrive(mine)
    const who = await first.signIn(freshNumber())
    const second = await arrive(mine)
    await second.page.waitForSelector('#notes:not([hidden])')
    expect(await second.page.textContent('#profile')).toBe(who)
    await first.write('from the first')
    await second.seesNotes('from the first')
    await second.write('from the second')
    await first.seesNotes('from the second', 'from the first')
    await first.page.click('#sign-out')
    await second.signedOut()
  })

  test('two devices of one person sync, markup stays text, and another person sees nothing', async () => {
    const number = freshNumber()
    const [phone, tablet, stranger] = [await arrive(), await arrive(), await arrive()]
    const who = await phone.signIn(number)
    expect(await tablet.signIn(number)).toBe(who)
    expect(await stranger.signIn(freshNumber())).not.toBe(who)
    await phone.write('<b>milk</b>')
    await tablet.seesNotes('<b>milk</b>')
    await stranger.write('my own')
    await stranger.seesNotes('my own')
    await tablet.page.click('#list li button')
    await phone.seesNotes()
    expect([...phone.complaints, ...tablet.complaints, ...stranger.complaints]).toEqual([])
  })

  test('a session that ends while syncing is renewed unseen, with an access token that is over too', async () => {
    const { page, signIn, write, seesNotes, synced } = await arrive()
    const who = await signIn(freshNumber())
    await write('before')
    await arrived('before')
    for (const minutes of [0, 15]) {
      ahead += minutes * 60_000
      await endSessions(who)
      await write(`after ${minutes}`)
      await arrived(`after ${minutes}`)
    }
    await synced()
    await seesNotes('after 15', 'after 0', 'before')
    expect(await page.isVisible('#ended')).toBe(false)
  })

  test('offline it goes on writing, and syncs when the network is back', async () => {
    const mine = await profile()
    const { page, signIn, write, seesNotes, synced } = await arrive(mine)
    await signIn(freshNumber())
    await synced()
    await mine.setOffline(true)
    await write('without a network')
    await seesNotes('without a network')
    await page.waitForSelector('#sync[data-state=offline]')
    await mine.setOffline(false)
    await synced()
  })

  test('signing out everywhere ends the other devices, and keeps their notes', async () => {
    const number = freshNumber()
    const [phone, tablet] = [await arrive(), await arrive()]
    await phone.signIn(number)
    await tablet.signIn(number)
    await phone.write('kept')
    await tablet.seesNotes('kept')
    await phone.page.click('#sign-out-everywhere')
    await phone.signedOut()
    await tablet.write('written meanwhile')
    await tablet.page.waitForSelector('#ended:not([hidden])')
    expect(await tablet.page.textContent('#ended-why')).toMatch(/Sign in again/)
    await tablet.page.click('#again')
    await tablet.signedOut()
    await tablet.signIn(number)
    await tablet.seesNotes('written meanwhile', 'kept')
    await tablet.synced()
  })

  test('a disabled person is told so, and goes on when the account is enabled', async () => {
    const { page, signIn, write } = await arrive()
    const number = freshNumber()
    const who = await signIn(number)
    await here.manage({ action: 'disable', user: who })
    await write('too late')
    await page.waitForSelector('#ended:not([hidden])')
    expect(await page.textContent('#ended-why')).toMatch(/disabled/)
    await here.manage({ action: 'enable', user: who })
    await page.reload()
    await page.waitForSelector('#notes:not([hidden])')
    await page.waitForSelector('#sync[data-state=synced]')
  })

  test('the drawer shows each request and its reply, and no whole token', async () => {
    const { page, signIn } = await arrive()
    await signIn(freshNumber())
    await page.click('.drawer > summary')
    const lines = await page.locator('#traffic .line').allTextContents()
    expect(lines).toEqual(expect.arrayContaining(['POST /call', 'POST /token', 'POST /session']))
    const text = (await page.textContent('#traffic')) ?? ''
    expect(text).toMatch(/"access_token":"eyJ[\w-]{5}…/)
    expect(text).not.toMatch(/eyJ[\w-]{40}/)
  })
})
