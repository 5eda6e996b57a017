// The guide to PouchDB, run as it is written: in a page of its own script, on the site that Sync Gateway allows.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { setTimeout as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { build } from 'esbuild'
import type { Browser } from 'playwright-core'
import { realClock } from '../../local/clock.ts'
import { app } from '../app.ts'
import { codeOf, root } from '../guides/blocks.ts'
import { world, type World } from '../world.ts'
import { isHere, launch } from './chromium.ts'

jest.setTimeout(60_000)
const inChromium = isHere ? describe : describe.skip

const folder = `${root}/node_modules/.cache/callgate-pouchdb-guide`

/** An app of the guide: it signs in, puts what it is told into its database, and keeps that in step. */
const script = async () => {
  const [guide = ''] = await codeOf('docs/pouchdb.md', 'ts')
  await mkdir(folder, { recursive: true })
  await writeFile(`${folder}/guide.ts`, guide.replaceAll(`'../client/`, `'${root}/client/`))
  await writeFile(`${folder}/app.ts`, `
    import PouchDB from 'pouchdb-browser'
    import { callgate } from '${root}/client/callgate.ts'
    import { keepInSync } from './guide.ts'
    const client = callgate({ url: location.origin, clientId: 'app' })
    const local = new PouchDB('guide')
    Object.assign(window, {
      signIn: (number) => client.signIn(number, { progress: (at) => { if (at.state === 'ringing') document.title = at.matchCode } }).then(({ profile }) => {
        keepInSync(local, client, (error) => { document.title = error.code })
        return profile
      }),
      put: (_id, owner) => local.put({ _id, owner }).then(() => true),
      has: (_id) => local.get(_id).then(() => true, () => false),
    })`)
  const { outputFiles } = await build({ entryPoints: [`${folder}/app.ts`], bundle: true, format: 'iife', platform: 'browser', define: { global: 'window' }, write: false, logLevel: 'silent' })
  return outputFiles[0]?.text ?? ''
}

type Guide = { signIn: (number: string) => Promise<string>; put: (id: string, owner: string) => Promise<boolean>; has: (id: string) => Promise<boolean> }

inChromium('in Chromium, which there is for Linux on x64,', () => {
  let here: World
  let browser: Browser
  beforeAll(async () => {
    [here, browser] = await Promise.all([world({ clock: realClock, page: true }), launch()])
  })
  afterAll(async () => {
    await browser.close()
    await here.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('an app of the guide pushes and pulls, gets another session after a 401, and is told when it is signed out', async () => {
    const number = '+12025550151'
    // The policy of the page lets no other script in; its site is what counts.
    const page = await (await browser.newContext({ bypassCSP: true })).newPage()
    await page.goto(`${here.url}/.well-known/jwks.json`)
    await page.addScriptTag({ content: await script() })
    const signedIn = page.evaluate((to) => (window as unknown as Guide).signIn(to), number)
    await page.waitForFunction(() => /^\d+$/.test(document.title))
    await app(here).phone(number).keys(await page.title())
    const who = await signedIn
    const admin = `${here.places['sync-gateway-admin']}/notes`
    const arrives = async (id: string) => {
      await fetch(`${admin}/${id}`, { method: 'PUT', body: JSON.stringify({ owner: who }), headers: { 'content-type': 'application/json' } })
      await page.waitForFunction((wanted) => (window as unknown as Guide).has(wanted), id)
    }
    await arrives('pulled')
    await page.evaluate((owner) => (window as unknown as Guide).put('pushed', owner), who)
    while (!(await fetch(`${admin}/pushed`)).ok) await nextTurn(20)
    await fetch(`${admin}/_user/${who.replace('::', '-')}/_session`, { method: 'DELETE' })
    await arrives('after')
    await here.manage({ action: 'sign-out', user: who, all: true })
    await page.evaluate((owner) => (window as unknown as Guide).put('too-late', owner), who)
    await page.waitForFunction(() => document.title === 'signed_out')
    expect((await fetch(`${admin}/too-late`)).status).toBe(404)
  })
})
