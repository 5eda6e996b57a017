// A poll that waits while the changes feed fails, each way that there is: it is answered as an ordinary poll, and never with a 5xx for a mere wait.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { app, ciba, type Answer, type App } from '../app.ts'
import { faultyServer, type Fault } from '../faulty-server.ts'
import { manualClock } from '../manual-clock.ts'
import { world, type World } from '../world.ts'

const clock = manualClock(Date.now())
let here: World
let person: App
let around: Awaited<ReturnType<typeof faultyServer>>
let next: Parameters<typeof faultyServer>[1] = () => 'go'
beforeAll(async () => {
  here = await world({ clock })
  around = await faultyServer(here.places['sync-gateway-admin'], (request) => next(request))
  here.environment['SYNC_GATEWAY_ADMIN_URL'] = around.url
  person = app(here)
})
afterAll(() => Promise.all([here.close(), around.close()]))
beforeEach(() => {
  next = () => 'go'
  here.log.length = 0
})

let used = 100
const ringing = async () => {
  const number = `+1202555${String(++used).padStart(4, '0')}`
  const { json } = await person.call(number)
  return { authReqId: json['auth_req_id'], keyIn: () => person.phone(number).keys(String(json['match_code'])) }
}
const waiting = (authReqId: unknown) => person.post('/token', { client_id: 'app', grant_type: ciba, auth_req_id: String(authReqId) }, { prefer: 'wait=20' })
const told = ({ status, json, headers }: Answer) => [status, json['error'] ?? json['token_type'], headers.get('preference-applied')]
const reported = () => here.log.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ event }) => event === 'upstream_failed').map(({ operation, failure, UpstreamErrors }) => [operation, failure, UpstreamErrors])
const on = (kind: 'filter=_doc_ids' | 'feed=longpoll', ...faults: Fault[]) => {
  next = ({ path }) => (path.includes(kind) ? (faults.length > 1 ? faults.shift() : faults[0]) ?? 'go' : 'go')
}

const ways: [Fault, string][] = [['refuse', 'lost_reply'], ['cut', 'lost_reply'], ['nonsense', 'unexpected'], [400, 'unexpected'], [404, 'unexpected'], [401, 'login_refused'], [429, 'unavailable'], [500, 'unavailable'], [503, 'unavailable']]

describe.each(ways)('a feed that answers with %s', (fault, failure) => {
  test('while it should wait makes the poll an ordinary one, which must keep its pace, and is told to the operator', async () => {
    const { authReqId, keyIn } = await ringing()
    on('feed=longpoll', fault)
    expect(told(await waiting(authReqId))).toEqual([400, 'authorization_pending', null])
    expect(reported()).toEqual([['nextSighting', failure, 1]])
    expect(told(await waiting(authReqId))).toEqual([400, 'slow_down', null])
    await keyIn()
    expect(told(await waiting(authReqId))).toEqual([200, 'Bearer', null])
  })

  test('when the line is read makes the poll an ordinary one', async () => {
    const { authReqId, keyIn } = await ringing()
    on('filter=_doc_ids', fault)
    expect(told(await waiting(authReqId))).toEqual([400, 'authorization_pending', null])
    expect(reported()).toEqual([['readSighting', failure, 1]])
    await keyIn()
    expect(told(await waiting(authReqId))).toEqual([200, 'Bearer', null])
  })
})

test('a lost reading of the line is asked for again, and then it waits', async () => {
  const { authReqId, keyIn } = await ringing()
  on('filter=_doc_ids', 'lose_reply', 'go')
  const answer = waiting(authReqId)
  await keyIn()
  expect((await answer).status).toBe(200)
  expect(reported()).toEqual([])
})

test('a database that is taken offline ends the wait, and the next poll keeps its pace', async () => {
  const { authReqId } = await ringing()
  const watching = Promise.withResolvers<void>()
  next = ({ path }) => {
    if (path.includes('feed=longpoll')) setImmediate(watching.resolve)
    return 'go'
  }
  const answer = waiting(authReqId)
  await watching.promise
  await fetch(`${here.places['sync-gateway-admin']}/notes/_config`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
  expect(told(await answer)).toEqual([400, 'authorization_pending', null])
  expect(reported()).toEqual([])
})

test('a Sync Gateway that is down altogether is a 503, as for any poll', async () => {
  const { authReqId } = await ringing()
  next = () => 503
  expect((await waiting(authReqId)).status).toBe(503)
})
