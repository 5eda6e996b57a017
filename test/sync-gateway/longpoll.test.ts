// `_changes` that waits: what wakes it, and when it gives up.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Answer } from './request.ts'
import { member, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

const idsIn = ({ body }: Answer) => (member(body, 'results') as { id: string }[]).map(({ id }) => id)

/** Whether the answer is there by the time that the server has answered something else. */
const isWaiting = async (answer: Promise<unknown>, askElse: () => Promise<unknown>) => {
  let done = false
  void answer.then(() => { done = true })
  await askElse()
  await askElse()
  return !done
}

const prepare = async () => {
  const db = await gateway.database()
  await db.admin('PUT', '/old', { channels: ['a'] })
  const poll = (query = '') => db.admin('GET', `/_changes?feed=longpoll&since=1${query}`)
  const waits = (answer: Promise<unknown>) => isWaiting(answer, () => db.admin('GET', '/'))
  return { ...db, poll, waits }
}

describe('a long poll', () => {
  test('with a since in the past answers at once', async () => {
    const { admin } = await prepare()
    expect(idsIn(await admin('GET', '/_changes?feed=longpoll&since=0'))).toEqual(['old'])
  })

  test('waits for the next change, of whatever document', async () => {
    const { admin, poll, waits } = await prepare()
    const answer = poll()
    expect(await waits(answer)).toBe(true)
    await admin('PUT', '/new', {})
    expect((await answer).body).toMatchObject({ results: [{ id: 'new', seq: 2 }], last_seq: '2' })
  })

  test('of a channel wakes for that only, on change and on deletion', async () => {
    const { admin, poll, waits } = await prepare()
    const answer = poll('&filter=sync_gateway/bychannel&channels=a')
    await admin('PUT', '/other', { channels: ['b'] })
    expect(await waits(answer)).toBe(true)
    const rev = String(member((await admin('GET', '/old')).body, '_rev'))
    await admin('DELETE', `/old?rev=${rev}`)
    expect((await answer).body).toMatchObject({ results: [{ id: 'old', deleted: true }] })
  })

  test('many at once all wake', async () => {
    const { admin, poll, waits } = await prepare()
    const answers = Array.from({ length: 50 }, () => poll())
    await waits(answers[0]!)
    await admin('PUT', '/new', {})
    expect((await Promise.all(answers)).every((answer) => idsIn(answer)[0] === 'new')).toBe(true)
  })

  test.each([['&timeout=1000', 1000], ['', 300_000], ['&timeout=900000', 900_000], ['&timeout=2000000', 900_000], ['&timeout=nonsense', 300_000]])('with %j gives up in time', async (query, milliseconds) => {
    const { poll, waits } = await prepare()
    const answer = poll(query)
    expect(await waits(answer)).toBe(true)
    gateway.advance(milliseconds - 1)
    expect(await waits(answer)).toBe(true)
    gateway.advance(1)
    expect((await answer).body).toEqual({ results: [], last_seq: '1' })
  })

  test('with a heartbeat never gives up, and sends line feeds', async () => {
    const { admin, poll, waits } = await prepare()
    const answer = poll('&timeout=1000&heartbeat=30000')
    expect(await waits(answer)).toBe(true)
    gateway.advance(1_000_000)
    expect(await waits(answer)).toBe(true)
    await admin('PUT', '/new', {})
    expect((await answer).text.match(/\n\n+/)?.[0].length).toBeGreaterThan(30)
    expect(idsIn(await answer)).toEqual(['new'])
  })

  test('of a user wakes for its channels and its grants, and for nothing else', async () => {
    const { admin, user } = await gateway.database()
    const ann = await user('ann', { admin_channels: ['a'] })
    const answer = ann('GET', '/_changes?feed=longpoll&since=1')
    const waits = () => isWaiting(answer, () => ann('GET', '/_session'))
    await admin('PUT', '/other', { channels: ['b'] })
    expect(await waits()).toBe(true)
    await admin('PUT', '/mine', { channels: ['a'] })
    expect(idsIn(await answer)).toEqual(['mine'])
    const granted = ann('GET', '/_changes?feed=longpoll&since=3')
    await admin('GET', '/')
    await admin('PUT', '/_user/ann', { admin_channels: ['a', 'b'] })
    expect(idsIn(await granted)).toEqual(['other', '_user/ann'])
  })

  test('ends when its database is configured anew or taken offline', async () => {
    for (const path of ['/_config', '/_offline']) {
      const { admin, poll, waits } = await prepare()
      const answer = poll()
      expect(await waits(answer)).toBe(true)
      await admin('POST', path, {})
      expect((await answer).body).toMatchObject({ results: [] })
    }
  })
})

test('a long poll that is woken by what it does not want goes on waiting', async () => {
  const { admin, poll, waits } = await prepare()
  const answer = poll('&active_only=true')
  await waits(answer)
  await admin('DELETE', `/old?rev=${String(member((await admin('GET', '/old')).body, '_rev'))}`)
  expect(await waits(answer)).toBe(true)
  await admin('PUT', '/new', {})
  expect(idsIn(await answer)).toEqual(['new'])
})

describe('the continuous feed', () => {
  test('sends a line for each change, old and new, up to its limit, and an empty one when it has no more', async () => {
    const { admin, waits } = await prepare()
    const answer = admin('GET', '/_changes?feed=continuous&limit=2')
    expect(await waits(answer)).toBe(true)
    await admin('PUT', '/new', {})
    const lines = (await answer).text.split('\n')
    expect(lines.map((line) => (line === '' ? '' : member(JSON.parse(line), 'id')))).toEqual(['old', '', 'new', ''])
  })

  test('ends when nothing was sent for the time that it was given', async () => {
    const { admin, waits } = await prepare()
    const answer = admin('GET', '/_changes?feed=continuous&timeout=1000')
    await waits(answer)
    gateway.advance(900)
    await admin('PUT', '/new', {})
    gateway.advance(900)
    expect(await waits(answer)).toBe(true)
    gateway.advance(100)
    expect((await answer).text.match(/"id":"\w+"/g)).toEqual(['"id":"old"', '"id":"new"'])
  })
})
