// What a cold start loads of Node's own: fetch and undici would double it, and one import in the wrong form brings them in (nodejs/node#59686).
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { apiGateway } from '../../local/api-gateway/api-gateway.ts'
import type { Handler } from '../../local/api-gateway/lambda.ts'
import { readRoutes } from '../../local/routes.ts'
import { surroundings } from '../../local/surroundings.ts'
import type { Running } from '../../local/server.ts'
import { app } from '../app.ts'

const build = `${import.meta.dirname}/../../.build`
const run = promisify(execFile)

// A process that answers one event, and tells which of Node's modules it has loaded by then. What it logs comes before.
const sandbox = `
  import(process.argv[1]).then(({ handler }) => handler(JSON.parse(process.argv[2]), { awsRequestId: 'test', getRemainingTimeInMillis: () => 29_000 })).then((reply) => {
    console.log('\\n' + JSON.stringify({ reply, modules: process.moduleLoadList }))
    process.exit()
  })`

const loaded: Record<string, string[]> = {}
let environment: Record<string, string>

const answerOf = async (bundle: string, event: unknown) => {
  const { stdout } = await run(process.execPath, ['-e', sandbox, bundle, JSON.stringify(event)], { env: environment, maxBuffer: 1 << 24 })
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as { reply: Awaited<ReturnType<Handler>>; modules: string[] }
}

const cold = async (name: string, event: unknown) => {
  const { reply, modules } = await answerOf(`${build}/${name}/index.mjs`, event)
  loaded[name] = [...(loaded[name] ?? []), ...modules]
  return reply
}

let front: Running
let around: Awaited<ReturnType<typeof surroundings>>
beforeAll(async () => {
  const routes = (await readRoutes()).map((route) => ({ ...route, handler: ((event: APIGatewayProxyEventV2) => cold(route.functionName, event)) as Handler }))
  front = await apiGateway({ routes })
  around = await surroundings({ issuer: front.url })
  environment = around.environment
})
afterAll(async () => {
  await front.close()
  await around.close()
})

test('after a first request no function has loaded undici, or the HTTP client of Node', async () => {
  const person = app({ url: front.url, places: around.places })
  const { tokens } = await person.signIn('+12025550123')
  expect((await person.session(tokens.json['access_token'])).status).toBe(200)
  expect((await fetch(`${front.url}/.well-known/openid-configuration`)).status).toBe(200)
  await cold('manage-accounts', { action: 'find', number: '+12025550123' })
  expect(Object.keys(loaded).sort()).toEqual(['create-session', 'discovery', 'issue-jwt', 'manage-accounts', 'receive-callback', 'start-call'])
  for (const [name, modules] of Object.entries(loaded)) {
    expect([name, modules.includes('NativeModule net')]).toEqual([name, true])
    // Nothing here is asked over TLS.
    expect([name, modules.includes('NativeModule tls')]).toEqual([name, false])
    expect([name, modules.filter((module) => isUndici(module) || module === 'NativeModule _http_client')]).toEqual([name, []])
  }
}, 30_000)

test.each([['off', false], ['1000/1d', true]])('as a sandbox of start-call starts with a limit of %s, the Couchbase SDK is loaded: %s', async (limit, isLoaded) => {
  const script = `import(process.argv[1]).then(() => console.log(Object.keys(require.cache).some((file) => file.endsWith('/couchbase.cjs'))))`
  const { stdout } = await run(process.execPath, ['-e', script, `${build}/start-call/index.mjs`], { env: { ...environment, LIMIT_TOTAL: limit } })
  expect(stdout.trim().split('\n').at(-1)).toBe(String(isLoaded))
})

test('a function that fetches is seen to load it', async () => {
  const folder = await mkdtemp(`${tmpdir()}/callgate-built-ins-`)
  await writeFile(`${folder}/index.cjs`, `exports.handler = async () => (await fetch('data:,')).status`)
  try {
    expect((await answerOf(`${folder}/index.cjs`, {})).modules.filter(isUndici)).not.toEqual([])
  } finally {
    await rm(folder, { recursive: true })
  }
})

const isUndici = (module: string) => module.includes('undici')
