// POST /call: OpenID CIBA's backchannel authentication endpoint. Claims the line, then makes its phone ring.
import { callSeconds, isUnderWay, pollIntervalSeconds, type Call } from '../shared/call.ts'
import { change } from '../shared/change.ts'
import { knownClient } from '../shared/client.ts'
import { configuration } from '../shared/configuration.ts'
import { openGateway, openSecrets } from '../shared/connections.ts'
import type { Form } from '../shared/form.ts'
import { http, type Request } from '../shared/http.ts'
import { lineKind, type Line } from '../shared/line.ts'
import { once } from '../shared/once.ts'
import { parsePhone } from '../shared/phone-number.ts'
import { Refusal } from '../shared/refusal.ts'
import { lambda, nowSeconds, type Runtime } from '../shared/runtime.ts'
import { authReqId, derive, handleOf, lineOf, secretHashOf } from '../shared/sign-in-request.ts'
import { twilio, type CallRefusal } from '../shared/twilio.ts'
import { prompt, spokenLanguage } from '../shared/twiml.ts'
import { lineId } from '../shared/user-id.ts'
import { keysUrl, statusUrl } from '../shared/webhook.ts'

const ringSeconds = 30
const bindingMessage = /^[\p{L}\p{N}\p{P}\p{Zs}]{1,100}$/u

export const startCall = (runtime: Runtime) => {
  const settings = once(() =>
    configuration(runtime.environment(), ['ISSUER', 'CLIENTS', 'COUNTRIES', 'APP_NAME', 'MATCH_DIGITS', 'SPEAK_BINDING_MESSAGE', 'TWILIO_API_URL', 'CALLER_ID']))
  const open = once(() => {
    const vault = openSecrets(runtime, 'token-key', 'phone-pepper', 'line-key', 'sync-gateway', 'twilio-api')
    const phoneCompany = twilio({
      apiUrl: settings().TWILIO_API_URL,
      callerId: settings().CALLER_ID,
      login: async (signal) => (await vault.read(signal))['twilio-api'],
      rereadLogin: (signal) => vault.reread(signal),
    })
    return { vault, phoneCompany, gateway: openGateway(runtime, vault) }
  })

  /** Puts the call on its line. Throws `slow_down`, the same for every number, while that line is not free. */
  const claim = (line: string, call: Call, signal: AbortSignal) =>
    change<Line, undefined>(open().gateway, {
      id: lineId(line), kind: lineKind, signal,
      decide: (current) => {
        refuseUnlessFree(current, nowSeconds(runtime))
        return { next: { ...current, call }, result: undefined }
      },
    })

  /** Frees the line of a call that never rang. */
  const release = (line: string, call: Call, signal: AbortSignal) =>
    change<Line, undefined>(open().gateway, {
      id: lineId(line), kind: lineKind, signal,
      decide: (current) =>
        current.call?.id === call.id ? { next: { ...current, call: { ...current.call, state: 'ended', reason: 'not_placed' } }, result: undefined } : { result: undefined },
    })

  const ring = async (to: string, handle: string, call: Call, message: string | undefined, signal: AbortSignal) => {
    const { ISSUER, APP_NAME, MATCH_DIGITS } = settings()
    const keys = keysUrl(ISSUER, { handle, callId: call.id, attempt: call.attempt })
    const twiml = prompt({ appName: APP_NAME, message, language: spokenLanguage(call.locale), digits: MATCH_DIGITS, keysUrl: keys })
    return open().phoneCompany.placeCall({ to, twiml, statusCallback: statusUrl(ISSUER, { handle, callId: call.id }), ringSeconds, talkSecondsMax: callSeconds }, signal)
  }

  return http({ name: 'start-call', runtime, statuses: { access_denied: 403, slow_down: 429 } }, async ({ form, signal, log }: Request) => {
    const { CLIENTS, COUNTRIES, MATCH_DIGITS, SPEAK_BINDING_MESSAGE } = settings()
    const { client, phone, locale, message } = read(form(), CLIENTS, COUNTRIES)
    const { vault } = open()
    const secrets = await vault.read(signal)
    const tokenKey = secrets['token-key'].keys[0] ?? ''
    const handle = handleOf(phone.number, secrets['phone-pepper'].key)
    const line = lineOf(handle, secrets['line-key'].key)
    const { secret, matchCode } = derive({ tokenKey, line, client, seed: runtime.random(32).toString('base64url'), matchDigits: MATCH_DIGITS })
    const call: Call = {
      id: runtime.random(16).toString('base64url'),
      client,
      scope: 'openid',
      secretHash: secretHashOf(secret),
      matchCode,
      lastDigits: phone.lastDigits,
      locale,
      attempt: 1,
      expires: nowSeconds(runtime) + callSeconds,
      state: 'pending',
    }
    await claim(line, call, signal)
    const placement = await ring(phone.number, handle, call, SPEAK_BINDING_MESSAGE ? message : undefined, signal).catch(async (error: unknown) => {
      await release(line, call, signal)
      throw error
    })
    if (typeof placement === 'object') {
      log('warn', 'call_refused', { callId: call.id, reason: placement.refused, code: String(placement.code) })
      await release(line, call, signal)
      throw refusalFor(placement.refused)
    }
    log('info', 'call_started', { callId: call.id, country: phone.country, reason: placement })
    return {
      status: 200,
      json: { auth_req_id: authReqId({ handle, secret }), expires_in: callSeconds, interval: pollIntervalSeconds, match_code: matchCode },
    }
  })
}

/** CIBA Core 1.0 section 7.1. Throws the Refusal of the first thing that is wrong. */
const read = (form: Form, clients: string[], countries: string[]) => {
  const client = knownClient(form, clients)
  if (!(form.required('scope')).split(' ').includes('openid')) throw new Refusal('invalid_scope', 'The scope must contain openid.')
  for (const hint of ['login_hint_token', 'id_token_hint']) {
    if (form.optional(hint) !== undefined) throw new Refusal('invalid_request', 'Say whom to call by login_hint alone: a phone number.')
  }
  const message = form.optional('binding_message')
  if (message !== undefined && !bindingMessage.test(message)) {
    throw new Refusal('invalid_binding_message', 'The binding_message may have 100 letters, digits, spaces and punctuation marks at most.')
  }
  const phone = parsePhone(form.required('login_hint'))
  if (!phone) {
    throw new Refusal('invalid_request', 'The login_hint must be a phone number in international form, such as +12025550123 (in a form, the plus sign is written %2B).')
  }
  const { country } = phone
  if (!country || !countries.includes(country)) throw new Refusal('access_denied', 'Phone numbers of this country are not called.')
  return { client, phone: { ...phone, country }, locale: spokenLanguage(form.optional('ui_locales')), message }
}

const refuseUnlessFree = (line: Line, now: number) => {
  const busyUntil = line.call && isUnderWay(line.call, now) ? line.call.expires : 0
  const until = Math.max(busyUntil, line.quietUntil ?? 0)
  if (until <= now) return
  throw new Refusal('slow_down', 'This number is being called, or wants no calls for now. Try again later.', { retryAfterSeconds: until - now })
}

const refusalFor = (refused: CallRefusal) => {
  switch (refused) {
    case 'invalid_number': return new Refusal('invalid_request', 'This phone number cannot be called. Check it.')
    case 'not_allowed': return new Refusal('access_denied', 'This phone number may not be called from here.')
    case 'too_many': return new Refusal('temporarily_unavailable', 'Too many calls are waiting. Try again in a few seconds.', { retryAfterSeconds: 5 })
    case 'not_placed': return new Refusal('temporarily_unavailable', 'The call could not be placed. Try again later.', { retryAfterSeconds: 60 })
    default: return refused satisfies never
  }
}

export const handler = startCall(lambda)
