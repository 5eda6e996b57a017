// POST /call: OpenID CIBA's backchannel authentication endpoint. Claims the line, then makes its phone ring.
import { callSeconds, isUnderWay, pollIntervalSeconds, type Call } from '../shared/call.ts'
import { readCallRequest, type CallRequest } from '../shared/call-request.ts'
import { change } from '../shared/change.ts'
import { configuration } from '../shared/configuration.ts'
import { openGateway, openSecrets } from '../shared/connections.ts'
import { equal, firstKey, hashed, keyed } from '../shared/digest.ts'
import { http, type Reply, type Request } from '../shared/http.ts'
import { limits } from '../shared/limits.ts'
import { lineKind, type Line } from '../shared/line.ts'
import { openCounter } from '../shared/numbers.ts'
import { once } from '../shared/once.ts'
import { Refusal } from '../shared/refusal.ts'
import { lambda, nowSeconds, type Runtime } from '../shared/runtime.ts'
import { authReqId, derive, handleOf, lineOf, secretHashOf } from '../shared/sign-in-request.ts'
import { spokenLanguage } from '../shared/spoken-language.ts'
import type { Document } from '../shared/sync-gateway.ts'
import { twilio, type CallRefusal } from '../shared/twilio.ts'
import { prompt } from '../shared/twiml.ts'
import { lineId } from '../shared/user-id.ts'
import { keysUrl, statusUrl } from '../shared/webhook.ts'

const ringSeconds = 30
const releaseMilliseconds = 1_000

/** A call as it will be, with what only the app gets. */
type Planned = { call: Call; secret: string; handle: string; line: string; isTest: boolean }
/** What is answered: of this call, or of the one before that the same key asked for. */
type Answered = { secret: string; matchCode: string; expires: number }

export const startCall = (runtime: Runtime) => {
  const settings = once(() =>
    configuration(runtime.environment(), ['ISSUER', 'CLIENTS', 'COUNTRIES', 'APP_NAME', 'MATCH_DIGITS', 'SPEAK_BINDING_MESSAGE', 'TWILIO_API_URL', 'CALLER_ID']))
  const open = once(() => {
    const vault = openSecrets(runtime, 'token-key', 'phone-pepper', 'line-key', 'sync-gateway', 'twilio-api')
    const testVault = openSecrets(runtime, 'test-numbers')
    const phoneCompany = twilio({
      apiUrl: settings().TWILIO_API_URL,
      callerId: settings().CALLER_ID,
      login: async (signal) => (await vault.read(signal))['twilio-api'],
      rereadLogin: (signal) => vault.reread(signal),
    })
    const { LIMIT_ADDRESS, LIMIT_NUMBER, LIMIT_COUNTRY, LIMIT_TOTAL } = configuration(runtime.environment(), ['LIMIT_ADDRESS', 'LIMIT_NUMBER', 'LIMIT_COUNTRY', 'LIMIT_TOTAL'])
    const counted = { address: LIMIT_ADDRESS, number: LIMIT_NUMBER, country: LIMIT_COUNTRY, total: LIMIT_TOTAL }
    const limited = (key: string) => limits({ counter: openedCounter(), limits: counted, key, now: runtime.now })
    const openedCounter = once(() => openCounter(runtime))
    const isCounted = Object.values(counted).some((windows) => windows.length > 0)
    const readCounterLogin = async (signal: AbortSignal) => (isCounted ? openedCounter().readLogin(signal) : undefined)
    const prepare = async (signal: AbortSignal) => {
      await Promise.all([vault.read(signal), readCounterLogin(signal)])
      // Only then: while it loads, nothing else is heard.
      if (isCounted) await openedCounter().load()
    }
    return { vault, testVault, readCounterLogin, prepare, phoneCompany, gateway: openGateway(runtime, vault), limited }
  })

  const plan = async (asked: CallRequest, signal: AbortSignal): Promise<Planned & { lineKey: string; tokenKeys: string[] }> => {
    const { vault, testVault, readCounterLogin } = open()
    const [secrets, tests] = await Promise.all([vault.read(signal), asked.userCode === undefined ? undefined : testVault.read(signal), readCounterLogin(signal)])
    const { client, phone, locale, jkt, idempotencyKey, ...others } = asked
    const handle = handleOf(phone.number, secrets['phone-pepper'].key)
    const lineKey = secrets['line-key'].key
    const line = lineOf(handle, lineKey)
    const tokenKeys = secrets['token-key'].keys
    const seed = idempotencyKey ?? runtime.random(32).toString('base64url')
    const { secret, matchCode } = derive(firstKey(tokenKeys), { line, client, jkt, seed }, settings().MATCH_DIGITS)
    const isTest = tests !== undefined && isTestNumber(asked, tests['test-numbers'])
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
      state: isTest ? 'approved' : 'pending',
      ...(settings().SPEAK_BINDING_MESSAGE && others.bindingMessage !== undefined ? { message: others.bindingMessage } : {}),
      ...(jkt === undefined ? {} : { jkt }),
      ...(idempotencyKey === undefined ? {} : { idempotency: { keyHash: hashed(idempotencyKey), parametersHash: keyed(lineKey, 'parameters', JSON.stringify({ client, locale, jkt, ...others })) } }),
    }
    return { call, secret, handle, line, isTest, lineKey, tokenKeys }
  }

  /** The answer that the same Idempotency-Key got, as long as that call is remembered. Throws `invalid_request` if other parameters came with it. */
  const answeredBefore = ({ call: before, redeemed }: Line, { client, jkt, idempotencyKey }: CallRequest, { call, line, tokenKeys }: Planned & { tokenKeys: string[] }): Answered | undefined => {
    const last = before ?? redeemed
    if (!idempotencyKey || !call.idempotency || !last?.idempotency || nowSeconds(runtime) >= last.expires) return undefined
    if (!equal(last.idempotency.keyHash, call.idempotency.keyHash)) return undefined
    if (last.idempotency.parametersHash !== call.idempotency.parametersHash) throw new Refusal('invalid_request', 'This Idempotency-Key came with other parameters before.')
    // What never rang was answered with an error, and is asked for again.
    if (before?.state === 'ended' && before.reason === 'not_placed') return undefined
    const { MATCH_DIGITS } = settings()
    const made = tokenKeys.map((key) => derive(key, { line, client, jkt, seed: idempotencyKey }, MATCH_DIGITS)).find(({ secret }) => equal(secretHashOf(secret), last.secretHash))
    return made && { ...made, expires: last.expires }
  }

  /** Puts the call on its line. Throws `slow_down`, the same for every number, while that line is not free. */
  const claim = (asked: CallRequest, planned: Planned & { tokenKeys: string[] }, known: Document | undefined, signal: AbortSignal) =>
    change<Line, Answered | undefined>(open().gateway, {
      id: lineId(planned.line), kind: lineKind, known, signal,
      decide: (current) => {
        const before = answeredBefore(current, asked, planned)
        if (before) return { result: before }
        refuseUnlessFree(current, nowSeconds(runtime))
        return { next: { ...current, call: planned.call }, result: undefined }
      },
    })

  /** Frees the line of a call that never rang, in a little time of its own where that of the invocation is over. */
  const release = ({ line, call }: Planned, signal: AbortSignal) =>
    change<Line, undefined>(open().gateway, {
      id: lineId(line), kind: lineKind, signal: signal.aborted ? AbortSignal.timeout(releaseMilliseconds) : signal,
      decide: (current) =>
        current.call?.id === call.id ? { next: { ...current, call: { ...current.call, state: 'ended', reason: 'not_placed' } }, result: undefined } : { result: undefined },
    })

  const ring = async ({ phone: { number, country } }: CallRequest, planned: Planned, { signal, log }: Request) => {
    const { ISSUER, APP_NAME, MATCH_DIGITS } = settings()
    const { handle, call } = planned
    const keys = keysUrl(ISSUER, { handle, callId: call.id, attempt: call.attempt })
    const twiml = prompt({ appName: APP_NAME, message: call.message, language: spokenLanguage(call.locale), digits: MATCH_DIGITS, keysUrl: keys })
    const statusCallback = statusUrl(ISSUER, { handle, callId: call.id })
    const placement = await open().phoneCompany.placeCall({ to: number, twiml, statusCallback, ringSeconds, talkSecondsMax: callSeconds - ringSeconds }, signal).catch(async (error: unknown) => {
      await release(planned, signal)
      throw error
    })
    if (typeof placement === 'object') {
      log('warn', 'call_refused', { callId: call.id, reason: placement.refused, code: String(placement.code) })
      await release(planned, signal)
      throw refusalFor(placement.refused)
    }
    log('info', 'call_started', { callId: call.id, country, reason: placement }, { CallsStarted: 1 })
  }

  const answer = ({ handle }: Planned, { secret, matchCode, expires }: Answered): Reply => ({
    status: 200,
    json: { auth_req_id: authReqId({ handle, secret }), expires_in: expires - nowSeconds(runtime), interval: pollIntervalSeconds, match_code: matchCode },
  })

  return http({ name: 'start-call', runtime, statuses: { access_denied: 403, slow_down: 429 }, prepare: (signal) => open().prepare(signal) }, async (request) => {
    const { signal, sourceIp: address, log } = request
    const asked = readCallRequest(request.form(), request.header('idempotency-key'), settings())
    const planned = await plan(asked, signal)
    const { call, secret, line, lineKey, isTest } = planned
    const limited = open().limited(lineKey)
    if (asked.userCode !== undefined && !isTest) {
      await limited.countGuess(address, { signal, log })
      throw new Refusal('invalid_user_code', 'This user_code is not the one of this number.')
    }
    const document = await open().gateway.readDocument(lineId(line), signal)
    const current = lineKind.read(document)
    if (!answeredBefore(current, asked, planned)) {
      refuseUnlessFree(current, nowSeconds(runtime))
      if (!isTest) await limited.count({ line, address, country: asked.phone.country }, { signal, log })
    }
    const { result: before } = await claim(asked, planned, document, signal)
    if (!before && !isTest) await ring(asked, planned, request)
    return answer(planned, before ?? { secret, matchCode: call.matchCode, expires: call.expires })
  })
}

/** A test number with its code never rings; without one it is like any other. */
const isTestNumber = ({ phone: { number }, userCode }: CallRequest, testNumbers: Record<string, string>) => {
  const code = Object.hasOwn(testNumbers, number) ? testNumbers[number] : undefined
  return code !== undefined && userCode !== undefined && equal(code, userCode)
}

const refuseUnlessFree = (line: Line, now: number) => {
  const busyUntil = line.call && isUnderWay(line.call, now) ? line.call.expires : 0
  const until = Math.max(busyUntil, line.quietUntil ?? 0)
  if (until <= now) return
  throw new Refusal('slow_down', 'This number is being called, or wants no calls for now. Try again later.', { retryAfterSeconds: until - now })
}

const refusalFor = (refused: CallRefusal) => {
  switch (refused) {
    case 'invalid_number': return new Refusal('invalid_request', 'This phone number cannot be called. Check it.', { reason: 'number' })
    case 'not_allowed': return new Refusal('access_denied', 'This phone number may not be called from here.')
    case 'too_many': return new Refusal('temporarily_unavailable', 'Too many calls are waiting. Try again in a few seconds.', { retryAfterSeconds: 5 })
    case 'not_placed': return new Refusal('temporarily_unavailable', 'The call could not be placed. Try again later.', { retryAfterSeconds: 60 })
    default: return refused satisfies never
  }
}

export const handler = startCall(lambda)
