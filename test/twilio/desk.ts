// A stand-in with a standing clock and an app behind its webhooks, for one test at a time.
import { createServer, type ServerResponse } from 'node:http'
import { afterEach } from '@jest/globals'
import { listen } from '../../local/server.ts'
import { twilio, type TwilioOptions } from '../../local/twilio/twilio.ts'
import { manualClock } from '../manual-clock.ts'
import { webhooks } from './package.ts'

export const logins = { accountSid: `AC${'a'.repeat(32)}`, apiKeySid: `SK${'b'.repeat(32)}`, apiKeySecret: 'api-key-secret', authToken: 'c'.repeat(32) }
export const number = '+12025550123'
export const calls = `/2010-04-01/Accounts/${logins.accountSid}/Calls.json`

export type Asked = { method: string; url: string; form: Record<string, string>; headers: Record<string, unknown>; isSigned: boolean }
/** TwiML, or what to do with the response. */
export type AppAnswer = string | ((response: ServerResponse, asked: Asked) => void)
export type PhoneView = { state: string; said: string[]; status?: string; listening?: boolean; language?: string; error?: number; call_sid?: string; next?: string }

const open: (() => Promise<void>)[] = []
afterEach(async () => { for (const close of open.splice(0)) await close() })

export const desk = async (options: Partial<TwilioOptions> = {}) => {
  const clock = manualClock()
  const app = await appServer()
  const company = await twilio({ ...logins, clock, ...options })
  open.push(company.close, app.close)
  const send = async (method: string, path: string, { form, headers = {} }: { form?: Record<string, string> | [string, string][]; headers?: Record<string, string> } = {}) => {
    const response = await fetch(company.url + path, { method, headers, ...(form ? { body: new URLSearchParams(form) } : {}) })
    const text = await response.text()
    return { status: response.status, headers: response.headers, json: (text ? JSON.parse(text) : undefined) as never }
  }
  const api = (method: string, path = calls, form?: Record<string, string> | [string, string][]) =>
    send(method, path, { ...(form ? { form } : {}), headers: { authorization: basic(logins.apiKeySid, logins.apiKeySecret) } })
  const view = async (phone = number) => (await send('GET', `/phones/${phone}`)).json as PhoneView

  return {
    url: company.url,
    app,
    clock,
    send,
    api,
    view,
    /** Places a call, to the usual number unless the form says otherwise, and answers its sid. */
    place: async (form: Record<string, string>) => {
      const { status, json } = await api('POST', calls, { To: number, From: '+12025550100', StatusCallback: `${app.url}/status`, ...form })
      if (status !== 201) throw new Error(JSON.stringify(json))
      return (json as { sid: string }).sid
    },
    /** Does something with the telephone, and answers how it then is. */
    act: async (what: string, form?: Record<string, string>, phone = number) => (await send('POST', `/phones/${phone}/${what}`, form ? { form } : {})).json as PhoneView,
    /** Lets time pass, and everything that then happens happen. */
    pass: async (seconds: number) => {
      clock.advance(seconds * 1_000)
      await company.settled()
      return view()
    },
    settled: company.settled,
    close: company.close,
  }
}

export const basic = (user: string, secret: string) => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`

const appServer = async () => {
  const asked: Asked[] = []
  const answers: Record<string, AppAnswer[]> = {}
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => { body += chunk.toString() })
    request.on('end', () => {
      const { method = '', headers, url = '' } = request
      const form = Object.fromEntries(new URLSearchParams(body))
      const signature = String(headers['x-twilio-signature'])
      const one = { method, url, form, headers, isSigned: webhooks.validateRequest(logins.authToken, signature, `http://${headers.host}${url}`, form) }
      asked.push(one)
      const queue = answers[url.split('?')[0]!] ?? []
      const answer = (queue.length > 1 ? queue.shift() : queue[0]) ?? '<Response/>'
      if (typeof answer === 'string') response.writeHead(200, { 'content-type': 'text/xml' }).end(answer)
      else answer(response, one)
    })
  })
  const running = await listen(server, 0)
  return {
    ...running,
    /** Every webhook, in the order in which they came. */
    asked,
    on: (path: string) => asked.filter(({ url }) => url.split('?')[0] === path),
    /** The answers to come on a path; the last one stays. */
    answer: (path: string, ...given: AppAnswer[]) => { answers[path] = given },
  }
}
