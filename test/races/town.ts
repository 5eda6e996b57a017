// A town for races: one Sync Gateway behind a turnstile, a sandbox of every function for each actor, and a phone company whose webhooks we send ourselves.
import type { Context } from 'aws-lambda'
import { randomBytes } from 'node:crypto'
import { manageAccounts } from '../../functions/manage-accounts.ts'
import { surroundings } from '../../local/surroundings.ts'
import type { Runtime } from '../../shared/runtime.ts'
import { manualClock } from '../manual-clock.ts'
import { authToken, recordingCompany, webhook } from '../recording-company.ts'
import { sandbox, type Sandbox } from '../sandbox.ts'
import { turnstile } from './turnstile.ts'

export const issuer = 'http://callgate.test'
export const actorsMax = 6

/** A sandbox, and the operator's function. */
export type Slot = Sandbox & { manage: (order: object) => Promise<unknown> }
export type Placed = { authReqId: string; matchCode: string; query: string }

export const town = async () => {
  const clock = manualClock(Date.now())
  const company = await recordingCompany()
  const around = await surroundings({ issuer, clock, given: { TWILIO_API_URL: company.url, TWILIO_AUTH_TOKEN: authToken, LOG_LEVEL: 'error' } })
  const adminUrl = around.places['sync-gateway-admin']
  const gate = await turnstile(adminUrl)
  const log: string[] = []

  const slotAt = (url: string): Slot => {
    const environment = { ...around.environment, SYNC_GATEWAY_ADMIN_URL: url }
    const runtime: Runtime = { environment: () => environment, now: clock.now, random: (bytes) => randomBytes(bytes), write: (line) => { if (line.includes('"level":"error"')) log.push(line) } }
    const operate = manageAccounts(runtime)
    return { ...sandbox(runtime), manage: (order) => operate(order, { awsRequestId: 'operator', getRemainingTimeInMillis: () => 29_000 } as Context) }
  }

  let numbers = 0
  return {
    clock,
    gate,
    /** What was logged as an error, by anybody. */
    log,
    /** For what comes before and after a race: it waits at no turnstile. */
    outside: slotAt(adminUrl),
    slots: Array.from({ length: actorsMax }, (_, actor) => slotAt(gate.entrance(actor))),
    freshNumber: () => `+1202${300 + Math.floor(++numbers / 10_000)}${String(numbers % 10_000).padStart(4, '0')}`,

    call: async ({ post }: Slot, number: string): Promise<Placed | undefined> => {
      const { status, json } = await post('call', { client_id: 'app', scope: 'openid', login_hint: number })
      return status === 200 ? { authReqId: String(json['auth_req_id']), matchCode: String(json['match_code']), query: company.queryFor(number) } : undefined
    },
    webhook: (slot: Slot, path: 'keys' | 'status', query: string, form: Record<string, string>) => webhook(slot, issuer, path, query, form),
    read: async (path: string): Promise<Record<string, unknown> | undefined> => {
      const response = await fetch(`${adminUrl}/notes/${path}`)
      return response.ok ? ((await response.json()) as Record<string, unknown>) : undefined
    },
    /** Whether a session opens the store. */
    opens: async (session: string) =>
      (await fetch(`${around.places['sync-gateway']}/notes/_changes`, { headers: { cookie: `SyncGatewaySession=${session}` } })).ok,

    close: () => Promise.all([gate.close(), company.close(), around.close()]),
  }
}

export type Town = Awaited<ReturnType<typeof town>>
