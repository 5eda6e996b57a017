// A bundle reads from its tables what the source reads from its JSON.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { build } from 'esbuild'
import { tablesBeside } from '../../deploy/tables.ts'
import { callingCodes, plans } from '../../shared/numbering-plans.ts'
import texts from '../../shared/phrases.json' with { type: 'json' }

const root = `${import.meta.dirname}/../..`
const require = createRequire(import.meta.url)

let folder: string
let bundle: { texts: Record<string, unknown>; plans: Record<string, unknown>; callingCodes: unknown }
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/callgate-tables-`)
  await build({
    stdin: {
      contents: `export { default as texts } from './shared/phrases.json' with { type: 'json' }; export { plans, callingCodes } from './shared/numbering-plans.ts'`,
      resolveDir: root, loader: 'ts',
    },
    outfile: `${folder}/index.cjs`, bundle: true, platform: 'node', format: 'cjs', minify: true, plugins: [tablesBeside],
  })
  bundle = require(`${folder}/index.cjs`) as typeof bundle
})
afterAll(() => rm(folder, { recursive: true }))

test('every row, once and again', () => {
  for (let round = 0; round < 2; round++) {
    expect(Object.fromEntries(Object.keys(bundle.texts).map((key) => [key, bundle.texts[key]]))).toEqual(texts)
    expect(Object.fromEntries(Object.keys(bundle.plans).map((key) => [key, bundle.plans[key]]))).toEqual(plans)
    expect(bundle.callingCodes).toEqual(callingCodes)
  }
})

test('nothing for what is no row, as in any object', () => {
  for (const table of [bundle.texts, bundle.plans]) {
    expect([table['XX'], table['__proto__'], 'XX' in table, Object.hasOwn(table, 'XX')]).toEqual([undefined, Object.prototype, false, false])
    expect(typeof table['hasOwnProperty']).toBe('function')
  }
})

test('the bundle itself holds none of them', async () => {
  expect((await readdir(folder)).sort()).toEqual(['index.cjs', 'numbering-plans.txt', 'phrases.txt'])
  expect((await stat(`${folder}/index.cjs`)).size).toBeLessThan(15_000)
})
