// Writing with a revision that the writer chose (`new_edits=false`): safe to repeat, and a compare-and-set all the same.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { member, said, saidInTurn, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

/** `history` is newest first, as `generation-digest`. */
const bodyOf = (history: string[], more: object = {}) => ({
  ...more, _rev: history[0], _revisions: { start: Number(history[0]?.split('-')[0]), ids: history.map((revision) => revision.slice(revision.indexOf('-') + 1)) },
})

const prepare = async () => {
  const db = await gateway.database()
  const put = (history: string[], more?: object) => db.admin('PUT', '/doc?new_edits=false', bodyOf(history, more))
  const first = String(member((await db.admin('PUT', '/doc', { n: 1 })).body, 'rev'))
  return { ...db, put, first }
}

describe('a chosen revision', () => {
  test('is taken, and taken again without effect', async () => {
    const { put, first, sequence } = await prepare()
    expect(await saidInTurn(() => put(['2-mine', first], { n: 2 }), () => put(['2-mine', first], { n: 2 }))).toEqual(['201', '201'])
    expect(await sequence()).toBe(2)
  })

  test('is still taken as done when others went on from it', async () => {
    const { admin, put, first } = await prepare()
    await put(['2-mine', first], { n: 2 })
    await admin('PUT', '/doc?rev=2-mine', { n: 3 })
    expect(said(await put(['2-mine', first], { n: 2 }))).toBe('201')
    expect((await admin('GET', '/doc')).body).toMatchObject({ n: 3 })
  })

  test('loses to another on the same parent', async () => {
    const { admin, put, first } = await prepare()
    await put(['2-mine', first], { n: 2 })
    expect(said(await put(['2-yours', first], { n: 3 }))).toBe('409 Document revision conflict')
    expect((await admin('GET', '/doc')).body).toMatchObject({ n: 2, _rev: '2-mine' })
  })

  test('may skip generations, if its history leads to the current one', async () => {
    const { admin, put, first } = await prepare()
    expect(said(await put(['4-d', '3-c', '2-b', first], { n: 4 }))).toBe('201')
    expect((await admin('GET', '/doc?revs=true')).body).toMatchObject({ _revisions: { start: 4, ids: ['d', 'c', 'b', first.slice(2)] } })
    expect(said(await admin('GET', '/doc?rev=3-c'))).toBe('404 missing')
  })

  test('with an unknown history is a conflict', async () => {
    const { put } = await prepare()
    expect(await saidInTurn(() => put(['2-b', '1-a'], {}), () => put(['1-a'], {}))).toEqual(Array(2).fill('409 Document revision conflict'))
  })

  test('creates a document, at any generation', async () => {
    const { admin } = await gateway.database()
    expect(said(await admin('PUT', '/new?new_edits=false', bodyOf(['5-e', '4-d'])))).toBe('201')
    expect((await admin('GET', '/new')).body).toMatchObject({ _rev: '5-e' })
  })

  test('keeps an expiry that is none as content', async () => {
    const { admin } = await gateway.database()
    expect(said(await admin('PUT', '/doc?new_edits=false', { ...bodyOf(['1-a']), _exp: 'soon' }))).toBe('201')
    expect((await admin('GET', '/doc?show_exp=true')).body).toMatchObject({ _exp: 'soon' })
  })

  test.each([['no _revisions and no _rev', {}], ['a _revisions without start', { _revisions: { ids: ['a'] } }], ['an empty list', { _revisions: { start: 1, ids: [] } }]])('with %s is a 400', async (_what, body) => {
    const { admin } = await gateway.database()
    expect((await admin('PUT', '/doc?new_edits=false', body)).status).toBe(400)
  })
})

describe('over a tombstone', () => {
  const gone = async () => {
    const db = await prepare()
    const tombstone = String(member((await db.admin('DELETE', `/doc?rev=${db.first}`)).body, 'rev'))
    return { ...db, tombstone }
  }

  test('a first revision without ancestors begins anew, once', async () => {
    const { admin, put } = await gone()
    expect(await saidInTurn(() => put(['1-mine'], { n: 1 }), () => put(['1-mine'], { n: 1 }), () => put(['1-yours'], { n: 2 }))).toEqual(['201', '201', '409 Document revision conflict'])
    expect((await admin('GET', '/doc')).body).toMatchObject({ n: 1, _rev: '1-mine' })
  })

  test('so does the child of the tombstone, but not a child of what was before it', async () => {
    const { put, tombstone, first } = await gone()
    expect(said(await put(['2-b', first], {}))).toBe('409 Document revision conflict')
    expect(said(await put(['3-c', tombstone, first], {}))).toBe('201')
  })

  test('another tombstone without ancestors is a conflict', async () => {
    const { put } = await gone()
    expect(said(await put(['1-mine'], { _deleted: true }))).toBe('409 Document revision conflict')
  })
})
