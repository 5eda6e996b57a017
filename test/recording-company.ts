// A phone company that takes every call, never rings, and remembers what it was to call back: for tests that send its webhooks themselves.
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { listen } from '../local/server.ts'
import type { Answer, Sandbox } from './sandbox.ts'

export const authToken = 'the-token'

export const recordingCompany = async () => {
  const queries = new Map<string, string>()
  let calls = 0
  const running = await listen(createServer((request, response) => {
    void text(request).then((body) => {
      const form = new URLSearchParams(body)
      calls += 1
      queries.set(form.get('To') ?? '', new URL(form.get('StatusCallback') ?? '').search.slice(1))
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"sid":"CA0"}')
    })
  }), 0)

  return {
    ...running,
    calls: () => calls,
    /** Of the status webhook of the last call to this number; the one for keys has the attempt as well. */
    queryFor: (number: string) => queries.get(number) ?? '',
  }
}

export type WebhookPath = 'keys' | 'status'

const signed = (issuer: string, path: WebhookPath, query: string, form: Record<string, string>) => ({
  headers: { 'x-twilio-signature': getExpectedTwilioSignature(authToken, `${issuer}/call/${path}?${query}`, form) },
  body: new URLSearchParams(form).toString(),
})

/** A webhook, signed as the phone company does it, for the function itself. */
export const webhook = ({ send }: Sandbox, issuer: string, path: WebhookPath, query: string, form: Record<string, string>): Promise<Answer> =>
  send({ route: `POST /call/${path}`, query, ...signed(issuer, path, query, form) })

/** The same over HTTP. */
export const webhookOverHttp = (url: string, path: WebhookPath, query: string, form: Record<string, string>) => {
  const { headers, body } = signed(url, path, query, form)
  return fetch(`${url}/call/${path}?${query}`, { method: 'POST', headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' }, body })
}
