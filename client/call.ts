// A call: asked for, shown to the person, waited for, and resumed where the app was killed meanwhile.
import { base64url } from './base64url.ts'
import { CallgateError } from './callgate-error.ts'
import { insist, type Wait } from './insist.ts'
import type { Progress, Waiting } from './progress.ts'
import { thumbprint, type ProofKey } from './proof.ts'
import type { Answer, Requests } from './request.ts'
import { tokensOf, type Tokens } from './tokens.ts'

/** What makes two calls the same to the service. `userCode` is for a test number, which then is not called. */
export type Wanted = { number: string; locale?: string | undefined; message?: string | undefined; userCode?: string | undefined }
type Placed = { authReqId: string; matchCode: string; intervalSeconds: number; expiresAt: number }
/** Kept from before the request on, so that a lost answer costs no second call. Times in milliseconds since 1970. */
export type Call = { wanted: Wanted; idempotencyKey: string; expiresAt: number; placed?: Placed }

export type CallConfig = {
  clientId: string
  request: Requests
  key: () => Promise<ProofKey | undefined>
  now: () => number
  random: (bytes: number) => Uint8Array
  wait: Wait
  keep: (call: Call) => Promise<void>
}

const ciba = 'urn:openid:params:grant-type:ciba'
// As long as the service keeps a call.
const callMilliseconds = 180_000
// CIBA Core 1.0 section 11: the interval grows for good.
const slowDownSeconds = 5

export const calls = ({ clientId, request: { ask, send }, key, now, random, wait, keep }: CallConfig) => {
  const place = async ({ wanted: { number, locale, message, userCode }, idempotencyKey }: Call): Promise<Placed> => {
    const own = await key()
    const json = await ask('/call', {
      form: { client_id: clientId, scope: 'openid', login_hint: number, ui_locales: locale, binding_message: message, user_code: userCode, dpop_jkt: own && (await thumbprint(own)) },
      headers: { 'idempotency-key': idempotencyKey },
    })
    const { auth_req_id, match_code, interval, expires_in } = json as { auth_req_id: string; match_code: string; interval: number; expires_in: number }
    return { authReqId: auth_req_id, matchCode: match_code, intervalSeconds: interval, expiresAt: now() + expires_in * 1000 }
  }

  /** The tokens, or an answer that says why there are none yet. */
  const poll = async (authReqId: string, prefer: string, signal: AbortSignal | undefined): Promise<Tokens | Answer> => {
    const form = { client_id: clientId, grant_type: ciba, auth_req_id: authReqId }
    // The app sleeps while its phone is on the call, and loses the answer that is held for it. Only who holds a key gets that answer again.
    const answer = await send('/token', { form, proven: true, signal, headers: (await key()) && { prefer } })
    if (answer.ok) return tokensOf(answer.json, now())
    const { error } = answer.json
    if (error === 'authorization_pending' || error === 'slow_down') return answer
    const failed = answer.failure()
    throw failed.code === 'signed_out' ? new CallgateError('expired', failed.message) : failed
  }

  return {
    made: (wanted: Wanted): Call => ({ wanted, idempotencyKey: base64url(random(24)), expiresAt: now() + callMilliseconds }),

    /** From a call, which may be placed already, to the tokens. Rejects with what ended it. */
    wait: async (call: Call, { progress = () => {}, signal }: Waiting): Promise<Tokens> => {
      if (!call.placed) progress({ state: 'calling' })
      const { placed = await place(call) } = call
      const { authReqId, matchCode, expiresAt } = placed
      await keep({ ...call, placed, expiresAt })
      const shown = { number: call.wanted.number, matchCode, expiresAt }
      const answered: Progress = { state: 'answered', ...shown }
      let at: Progress = { state: 'ringing', ...shown }
      let told: Progress | undefined
      const tell = (next: Progress) => {
        if (next !== told) progress(next)
        told = next
      }
      let { intervalSeconds } = placed
      // The interval lies between polls (CIBA Core 1.0 section 7.3): the first may come at once, and be held. One that is resumed was polled a moment ago.
      let pauseSeconds = call.placed ? intervalSeconds : 0
      while (now() < expiresAt) {
        tell(at)
        await wait(pauseSeconds * 1000, signal)
        const polled = await insist(() => poll(authReqId, at === answered ? 'wait=20' : 'wait=20, progress', signal), { progress: tell, signal }, { now, wait, until: expiresAt })
        if ('accessToken' in polled) return polled
        const { held, json: { error, reason } } = polled
        if (error === 'slow_down') intervalSeconds += slowDownSeconds
        if (reason) at = answered
        pauseSeconds = held ? 0 : intervalSeconds
      }
      throw new CallgateError('expired', 'This call is over.')
    },
  }
}
