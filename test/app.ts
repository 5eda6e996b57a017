// An app and a telephone, as small as they can be: what a person with both would do.
import type { World } from './world.ts'

export type Answer = { status: number; headers: Headers; json: Record<string, unknown>; text: string }

export const answerOf = async (response: Response): Promise<Answer> => {
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} }
}

export const ciba = 'urn:openid:params:grant-type:ciba'

export const app = ({ url, places }: Pick<World, 'url' | 'places'>) => {
  const post = async (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    answerOf(await fetch(`${url}${path}`, { method: 'POST', body: new URLSearchParams(form), headers }))

  const call = (number: string, form: Record<string, string> = {}) => post('/call', { client_id: 'app', scope: 'openid', login_hint: number, ...form })
  const poll = (authReqId: unknown, form: Record<string, string> = {}) => post('/token', { client_id: 'app', grant_type: ciba, auth_req_id: String(authReqId), ...form })
  const session = async (accessToken: unknown, init: RequestInit = {}, query = '') =>
    answerOf(await fetch(`${url}/session${query}`, { method: 'POST', ...init, headers: { authorization: `Bearer ${String(accessToken)}`, ...(init.headers as Record<string, string> | undefined) } }))

  const phone = (number: string) => {
    const at = `${places.twilio}/phones/${encodeURIComponent(number)}`
    const act = async (what: string, form: Record<string, string> = {}) => answerOf(await fetch(`${at}/${what}`, { method: 'POST', body: new URLSearchParams(form) }))
    return {
      state: async () => (await answerOf(await fetch(at))).json as { state: string; said: string[] },
      keys: (digits: string) => act('keys', { digits }),
      answer: () => act('answer'),
      hangup: () => act('hangup'),
      busy: () => act('busy'),
      silent: () => act('silent'),
    }
  }

  /** From the number, as the person wrote it, to the tokens. */
  const signIn = async (number: string, written = number) => {
    const called = await call(written)
    await phone(number).keys(String(called.json['match_code']))
    return { called, tokens: await poll(called.json['auth_req_id']) }
  }

  return { post, call, poll, session, phone, signIn }
}

export type App = ReturnType<typeof app>
