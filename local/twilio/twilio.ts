// A stand-in for Twilio: its calls API, its webhooks, and telephones that ring, speak and have keys.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { realClock, type Clock } from '../clock.ts'
import { listen } from '../server.ts'
import { callsApi, type CallsApi } from './calls-api.ts'
import type { SayMilliseconds } from './earpiece.ts'
import { exchange } from './exchange.ts'
import { readRequest, writeReply, type ApiReply, type ApiRequest } from './http-exchange.ts'
import type { Logins } from './login.ts'
import { phoneApi } from './phone-api.ts'
import { timers } from './timers.ts'
import { webhookSender } from './webhook.ts'

/**
 * What becomes of an API request: `refuse` drops it undone, `lose_reply` does it and drops the answer, `hang` leaves it undone and
 * unanswered; a reply is given in place of doing it.
 */
export type Intercept = (request: ApiRequest) => 'go' | 'refuse' | 'lose_reply' | 'hang' | { status: number; body: object }

export type TwilioOptions = Logins & {
  port?: number
  clock?: Clock
  /** The only numbers that may call, in E.164; without it, any. */
  callerIds?: string[]
  /** No time unless given. Keys pressed during a Say outside a Gather are lost. */
  sayMilliseconds?: SayMilliseconds
  intercept?: Intercept
}

export const twilio = async ({ port = 0, clock = realClock, callerIds, sayMilliseconds = () => 0, intercept = () => 'go', ...logins }: TwilioOptions) => {
  const ours = timers(clock)
  const webhooks = webhookSender({ authToken: logins.authToken, clock: ours })
  const calls = exchange({ accountSid: logins.accountSid, clock: ours, send: webhooks.send, sayMilliseconds })
  const server = createServer((message, response) => { void serve({ exchange: calls, logins, callerIds }, intercept, message, response) })
  const running = await listen(server, port)
  return {
    ...running,
    /** Resolves when nothing is under way that time or a person need not move. */
    settled: calls.settled,
    close: async () => {
      ours.close()
      webhooks.close()
      await running.close()
    },
  }
}

const serve = async (api: CallsApi, intercept: Intercept, message: IncomingMessage, response: ServerResponse) => {
  const request = await readRequest(message).catch(() => 'gone' as const)
  if (request === 'gone') return
  if (!request) return writeReply(response, { status: 413, json: { error: 'The body is too large.' } })
  if (/^\/phones(\/|$)/.test(request.path)) return writeReply(response, await phoneApi(api.exchange, request))
  if (!/^\/\d{4}-\d\d-\d\d\//.test(request.path)) return writeReply(response, { status: 404, json: { error: 'Here are /2010-04-01/Accounts and /phones.' } })

  const order = intercept(request)
  if (order === 'hang') return
  if (order === 'refuse') return void response.destroy()
  const reply: ApiReply = typeof order === 'object' ? { status: order.status, json: order.body } : callsApi(api, request)
  if (order === 'lose_reply') return void response.destroy()
  writeReply(response, { ...reply, headers: { ...reply.headers, 'twilio-request-id': `RQ${randomBytes(16).toString('hex')}` } })
}
