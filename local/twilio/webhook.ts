// Twilio's side of a webhook: a signed request, tried again as its URL orders.
import { randomUUID } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import type { Clock } from '../clock.ts'
import { connectionOverrides, type Failure, type Overrides } from './connection-overrides.ts'
import { sign, type Fields } from './signature.ts'

export type Method = 'GET' | 'POST'
export type Webhook = { method: Method; url: string; fields: Fields }
export type WebhookReply = { status: number; contentType: string; body: string }
/** The answer, or Twilio's code of what went wrong: no URL that can be asked, a status that is no success, no answer. */
export type WebhookResult = WebhookReply | { error: 11100 | 11200 | 11205 }

type Attempt = { method: Method; url: string; headers: Record<string, string>; body: string | undefined }
type Outcome = WebhookReply | { failure: Failure | 'over' }

export const webhookSender = ({ authToken, clock }: { authToken: string; clock: Clock }) => {
  const underWay = new Set<() => void>()

  /** Sends one webhook. Never rejects. Redirects are not followed. */
  const send = async ({ method, url: address, fields }: Webhook): Promise<WebhookResult> => {
    const { url, overrides } = connectionOverrides(address)
    if (!isWebUrl(url)) return { error: 11100 }
    const request = signed(authToken, { method, url, fields })
    const end = clock.now() + overrides.totalMilliseconds
    for (let retries = 0; ; retries += 1) {
      const outcome = await attempt(request, { ...overrides, totalMilliseconds: end - clock.now() }, clock, underWay)
      const failure = failureOf(outcome)
      if (!failure) return outcome as WebhookReply
      if (failure === 'over' || retries >= overrides.retriesMax || !overrides.retried(failure)) return { error: 'failure' in outcome ? 11205 : 11200 }
    }
  }

  return {
    send,
    /** Drops what is under way. */
    close: () => { for (const drop of underWay) drop() },
  }
}

export const isWebUrl = (url: string) => /^https?:\/\/[^/]/i.test(url) && URL.canParse(url)

const signed = (authToken: string, { method, url, fields }: Webhook): Attempt => {
  const form = new URLSearchParams(fields).toString()
  // A GET carries the fields in its query, where the signature of the URL covers them.
  const target = method === 'GET' ? `${url}${url.includes('?') ? '&' : '?'}${form}` : url
  return {
    method,
    url: target,
    headers: {
      'x-twilio-signature': sign(authToken, target, method === 'GET' ? [] : fields),
      'i-twilio-idempotency-token': randomUUID(),
      'user-agent': 'TwilioProxy/1.1',
      accept: '*/*',
      ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', 'content-length': String(Buffer.byteLength(form)) } : {}),
    },
    body: method === 'POST' ? form : undefined,
  }
}

const failureOf = (outcome: Outcome): Failure | 'over' | undefined => {
  if ('failure' in outcome) return outcome.failure
  if (outcome.status >= 500) return '5xx'
  return outcome.status >= 200 && outcome.status < 300 ? undefined : '4xx'
}

const attempt = ({ method, url, headers, body }: Attempt, limits: Overrides, clock: Clock, underWay: Set<() => void>): Promise<Outcome> =>
  new Promise((resolve) => {
    let failure: Failure | 'over' = 'ct'
    const giveUp = (reason: Failure | 'over') => () => {
      if (!request.destroyed) failure = reason
      request.destroy()
    }
    const drop = giveUp('over')
    const stopTotal = clock.after(limits.totalMilliseconds, drop)
    let stopWaiting = clock.after(limits.connectMilliseconds, giveUp('ct'))
    const wait = () => {
      stopWaiting()
      stopWaiting = clock.after(limits.readMilliseconds, giveUp('rt'))
    }
    const settle = (outcome: Outcome) => {
      stopTotal()
      stopWaiting()
      underWay.delete(drop)
      resolve(outcome)
    }
    underWay.add(drop)

    const secure = url.startsWith('https:')
    const request = (secure ? https : http).request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      wait()
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        wait()
      })
      response.on('error', () => settle({ failure }))
      response.on('end', () => settle({ status: response.statusCode ?? 0, contentType: response.headers['content-type'] ?? '', body: Buffer.concat(chunks).toString() }))
    })
    request.on('error', () => settle({ failure }))
    request.on('socket', (socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        failure = 'rt'
        wait()
      })
    })
    request.end(body)
  })
