// A fresh database with the sync function, on the stand-in or, when its two URLs are given, on a real Sync Gateway; and who calls it.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as pass } from 'node:timers/promises'
import { syncGateway } from '../../local/sync-gateway/sync-gateway.ts'

export const syncFunction = readFileSync(`${import.meta.dirname}/../../sync-gateway/sync-function.js`, 'utf8')

export type Body = Record<string, unknown>
export type Answer = { status: number; body: Body & Body[] }
export type Caller = (method: string, path: string, body?: unknown, accept?: string) => Promise<Answer>
export type Writer = 'owner' | 'other' | 'visitor' | 'server'
export const writers: Writer[] = ['owner', 'other', 'visitor', 'server']

const { SYNC_GATEWAY_ADMIN_URL: realAdmin, SYNC_GATEWAY_PUBLIC_URL: realPublic } = process.env

export const gateway = async () => {
  const { adminUrl, publicUrl, close } =
    realAdmin && realPublic ? { adminUrl: realAdmin, publicUrl: realPublic, close: async () => {} } : await syncGateway({})
  const open = async (config: Body = {}) => {
    const name = `sync${randomUUID().slice(0, 8)}`
    const needed = realAdmin ? { bucket: name, num_index_replicas: 0, use_views: true } : {}
    const server = caller(`${adminUrl}/${name}`)
    expectStatus(await server('PUT', '/', { sync: syncFunction, import_docs: true, ...config, ...needed }), 201)
    for (let tries = 0; (await server('GET', '/')).body['state'] !== 'Online' && tries < 100; tries += 1) await pass(50)
    const person = async (user: string, channels: string[]) => {
      expectStatus(await server('POST', '/_user/', { name: user, password: randomUUID(), admin_channels: channels }), 201)
      const { body } = await server('POST', '/_session', { name: user })
      return caller(`${publicUrl}/${name}`, `SyncGatewaySession=${String(body['session_id'])}`)
    }
    const callers: Record<Writer, Caller> = {
      server,
      owner: await person('u-0001', ['u::0001']),
      other: await person('u-0002', ['u::0002']),
      visitor: await person('visitor', ['news']),
    }
    return { ...callers, person, guest: caller(`${publicUrl}/${name}`) }
  }
  return { open, close, adminUrl }
}

export type Database = Awaited<ReturnType<Awaited<ReturnType<typeof gateway>>['open']>>

const caller =
  (url: string, cookie?: string): Caller =>
  async (method, path, body, accept = 'application/json') => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { accept, ...(cookie && { cookie }), ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: (text === '' ? {} : accept === 'application/json' ? JSON.parse(text) : { text }) as Answer['body'] }
  }

const expectStatus = (answer: Answer, status: number) => {
  if (answer.status !== status) throw new Error(`Expected ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`)
}

/** Where a document is. The revision is the one that the write replaces. */
export const at = (id: string, rev?: string) => `/${encodeURIComponent(id)}${rev === undefined ? '' : `?rev=${rev}`}`

/** Writes as the server, over what is there, and answers the revision. */
export const seed = async (database: Database, id: string, body: Body) => {
  const { body: old } = await database.server('GET', at(id))
  const answer = await database.server('PUT', at(id, old['_rev'] as string | undefined), body)
  expectStatus(answer, 201)
  return String(answer.body['rev'])
}

/** Deletes as the server. */
export const erase = async (database: Database, id: string) => {
  const { body } = await database.server('GET', at(id))
  expectStatus(await database.server('DELETE', at(id, String(body['_rev']))), 200)
}

export const status = async (answer: Promise<Answer>) => (await answer).status
