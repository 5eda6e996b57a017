// The phone company: places a call by one POST.
import { httpClient, type HttpReply } from './http-client.ts'
import { UpstreamError } from './upstream-error.ts'

export type TwilioLogin = { account_sid: string; api_key_sid: string; api_key_secret: string }

type TwilioConfig = {
  apiUrl: string
  /** The number that calls, in E.164. */
  callerId: string
  login: (signal: AbortSignal) => Promise<TwilioLogin>
  /** Makes the next `login` read the secret again, and answers whether it did. */
  rereadLogin: (signal: AbortSignal) => Promise<boolean>
}

type Call = {
  /** E.164. */
  to: string
  /** What is said and asked, at most 4,000 characters: inline, so that the person hears it without a webhook. */
  twiml: string
  statusCallback: string
  ringSeconds: number
  talkSecondsMax: number
}

/**
 * `invalid_number`: no telephone can be reached there. `not_allowed`: this account may not call there. `too_many`: Twilio asks
 * for fewer calls. `not_placed`: refused for another reason, which the operator finds by the code.
 */
export type CallRefusal = 'invalid_number' | 'not_allowed' | 'too_many' | 'not_placed'
export type CallPlacement = 'placed' | 'perhaps_placed' | { refused: CallRefusal; code: number | undefined }

const answerMillisecondsMax = 10_000

// https://www.twilio.com/docs/api/errors
const refusals: Record<number, CallRefusal> = {
  13223: 'invalid_number',
  13224: 'invalid_number',
  21211: 'invalid_number',
  21214: 'invalid_number',
  21217: 'invalid_number',
  13225: 'not_allowed',
  13227: 'not_allowed',
  21203: 'not_allowed',
  21215: 'not_allowed',
  21216: 'not_allowed',
  20429: 'too_many',
}

export const twilio = ({ apiUrl, callerId, login, rereadLogin }: TwilioConfig) => {
  // A kept connection may have been closed while the sandbox slept; the failure would then look like a call that perhaps rings.
  const request = httpClient('twilio', { keepAlive: false })

  const post = async (call: Call, signal: AbortSignal): Promise<HttpReply | undefined> => {
    const { account_sid, api_key_sid, api_key_secret } = await login(signal)
    const sent = request({
      operation: 'placeCall',
      method: 'POST',
      url: `${apiUrl}/2010-04-01/Accounts/${account_sid}/Calls.json`,
      headers: {
        authorization: `Basic ${Buffer.from(`${api_key_sid}:${api_key_secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: formOf(call, callerId),
      timeoutMilliseconds: answerMillisecondsMax,
      signal,
    })
    return sent.catch((error: unknown) => {
      if (error instanceof UpstreamError && error.failure !== 'unreachable') return undefined
      throw error
    })
  }

  return {
    /**
     * Never sends a call twice that may ring: a lost reply counts as placed. Throws an UpstreamError only if nothing was placed
     * and nothing is wrong with the call itself: `unreachable`, `unavailable`, `login_refused`, `unexpected`.
     */
    placeCall: async (call: Call, signal: AbortSignal): Promise<CallPlacement> => {
      const reply = await post(call, signal)
      if (!reply || !isLoginRefused(reply)) return placementOf(reply)
      const second = (await rereadLogin(signal)) ? await post(call, signal) : reply
      if (second && isLoginRefused(second)) throw new UpstreamError('twilio', 'placeCall', 'login_refused', { status: second.status })
      return placementOf(second)
    },
  }
}

const formOf = ({ to, twiml, statusCallback, ringSeconds, talkSecondsMax }: Call, callerId: string) =>
  new URLSearchParams([
    ['To', to],
    ['From', callerId],
    ['Twiml', twiml],
    ['StatusCallback', statusCallback],
    ['StatusCallbackEvent', 'answered'],
    ['StatusCallbackEvent', 'completed'],
    ['Timeout', String(ringSeconds)],
    ['TimeLimit', String(talkSecondsMax)],
  ]).toString()

const isLoginRefused = (reply: HttpReply) => reply.status === 401 || (reply.status === 403 && codeOf(reply) === 20003)

const placementOf = (reply: HttpReply | undefined): CallPlacement => {
  if (!reply) return 'perhaps_placed'
  const { status } = reply
  if (status >= 200 && status < 300) return 'placed'
  if (status === 503) throw new UpstreamError('twilio', 'placeCall', 'unavailable', { status })
  // Another 5xx may come after the call was queued. Waiting in vain costs the person a minute; a second call would cost a second bill.
  if (status >= 500) return 'perhaps_placed'
  if (status < 400) throw new UpstreamError('twilio', 'placeCall', 'unexpected', { status })
  const code = codeOf(reply)
  return { refused: status === 429 ? 'too_many' : (refusals[code ?? 0] ?? 'not_placed'), code }
}

const codeOf = ({ body }: HttpReply): number | undefined => {
  try {
    const parsed: unknown = JSON.parse(body)
    const code: unknown = typeof parsed === 'object' && parsed !== null && 'code' in parsed ? parsed.code : undefined
    return typeof code === 'number' ? code : undefined
  } catch {
    return undefined
  }
}
