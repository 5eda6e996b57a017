// The listener behind the page: what it serves, as what, to whom, and nothing else.
import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import http, { createServer } from 'node:http'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { pages } from '../../local/pages.ts'
import { listen, type Running } from '../../local/server.ts'

const root = `${import.meta.dirname}/../..`
const places = { 'sync-gateway': 'http://localhost:4984', twilio: 'http://127.0.0.1:8081', couchbase: 'couchbase://127.0.0.1' }

let server: Running
beforeAll(async () => { server = await listen(createServer(await pages(places)), 0) })
afterAll(() => server.close())

type Answer = { status: number; headers: http.IncomingHttpHeaders; body: string }

/** The path goes out as it is written, which fetch would tidy. */
const ask = (path: string, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: server.port, path, method, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }))
    })
    request.on('error', reject)
    request.end()
  })

const imported = (code: string) => import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`) as Promise<Record<string, unknown>>

describe('the page', () => {
  test('is at / and at /index.html, whatever the query', async () => {
    const { status, headers, body } = await ask('/')
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(body).toContain('<html lang="en">')
    expect((await ask('/index.html?a=b')).body).toBe(body)
  })

  test.each([
    ['/page.css', 'text/css; charset=utf-8'],
    ['/icon.svg', 'image/svg+xml'],
    ['/main.ts', 'text/javascript; charset=utf-8'],
    ['/places.json', 'application/json'],
    ['/pouchdb.js', 'text/javascript; charset=utf-8'],
  ])('%s is %s, is asked for anew each time, and is never taken for another type', async (path, type) => {
    const { status, headers, body } = await ask(path)
    expect([status, headers['content-type'], headers['cache-control'], headers['x-content-type-options']]).toEqual([200, type, 'no-cache', 'nosniff'])
    expect(headers['content-length']).toBe(String(Buffer.byteLength(body)))
  })

  test('names every place', async () => expect(JSON.parse((await ask('/places.json')).body)).toEqual(places))

  test('has everything that its markup and its modules name', async () => {
    const { body: markup } = await ask('/')
    const modules = (await readdir(`${root}/local/page`)).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    const code = await Promise.all(modules.map(async (name) => (await ask(`/${name}`)).body))
    const named = [
      ...[...markup.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!),
      ...code.flatMap((text) => [...text.matchAll(/from "\.(\/[^"]+)"/g)].map(([, path]) => path!)),
      ...code.flatMap((text) => [...text.matchAll(/from "\.\.\/\.\.(\/client\/[^"]+)"/g)].map(([, path]) => path!)),
      ...(await readdir(`${root}/client`)).filter((name) => name.endsWith('.ts')).map((name) => `/client/${name}`),
    ]
    expect(named).toEqual(expect.arrayContaining(['/main.ts', '/page.css', '/pouchdb.js', '/client/callgate.ts']))
    for (const path of new Set(named)) expect([path, (await ask(path)).status]).toEqual([path, 200])
  })

  test('serves modules that a browser can run', async () => {
    const { duration } = (await imported((await ask('/duration.ts')).body)) as { duration: (milliseconds: number) => string }
    expect(duration(59_001)).toBe('1:00')
  })

  test('serves PouchDB as a module with the class', async () => {
    // Loading it needs nothing else of a browser.
    const { PouchDB } = await imported(`const self = globalThis; ${(await ask('/pouchdb.js')).body}`)
    expect(PouchDB).toBeInstanceOf(Function)
    expect(PouchDB).toHaveProperty('version', '9.0.0')
  })

  test('asks Callgate through the client alone', async () => {
    for (const name of await readdir(`${root}/local/page`)) {
      if (name.endsWith('.ts')) expect([name, (await ask(`/${name}`)).body]).not.toEqual([name, expect.stringMatching(/\/(?:call|token|revoke|session)['"`?/]|well-known/)])
    }
  })

  test('puts no text in the place of markup', async () => {
    for (const name of await readdir(`${root}/local/page`)) {
      if (name.endsWith('.ts')) expect([name, (await ask(`/${name}`)).body]).not.toEqual([name, expect.stringMatching(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/)])
    }
  })

  test('type-checks', async () => {
    const problems = await promisify(execFile)(`${root}/node_modules/.bin/tsc`, ['-p', `${root}/local/page`]).then(() => '', (error: { stdout: string }) => error.stdout)
    expect(problems).toBe('')
  })
})

describe('its policy', () => {
  test('lets it reach itself, Sync Gateway and the telephone, and takes scripts and styles from itself alone', async () => {
    for (const path of ['/', '/main.ts', '/absent']) {
      const policy = String((await ask(path)).headers['content-security-policy']).split('; ')
      expect(policy).toEqual(expect.arrayContaining([
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self' http://localhost:4984 http://127.0.0.1:8081", "frame-ancestors 'none'",
      ]))
      expect(policy.join()).not.toMatch(/unsafe|\*/)
    }
  })
})

describe('anything else', () => {
  test.each([
    '/absent', '/pages.ts', '/../pages.ts', '/..%2fpages.ts', '/%2e%2e/pages.ts', '//etc/passwd', '/page/main.ts', '/main.ts/', '/%6dain.ts', '/Main.ts',
    '/pouchdb.d.ts', '/tsconfig.json', '/client/tsconfig.json', '/client/', '/client/../pages.ts', '/__proto__', '/constructor', '/%',
  ])('%s is not there, and one sentence says so', async (path) => {
    const { status, headers, body } = await ask(path)
    expect([status, headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8'])
    expect(body).toBe('There is no page here: the app and the telephone are at /.\n')
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is refused, and told what is allowed', async (method) => {
    const { status, headers } = await ask('/', method)
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD'])
  })

  test('HEAD is GET without its body', async () => {
    const [{ headers: head, body, status }, { headers: get }] = [await ask('/', 'HEAD'), await ask('/')]
    expect([status, body, head['content-length']]).toEqual([200, '', get['content-length']])
  })
})
