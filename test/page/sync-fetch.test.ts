// What the page mends between PouchDB and Sync Gateway: the root that no page may read, the version that PouchDB refuses, the 401 that no page sees.
import { describe, expect, test } from '@jest/globals'
import { syncFetch } from '../../local/page/sync-fetch.ts'

const syncUrl = 'http://localhost:4984/notes'
const down = new TypeError('Failed to fetch')

type Asked = { url: string; mode: string | undefined; credentials: string | undefined }

/** A network that answers, or fails, by URL and mode. */
const network = (answer: (asked: Asked) => Response | undefined) => {
  const asked: Asked[] = []
  const ask: typeof fetch = (input, init) => {
    const one = { url: input instanceof Request ? input.url : String(input), mode: init?.mode, credentials: init?.credentials }
    asked.push(one)
    const response = answer(one)
    return response ? Promise.resolve(response) : Promise.reject(down)
  }
  return { asked, sync: syncFetch(syncUrl, ask) }
}

describe('the fetch of PouchDB', () => {
  test('sends the cookie, and gives back what came', async () => {
    const { asked, sync } = network(() => Response.json({ _id: 'a', _cv: '1@x' }))
    expect(await (await sync(`${syncUrl}/a`, { mode: 'cors' })).json()).toEqual({ _id: 'a', _cv: '1@x' })
    expect(asked).toEqual([{ url: `${syncUrl}/a`, mode: 'cors', credentials: 'include' }])
  })

  test('takes _cv from the revisions that a replication asks for, and nothing that looks like it inside', async () => {
    const note = { _id: 'a', _rev: '1-a', text: '"_cv":', inner: { _cv: 'mine' } }
    const { sync } = network(() => Response.json([{ ok: { ...note, _cv: '1@x' } }, { missing: '1-b' }]))
    expect(await (await sync(`${syncUrl}/a?revs=true&open_revs=${encodeURIComponent('["1-a"]')}`)).json()).toEqual([{ ok: note }, { missing: '1-b' }])
  })

  test('leaves a refusal of such a request as it is', async () => {
    const { sync } = network(() => Response.json({ error: 'not_found' }, { status: 404 }))
    const response = await sync(`${syncUrl}/a?open_revs=all`)
    expect([response.status, await response.json()]).toEqual([404, { error: 'not_found' }])
  })

  test('never asks for the root of the server', async () => {
    const { asked, sync } = network(() => undefined)
    expect(await (await sync('http://localhost:4984/')).json()).toEqual({})
    expect(asked).toEqual([])
  })
})

describe('an answer that no page may read', () => {
  test('is a session that has ended, if the server answers and lets this page read nothing', async () => {
    const { asked, sync } = network(({ mode }) => (mode === 'no-cors' ? Response.json({}) : undefined))
    const response = await sync(`${syncUrl}/_changes`)
    expect([response.status, await response.json()]).toEqual([401, { error: 'unauthorized', reason: 'The session has ended.' }])
    expect(asked.map(({ mode }) => mode)).toEqual([undefined, 'cors', 'no-cors'])
  })

  test.each([
    ['a network that is down, if nothing answers', () => undefined],
    ['a moment that is over, if this page can read again', ({ mode }: Asked) => (mode === undefined ? undefined : Response.json({}))],
  ])('is %s', async (_, answer) => {
    await expect(network(answer).sync(`${syncUrl}/_changes`)).rejects.toBe(down)
  })

  test('is nothing to ask about when PouchDB itself has stopped', async () => {
    const { asked, sync } = network(({ mode }) => (mode === 'no-cors' ? Response.json({}) : undefined))
    await expect(sync(`${syncUrl}/_changes`, { signal: AbortSignal.abort() })).rejects.toBe(down)
    expect(asked).toHaveLength(1)
  })
})
