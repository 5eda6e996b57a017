// The hands and eyes of a person at the page: what they type, press and see.
import type { BrowserContext, Page } from 'playwright-core'

export type Hands = Awaited<ReturnType<typeof hands>>

let used = 0
/** A number that nobody else in this run has. */
export const freshNumber = () => `+1 202 555 ${String(++used).padStart(4, '0')}`

/** Opens the page in a new window of a browser profile. What the page complains of is kept in `complaints`. */
export const hands = async (profile: BrowserContext, url: string) => {
  const page = await profile.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url)
  return { page, complaints, ...acts(page), ...sights(page) }
}

const acts = (page: Page) => {
  const press = async (keys: string) => {
    for (const key of keys) await page.click(`#keypad button[value="${key}"]`)
  }
  /** Answers the digits that the app shows. */
  const call = async (number: string) => {
    await page.fill('#number', number)
    await page.click('#call')
    await page.waitForSelector('#waiting:not([hidden])')
    return (await page.textContent('#match-code')) ?? ''
  }
  const answer = async () => {
    await page.waitForSelector('#telephone[data-state=ringing]')
    await page.click('#answer')
    await page.waitForSelector('#telephone[data-state=in-call]')
  }
  /** Answers the person's profile. */
  const signIn = async (number: string) => {
    const digits = await call(number)
    await answer()
    await press(digits)
    await page.waitForSelector('#notes:not([hidden])')
    return (await page.textContent('#profile')) ?? ''
  }
  const write = async (note: string) => {
    await page.fill('#text', note)
    await page.keyboard.press('Enter')
  }
  /** How the next call finds the telephone. */
  const setNext = async (number: string, how: 'busy' | 'silent' | 'unreachable') => {
    await page.fill('#number', number)
    await page.waitForFunction(() => document.querySelector('#telephone-number')?.textContent !== '')
    await page.click(`#${how}`)
    await page.waitForSelector(`#${how}[aria-pressed=true]`)
  }
  return { press, call, answer, signIn, write, setNext }
}

const sights = (page: Page) => ({
  /** Resolves when the notes are these, the newest first. */
  seesNotes: async (...notes: string[]) => {
    await page.waitForFunction((wanted) => JSON.stringify([...document.querySelectorAll('#list li p')].map((each) => each.textContent)) === wanted, JSON.stringify(notes))
  },
  synced: async () => { await page.waitForSelector('#sync[data-state=synced]') },
  signedOut: async () => { await page.waitForSelector('#sign-in:not([hidden])') },
  /** What ended a sign-in. */
  problem: async () => {
    await page.waitForFunction(() => document.querySelector('#problem')?.textContent !== '')
    return page.textContent('#problem')
  },
  focus: () => page.evaluate(() => document.activeElement?.id),
})
