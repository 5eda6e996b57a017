// The client as a module: its types, its size, its dependencies, and that it runs where there is neither a browser nor WebCrypto.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, test } from '@jest/globals'

const root = `${import.meta.dirname}/../..`
const bundled = () =>
  build({ entryPoints: [`${root}/client/callgate.ts`], bundle: true, minify: true, format: 'esm', target: 'es2022', platform: 'browser', write: false, metafile: true, logLevel: 'silent' })

test.each(['client', 'test/client', 'test/page', 'test/browser'])('%s type-checks', async (folder) => {
  const problems = await promisify(execFile)(`${root}/node_modules/.bin/tsc`, ['-p', `${root}/${folder}`]).then(() => '', (error: { stdout: string }) => error.stdout)
  expect(problems).toBe('')
}, 60_000)

test('takes less than 4 KB over the wire, and nothing from anybody', async () => {
  const { outputFiles, metafile } = await bundled()
  expect(gzipSync(outputFiles[0]!.contents, { level: 9 }).length).toBeLessThan(4_096)
  expect(Object.keys(metafile.inputs).filter((path) => !/^(\.\.\/)*(.*\/)?client\/[a-z0-9-]+\.ts$/.test(path))).toEqual([])
})

test('runs with fetch, timers and what it is given: no window, no storage, no WebCrypto, no locks', async () => {
  const { outputFiles } = await bundled()
  const folder = await mkdtemp(`${tmpdir()}/callgate-client-`)
  await writeFile(`${folder}/callgate.mjs`, outputFiles[0]!.contents)
  await writeFile(`${folder}/app.mjs`, `
    for (const name of ['crypto', 'navigator', 'localStorage', 'indexedDB', 'URLSearchParams', 'DOMException']) Reflect.deleteProperty(globalThis, name)
    const { callgate } = await import('./callgate.mjs')
    const answers = { '/call': { auth_req_id: 'a.b', match_code: '123', expires_in: 180, interval: 2 }, '/token': { access_token: 'a', token_type: 'Bearer', refresh_token: 'r', expires_in: 600 },
      '/session': { session_id: 's', cookie_name: 'c', expires: '2030-01-01T00:00:00Z', user: 'u-0001', profile: 'u::0001', sync_url: 'x' } }
    const sent = []
    const client = callgate({ url: 'https://auth.test/', clientId: 'app', random: (bytes) => new Uint8Array(bytes).fill(7), wait: async () => {},
      fetch: async (url, { body }) => {
        sent.push(body ?? '')
        return { ok: true, status: 200, headers: { get: () => null }, text: async () => JSON.stringify(answers[url.replace('https://auth.test', '')]) }
      } })
    const session = await client.signIn('+1 202 555 0123')
    console.log(JSON.stringify([session.sessionId, (await client.signedIn()).profile, sent[0]]))`)
  const { stdout } = await promisify(execFile)(process.execPath, [`${folder}/app.mjs`])
  await rm(folder, { recursive: true })
  expect(JSON.parse(stdout)).toEqual(['s', 'u::0001', 'client_id=app&scope=openid&login_hint=%2B1%20202%20555%200123'])
})
