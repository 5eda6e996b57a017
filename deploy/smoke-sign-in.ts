// One sign-in from discovery to sign-out, as an app does it.
import { problem } from './problem.ts'

export type Smoke = { issuer: string; client: string; number: string; code: string }
type Json = Record<string, unknown>

/** Throws a sentence that names the step which failed; says nothing of the number, the code or a token. */
export const signInOnce = async ({ issuer, client, number, code }: Smoke, write: (line: string) => void) => {
  const done = (step: string) => write(`${step}: fine.`)

  const found = await json('discovery', `${issuer}/.well-known/openid-configuration`)
  if (found['issuer'] !== issuer) throw problem('discovery: the issuer has another address than the one that was asked.')
  const { keys } = (await json('keys', String(found['jwks_uri']))) as { keys?: unknown[] }
  if (!keys?.length) throw problem('keys: there is none.')
  done('discovery')

  const call = await json('call', String(found['backchannel_authentication_endpoint']), { client_id: client, scope: 'openid', login_hint: number, user_code: code })
  done('call')
  const grant = { client_id: client, grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: String(call['auth_req_id']) }
  const tokens = await json('token', String(found['token_endpoint']), grant)
  done('token')

  const authorization = `Bearer ${String(tokens['access_token'])}`
  const session = await json('session', `${issuer}/session`, {}, { authorization })
  done('session')
  const cookie = `${String(session['cookie_name'])}=${String(session['session_id'])}`
  const profile = await json('profile', `${String(session['sync_url'])}/${encodeURIComponent(String(session['profile']))}`, undefined, { cookie })
  if (profile['type'] !== 'profile') throw problem('profile: Sync Gateway answers something else.')
  done('profile')

  await answer('sign-out', `${issuer}/revoke`, { client_id: client, token: String(tokens['refresh_token']) })
  const { status } = await ask('sign-out', `${issuer}/session`, {}, { authorization })
  if (status !== 401) throw problem(`sign-out: the device still gets in, with ${status}.`)
  done('sign-out')
}

const ask = (step: string, url: string, form?: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(url, { ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}), headers, signal: AbortSignal.timeout(30_000) }).catch((cause: unknown) => {
    throw problem(`${step}: nobody answers at ${new URL(url).origin}.`, cause)
  })

const answer = async (step: string, url: string, form?: Record<string, string>, headers?: Record<string, string>) => {
  const response = await ask(step, url, form, headers)
  const text = await response.text()
  // An error's words are for an app to show, and hold nothing of what was sent.
  if (!response.ok) throw problem(`${step}: ${new URL(url).origin} answers ${response.status}: ${text.slice(0, 300)}`)
  return text
}

const json = async (step: string, url: string, form?: Record<string, string>, headers?: Record<string, string>): Promise<Json> => {
  const text = await answer(step, url, form, headers)
  try {
    return JSON.parse(text) as Json
  } catch (cause) {
    throw problem(`${step}: ${new URL(url).origin} answers no JSON.`, cause)
  }
}
