// Garbage on the wire: through the front, as bytes that no HTTP library would send.
import { createConnection } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { runs, timeFor } from '../factor.ts'
import { routes } from '../sandbox.ts'
import { body, form, headers, value } from './garbage.ts'
import { fuzzWorld, type FuzzWorld } from './store.ts'

let here: FuzzWorld
beforeAll(async () => {
  here = await fuzzWorld()
})
afterAll(() => here.close())

/** All that comes back until the other side ends it, or, `broken`, until we do after the last byte. */
const exchange = async (bytes: Uint8Array, broken = false) => {
  const socket = createConnection(Number(new URL(here.url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write(bytes)
  if (broken) socket.end()
  return (await buffer(socket).catch(() => Buffer.alloc(0))).toString('latin1')
}
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? NaN)

const line = (text: string) => text.replace(/[\r\n\0]/g, ' ')
const written = (route: string, query: string, fields: Record<string, string>, content: Uint8Array) => {
  const [method, path] = route.split(' ')
  const others = Object.entries(fields).filter(([name]) => !['content-length', 'host'].includes(name)).map(([name, text]) => `${name}: ${line(text)}\r\n`).join('')
  return Buffer.concat([Buffer.from(`${method} ${path}?${line(query).replaceAll(' ', '%20')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${others}Content-Length: ${content.length}\r\n\r\n`, 'utf8'), content])
}

test('a request of any headers, query and body is answered, never by a 5xx, and changes nothing', () => here.changingNothing(() =>
  fc.assert(fc.asyncProperty(fc.constantFrom(...routes), form, headers, body, async (route, query, fields, content) => {
    const status = statusOf(await exchange(written(route, query, fields, Buffer.from(content))))
    const isFine = (status >= 400 && status <= 499) || (status === 200 && (route.includes('.well-known') || route === 'POST /revoke'))
    if (!isFine) throw new Error(`${route} was answered ${status}`)
  }), runs(2_500))), timeFor(120))

test('headers of many kilobytes are too large, said so, and cost nobody else anything', () => here.changingNothing(() =>
  fc.assert(fc.asyncProperty(fc.constantFrom(...routes), fc.constantFrom('authorization', 'dpop', 'cookie', 'x'), fc.integer({ min: 10_241, max: 80_000 }), async (route, name, length) => {
    expect(statusOf(await exchange(written(route, '', { [name]: 'y'.repeat(length) }, Buffer.alloc(0))))).toBe(431)
  }), runs(100))), timeFor(60))

test('bytes that are no HTTP are refused or cut off, and the next request is served', () => here.changingNothing(async () => {
  const torn = fc.tuple(fc.constantFrom(...routes), body, fc.nat(200)).map(([route, content, length]) => written(route, '', {}, Buffer.from(content)).subarray(0, length))
  await fc.assert(fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 300 }), torn, value.map((text) => Buffer.from(text))), async (bytes) => {
    const answer = await exchange(bytes, true)
    if (answer !== '' && !(statusOf(answer) < 500)) throw new Error(`Answered ${answer}`)
  }), runs(500))
  expect((await fetch(`${here.url}/.well-known/jwks.json`)).status).toBe(200)
}), timeFor(60))
