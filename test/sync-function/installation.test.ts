// The configuration to copy shuts the database until the sync function is installed, and again if somebody puts it back.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { gateway, syncFunction } from './database.ts'

const text = readFileSync(`${import.meta.dirname}/../../sync-gateway/database.json`, 'utf8')
const readme = readFileSync(`${import.meta.dirname}/../../sync-gateway/README.md`, 'utf8')
let sync: Awaited<ReturnType<typeof gateway>>
beforeAll(async () => {
  sync = await gateway()
})
afterAll(() => sync.close())

const send = async (method: string, path: string, body?: string, type = 'application/json') => {
  const answer = await fetch(`${sync.adminUrl}${path}`, { method, ...(body && { body, headers: { 'content-type': type } }) })
  return { status: answer.status, text: await answer.text() }
}

test('as the README says: shut, then open to the rules, then shut again by the same configuration', async () => {
  const write = async (id: string) => (await send('PUT', `/notes/${id}`, '{}')).status
  expect((await send('PUT', '/notes/', text)).status).toBe(201)
  expect(await write('first')).toBe(403)
  expect((await send('PUT', '/notes/_config/sync', syncFunction, 'application/javascript')).status).toBe(200)
  expect((await send('GET', '/notes/_config/sync')).text).toBe(syncFunction)
  expect(await write('second')).toBe(201)
  expect(await write('U::0001')).toBe(403)
  expect((await send('PUT', '/notes/_config', text)).status).toBe(201)
  expect(await write('third')).toBe(403)
})

test('the configuration holds nothing that would be expanded', () => expect(text).not.toMatch(/[$`]/))

test('the README names every request that this test makes', () => {
  for (const path of ['/notes/"', '/notes/_config/sync"', 'application/javascript', '@database.json', '@sync-function.js']) expect(readme).toContain(path)
})
