// Whatever two people and the server write in whatever order: nobody writes or reads what is not theirs, owners stay, nothing breaks.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { at, gateway } from './database.ts'
import type { Answer, Body, Database } from './database.ts'

let sync: Awaited<ReturnType<typeof gateway>>
beforeAll(async () => {
  sync = await gateway()
})
afterAll(() => sync.close())

const person = { owner: 'u::0001', other: 'u::0002' } as const
const writer = fc.constantFrom('owner', 'other', 'server')
const id = fc.constantFrom('note', 'list', 'u::0001', 'u::0002', 'signin::u::0001', 'signin::tel::x', 'U::0001', 'u::0000', 'u::3')
const member = fc.oneof(fc.constantFrom<unknown>('u::0001', 'u::0002', 'u::0000', ['u::0001'], null, 'profile'), fc.jsonValue())
const body = fc.dictionary(
  fc.oneof(fc.constantFrom('owner', 'type', 'createdAt', '_deleted', '_exp', 'hasOwnProperty', '__proto__'), fc.string({ maxLength: 5 })),
  fc.oneof(member, fc.boolean(), fc.constantFrom(0, 600)),
)
const ordinary = fc.record({ owner: fc.constantFrom('u::0001', 'u::0002'), type: fc.constant('profile'), createdAt: fc.constantFrom(1, 2) })
const write = fc.record({ writer, id, body: fc.oneof(body, ordinary), way: fc.constantFrom('put', 'delete', 'bulk', 'replicate') })
type Write = typeof write extends fc.Arbitrary<infer T> ? T : never

let attempts = 0

const send = (database: Database, write: Write, rev: string | undefined): Promise<Answer> => {
  const caller = database[write.writer]
  const [generation = '0', parent] = rev?.split('-') ?? []
  const start = Number(generation) + 1
  if (write.way === 'put') return caller('PUT', at(write.id, rev), write.body)
  if (write.way === 'delete') return caller('DELETE', at(write.id, rev))
  if (write.way === 'bulk') return caller('POST', '/_bulk_docs', { docs: [{ ...write.body, _id: write.id, ...(rev && { _rev: rev }) }] })
  // The same revision twice would be a success that changes nothing.
  const digest = `a${(attempts += 1)}`
  const revision = { _rev: `${start}-${digest}`, _revisions: { start, ids: [digest, ...(parent ? [parent] : [])] } }
  return caller('POST', '/_bulk_docs', { docs: [{ ...write.body, ...revision, _id: write.id }], new_edits: false })
}

const isTaken = ({ status, body: result }: Answer) => status < 300 && (!Array.isArray(result) || (result as Body[])[0]?.['error'] === undefined)
const isBroken = ({ status, body: result }: Answer) => {
  const inside = Array.isArray(result) ? (result as Body[]).map((one) => Number(one['status'] ?? 201)) : []
  return [status, ...inside].some((one) => one >= 500)
}

const mayWrite = (write: Write, before: Body | undefined, after: Body | undefined) => {
  if (write.writer === 'server') return /^(note|list|u::000[12]|signin::.*)$/.test(write.id)
  const self = person[write.writer]
  if (write.id.includes('::')) {
    const kept = (name: string) => before?.[name] !== undefined && before[name] === after?.[name]
    return write.id === self && kept('type') && kept('createdAt')
  }
  return (before ?? after)?.['owner'] === self
}

const mayRead = (self: string, documentId: string, after: Body) => (documentId.includes('::') ? documentId === self : after['owner'] === self)

const step = async (database: Database, write: Write) => {
  const read = async () => {
    const { status, body: found } = await database.server('GET', at(write.id))
    return status === 200 ? found : undefined
  }
  const before = await read()
  const answer = await send(database, write, before?.['_rev'] as string | undefined)
  const after = await read()
  expect(isBroken(answer)).toBe(false)
  if (isTaken(answer)) expect(mayWrite(write, before, after)).toBe(true)
  else expect(after).toEqual(before)
  if (before && after && !write.id.includes('::')) expect(after['owner']).toEqual(before['owner'])
  for (const reader of ['owner', 'other'] as const) {
    const { status } = await database[reader]('GET', at(write.id))
    expect(status === 200).toBe(after !== undefined && mayRead(person[reader], write.id, after))
  }
  return isTaken(answer)
}

test('whoever writes whatever in whatever order: nobody writes or reads what is not theirs, owners stay, nothing breaks', async () => {
  const outcomes: boolean[] = []
  await fc.assert(
    fc.asyncProperty(fc.array(write, { minLength: 10, maxLength: 30 }), async (writes) => {
      const database = await sync.open()
      for (const one of writes) outcomes.push(await step(database, one))
    }),
    { numRuns: 20 },
  )
  // Neither all taken nor all refused, or nothing was tried.
  for (const taken of [true, false]) expect(outcomes.filter((outcome) => outcome === taken).length).toBeGreaterThan(20)
}, 120_000)
