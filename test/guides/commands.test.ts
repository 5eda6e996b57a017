// The commands and paths of the guides and of the README: each names something that is there, and what can run here runs.
import { execFile } from 'node:child_process'
import { access, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { guides, readGuide, root } from './blocks.ts'

const isThere = (path: string) => access(`${root}/${path}`).then(() => true, () => false)

/** What the guides name, by the first group of a pattern, with the guide that names it. */
const named = async (pattern: RegExp) => {
  const found: { file: string; name: string }[] = []
  for (const file of await guides()) found.push(...[...(await readGuide(file)).matchAll(pattern)].map(([, name = '']) => ({ file, name })))
  return found
}

test('every npm script that is named exists', async () => {
  const { scripts } = JSON.parse(await readFile(`${root}/package.json`, 'utf8')) as { scripts: Record<string, string> }
  const asked = [...(await named(/npm run ([\w:-]+)/g)), ...(await named(/npm (start|test)\b/g))]
  expect(asked.length).toBeGreaterThan(10)
  expect(asked.filter(({ name }) => !Object.hasOwn(scripts, name))).toEqual([])
})

test('every program that npx runs is installed', async () => {
  const asked = await named(/npx ([\w-]+)/g)
  expect(asked.map(({ name }) => name)).toEqual(expect.arrayContaining(['esbuild', 'serverless']))
  for (const { file, name } of asked) expect([file, name, await isThere(`node_modules/.bin/${name}`)]).toEqual([file, name, true])
})

test('every path in the text leads to something', async () => {
  const asked = await named(/`((?:client|deploy|docs|functions|local|shared|sync-gateway|test)\/[\w./-]*)`/g)
  expect(asked.length).toBeGreaterThan(10)
  for (const { file, name } of asked) expect([file, name, await isThere(name)]).toEqual([file, name, true])
})

test('the client is bundled by the command of its guide, and is as small as the guide says', async () => {
  const [, command = ''] = /`npx (esbuild .*?)`/.exec(await readGuide('docs/client.md')) ?? []
  const folder = await mkdtemp(`${tmpdir()}/callgate-guide-`)
  await promisify(execFile)('bash', ['-c', `node_modules/.bin/${command.replace('--outfile=', `--outfile=${folder}/`)}`], { cwd: root })
  expect(gzipSync(await readFile(`${folder}/callgate.js`)).length).toBeLessThan(4_096)
  await rm(folder, { recursive: true })
})
