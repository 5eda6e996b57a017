// POST /call/keys and POST /call/status: what the phone company reports of a call. The signature comes before everything else.
import { pressKeys, report, type Call, type Heard } from '../shared/call.ts'
import { change } from '../shared/change.ts'
import { configuration } from '../shared/configuration.ts'
import { openGateway, openSecrets } from '../shared/connections.ts'
import { equal } from '../shared/digest.ts'
import { http, type Request } from '../shared/http.ts'
import { lineKind, settled, type Line } from '../shared/line.ts'
import type { Metrics } from '../shared/metric.ts'
import { once } from '../shared/once.ts'
import { Refusal } from '../shared/refusal.ts'
import { lambda, nowSeconds, type Runtime } from '../shared/runtime.ts'
import { lineOf } from '../shared/sign-in-request.ts'
import { spokenLanguage } from '../shared/spoken-language.ts'
import { again, goodbye, prompt } from '../shared/twiml.ts'
import { lineId } from '../shared/user-id.ts'
import { isSigned, type WebhookForm } from '../shared/webhook-signature.ts'
import { keysUrl, webhookPaths } from '../shared/webhook.ts'

type Webhook = { handle: string; callId: string; attempt: number; form: WebhookForm }

export const receiveCallback = (runtime: Runtime) => {
  const settings = once(() => configuration(runtime.environment(), ['ISSUER', 'APP_NAME', 'MATCH_DIGITS']))
  const open = once(() => {
    const vault = openSecrets(runtime, 'line-key', 'sync-gateway', 'twilio-webhook')
    return { vault, gateway: openGateway(runtime, vault) }
  })

  /** Throws `access_denied` (403) for what the phone company did not sign, after reading the tokens again once: one may be new. */
  const authentic = async ({ body, rawQuery, header, signal }: Request, path: string): Promise<Webhook> => {
    const form = fieldsOf(body)
    const url = `${settings().ISSUER}${path}?${rawQuery}`
    const { vault } = open()
    const signed = async () => isSigned((await vault.read(signal))['twilio-webhook'].auth_tokens, url, form, header('x-twilio-signature'))
    if (!(await signed()) && !((await vault.reread(signal)) && (await signed()))) {
      throw new Refusal('access_denied', 'The X-Twilio-Signature of this request is missing or wrong.')
    }
    const query = new URLSearchParams(rawQuery)
    return { handle: query.get('line') ?? '', callId: query.get('call') ?? '', attempt: Number(query.get('attempt')), form }
  }

  /** Applies a rule to the call that a webhook is about; a call that its line no longer has stays as it is. */
  const settle = async <R>({ handle, callId }: Webhook, signal: AbortSignal, rule: (call: Call, now: number) => { call: Call; result: R }) => {
    const { vault, gateway } = open()
    const line = lineOf(handle, (await vault.read(signal))['line-key'].key)
    return change<Line, { call: Call; result: R; isNews: boolean } | undefined>(gateway, {
      id: lineId(line), kind: lineKind, signal,
      decide: (current) => {
        if (!current.call || !equal(current.call.id, callId)) return { result: undefined }
        const now = nowSeconds(runtime)
        const outcome = rule(current.call, now)
        const isNews = outcome.call !== current.call
        return { ...(isNews ? { next: settled(current, outcome.call, now) } : {}), result: { ...outcome, isNews } }
      },
    })
  }

  const keys = async (request: Request) => {
    const webhook = await authentic(request, webhookPaths.keys)
    const digits = fieldOf(webhook.form, 'Digits')
    const { result } = await settle(webhook, request.signal, (call, now) => {
      const { call: next, heard } = pressKeys(call, { attempt: webhook.attempt, digits, right: equal(digits, call.matchCode) }, now)
      return { call: next, result: heard }
    })
    const fields = { callId: webhook.callId, attempt: webhook.attempt, callState: result?.call.state ?? 'unknown', reason: result?.result ?? 'over' }
    request.log('info', 'keys_received', fields, result?.isNews ? decisions[result.result] : undefined)
    return { status: 200, xml: speech(webhook, result?.result ?? 'over', result?.call) }
  }

  const speech = ({ handle, callId, attempt }: Webhook, heard: Heard, call: Call | undefined) => {
    const { ISSUER, APP_NAME, MATCH_DIGITS } = settings()
    const language = spokenLanguage(call?.locale)
    const question = (next: number) => ({ language, digits: MATCH_DIGITS, keysUrl: keysUrl(ISSUER, { handle, callId, attempt: next }) })
    switch (heard) {
      case 'prompt': return prompt({ appName: APP_NAME, message: call?.message, ...question(attempt) })
      case 'again': return again(question(attempt + 1))
      case 'approved': return goodbye('approved', language)
      case 'denied': return goodbye('wrong', language)
      case 'reported': return goodbye('stopped', language)
      case 'over': return goodbye('over', language)
      default: return heard satisfies never
    }
  }

  const status = async (request: Request) => {
    const webhook = await authentic(request, webhookPaths.status)
    const callStatus = fieldOf(webhook.form, 'CallStatus')
    const { result } = await settle(webhook, request.signal, (call) => ({ call: report(call, callStatus), result: undefined }))
    // Completed means that somebody, or a machine, picked up; the seconds are on the bill.
    const answered = callStatus === 'completed' ? { CallsAnswered: 1, CallSeconds: wholeNumber(fieldOf(webhook.form, 'CallDuration')) } : undefined
    request.log('info', 'status_received', { callId: webhook.callId, callState: result?.call.state ?? 'unknown' }, answered)
    return { status: 204 }
  }

  return http({ name: 'receive-callback', runtime, statuses: { access_denied: 403 }, prepare: (signal) => open().vault.read(signal) }, (request) =>
    request.route.endsWith(webhookPaths.keys) ? keys(request) : status(request))
}

// A webhook that comes twice decides once.
const decisions: Partial<Record<Heard, Metrics>> = { approved: { CallsApproved: 1 }, denied: { CallsDenied: 1 }, reported: { CallsReported: 1 } }

const wholeNumber = (text: string) => (/^\d{1,6}$/.test(text) ? Number(text) : 0)

// Twilio sends some thirty fields. Whoever sends more is not Twilio, and must not have us work for it before the signature is checked.
const fieldsMax = 100

const fieldsOf = (body: string): WebhookForm => {
  const fields = new Map<string, string | string[]>()
  for (const [name, value] of new URLSearchParams(body)) {
    const before = fields.get(name)
    fields.set(name, before === undefined ? value : [before, value].flat())
    if (fields.size > fieldsMax) throw new Refusal('invalid_request', `The form may have ${fieldsMax} fields at most.`)
  }
  return Object.fromEntries(fields)
}

const fieldOf = (form: WebhookForm, name: string) => {
  const value = form[name]
  return typeof value === 'string' ? value : ''
}

export const handler = receiveCallback(lambda)
