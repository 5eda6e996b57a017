// The app's requests to the functions, which have the page's own origin.
import { fields } from './fields.ts'
import type { Refused } from './refused.ts'
import { request } from './request.ts'

/** A call that was placed. Times in milliseconds since 1970, the interval in seconds. */
export type PlacedCall = { authReqId: string; matchCode: string; intervalSeconds: number; expiresAt: number }
export type Grant = { accessToken: string }
/** What POST /session answers; `expiresAt` in milliseconds since 1970. */
export type OpenedSession = { sessionId: string; cookieName: string; expiresAt: number; user: string; profile: string; syncUrl: string }

const clientId = 'app'

export const placeCall = (number: string): Promise<PlacedCall | Refused> =>
  request('/call', { method: 'POST', body: new URLSearchParams({ client_id: clientId, scope: 'openid', login_hint: number }) }, (json) => {
    const { text, number: amount } = fields(json)
    return { authReqId: text('auth_req_id'), matchCode: text('match_code'), intervalSeconds: amount('interval'), expiresAt: Date.now() + amount('expires_in') * 1000 }
  })

/** CIBA Core 1.0 section 10.1: refused with `authorization_pending` until the person has keyed in the digits. */
export const pollToken = (authReqId: string): Promise<Grant | Refused> =>
  request('/token', { method: 'POST', body: new URLSearchParams({ client_id: clientId, grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: authReqId }) }, (json) => ({
    accessToken: fields(json).text('access_token'),
  }))

export const openSession = ({ accessToken }: Grant): Promise<OpenedSession | Refused> =>
  request('/session', { method: 'POST', headers: bearer(accessToken) }, (json) => {
    const { text } = fields(json)
    return {
      sessionId: text('session_id'),
      cookieName: text('cookie_name'),
      expiresAt: Date.parse(text('expires')),
      user: text('user'),
      profile: text('profile'),
      syncUrl: text('sync_url'),
    }
  })

export const endSession = (accessToken: string, sessionId: string): Promise<{ ended: true } | Refused> =>
  request(`/session?${new URLSearchParams({ session_id: sessionId }).toString()}`, { method: 'DELETE', headers: bearer(accessToken) }, () => ({ ended: true }))

const bearer = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` })
