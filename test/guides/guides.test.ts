// The guides and the README: what they show type-checks and runs, as far as a machine without phones can, and their links lead somewhere.
import { execFile } from 'node:child_process'
import { createPublicKey, verify, type JsonWebKey } from 'node:crypto'
import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { parse } from 'yaml'
import { signingKey } from '../../local/keys.ts'
import { realClock } from '../../local/clock.ts'
import { app } from '../app.ts'
import { world, type World } from '../world.ts'
import { blocksOf, codeOf, guides, readGuide, root } from './blocks.ts'

jest.setTimeout(60_000)
const run = promisify(execFile)
const example = 'https://auth.example.com'

// Beside docs/, so that the paths in the blocks are true.
const folder = `${root}/.guides`
beforeAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder)
  for (const file of await guides()) {
    const typed = (await blocksOf(file)).filter(({ language }) => language === 'ts')
    await Promise.all(typed.map(({ code }, index) => writeFile(`${folder}/${file.replace(/\W/g, '-')}-${index + 1}.ts`, code.replaceAll(`'./client/`, `'../client/`))))
  }
})

test('every block in TypeScript type-checks', async () => {
  const problems = await run(`${root}/node_modules/.bin/tsc`, ['-p', import.meta.dirname]).then(() => '', (error: { stdout: string }) => error.stdout)
  expect(problems).toBe('')
})

test('every link to a file leads to one', async () => {
  const dead: string[] = []
  for (const file of await guides()) {
    const text = (await readGuide(file)).replace(/^```[\s\S]*?^```$/gm, '')
    for (const [, to = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:|^#/.test(to)) continue
      await access(join(root, dirname(file), to.split('#')[0] ?? '')).catch(() => dead.push(`${file}: ${to}`))
    }
  }
  expect(dead).toEqual([])
})

describe('with everything running,', () => {
  let here: World
  beforeAll(async () => { here = await world({ clock: realClock, page: true }) })
  afterAll(() => here.close())
  const pressed = async (number: string, digits: string) => { await app(here).phone(number).keys(digits) }

  test('the README signs in by curl', async () => {
    const [script = ''] = (await codeOf('README.md', 'sh')).filter((code) => code.includes('login_hint'))
    const placed = script.replaceAll('http://localhost:8080', here.url).replaceAll('http://localhost:8081', here.places.twilio).replaceAll('http://localhost:4984', here.places['sync-gateway'])
    const { stdout } = await run('bash', ['-e', '-c', placed])
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ _id: expect.stringMatching(/^u::\d{4}$/) as unknown, type: expect.any(String) as unknown })
  })

  test('openid-client signs in as the guide says', async () => {
    type Guide = { signIn: (issuer: string, number: string, show: (digits: string) => void) => Promise<{ sub: string; session: { session_id: string; cookie_name: string; sync_url: string } }> }
    const { signIn } = (await import(`${folder}/docs-openid-client-md-1.ts`)) as Guide
    const number = '+12025550201'
    const { sub, session } = await signIn(here.url, number, (digits) => void pressed(number, digits))
    const profile = await fetch(`${session.sync_url}/${sub}`, { headers: { cookie: `${session.cookie_name}=${session.session_id}` } })
    expect([sub, profile.status]).toEqual([expect.stringMatching(/^u::\d{4}$/), 200])
  })

  test('Sync Gateway takes a token itself with the configuration of the guide, and none without it', async () => {
    const { tokens } = await app(here).signIn('+12025550202')
    const ask = async () => (await fetch(`${here.places['sync-gateway']}/notes/_local/any`, { headers: { authorization: `Bearer ${String(tokens.json['access_token'])}` } })).status
    expect(await ask()).toBe(401)
    const [config = ''] = await codeOf('docs/sync-gateway-jwt.md', 'json')
    const admin = `${here.places['sync-gateway-admin']}/notes/_config`
    const answer = await fetch(admin, { method: 'POST', headers: { 'content-type': 'application/json' }, body: config.replaceAll(example, here.url) })
    expect([answer.status, await ask()]).toEqual([201, 404])
  })

  test('a JWT authorizer that knows RSA alone takes the tokens of the guide', async () => {
    const [yaml = ''] = await codeOf('docs/api-gateway.md', 'yaml')
    const { provider } = parse(yaml.replaceAll(example, here.url)) as { provider: { httpApi: { authorizers: Record<string, { type: string; issuerUrl: string; audience: string[] }> } } }
    const { issuerUrl, audience } = provider.httpApi.authorizers['callgate']!
    const key = signingKey('RSA')
    here.setSecret('signing-keys', { keys: [key.private] })
    here.setSecret('public-keys', { keys: [key.public] })
    here.restart()
    const { tokens } = await app(here).signIn('+12025550203')
    const [header = '', claims = '', signature = ''] = String(tokens.json['access_token']).split('.')
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
    const { jwks_uri: keysUrl } = (await (await fetch(`${issuerUrl}/.well-known/openid-configuration`)).json()) as { jwks_uri: string }
    const { keys } = (await (await fetch(keysUrl)).json()) as { keys: (JsonWebKey & { kid: string })[] }
    const jwk = keys.find(({ kid }) => kid === read(header)['kid'])
    expect([read(header)['alg'], read(claims)['iss'], audience]).toEqual(['RS256', issuerUrl, [read(claims)['aud']]])
    expect(verify('sha256', Buffer.from(`${header}.${claims}`), createPublicKey({ key: jwk!, format: 'jwk' }), Buffer.from(signature, 'base64url'))).toBe(true)
    expect(read(claims)).toMatchObject({ sub: expect.stringMatching(/^u::/) as unknown, preferred_username: expect.stringMatching(/^u-/) as unknown, sid: expect.any(String) as unknown, client_id: 'app', scope: 'openid' })
  })
})

test('the names in the Swift and Kotlin blocks are those of the API', async () => {
  const members = new Set((await readGuide('openapi.yaml')).match(/\b[a-z]+(?:_[a-z]+)+\b/g))
  for (const language of ['swift', 'kotlin']) {
    const [code = ''] = await codeOf('docs/couchbase-lite.md', language)
    const named = code.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []
    expect(named.filter((name) => !members.has(name) && name !== 'slow_down')).toEqual([])
    expect(new Set(named)).toEqual(new Set([...named, 'session_id', 'cookie_name', 'sync_url', 'auth_req_id', 'refresh_token']))
  }
})
