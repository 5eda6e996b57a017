// Somebody with an app and a telephone. Whatever is not answered as it should ends the benchmark.

export type Places = { url: string; places: { twilio: string } }
export type Json = Record<string, unknown>

const ciba = 'urn:openid:params:grant-type:ciba'

export const person = ({ url, places }: Places, number: string) => {
  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) => answered(`${url}${path}`, { method: 'POST', body: new URLSearchParams(form), headers })

  const call = () => post('/call', { client_id: 'app', scope: 'openid', login_hint: number })
  /** Picks up and keys in the digits: answers when the phone company has told them. */
  const press = ({ match_code }: Json) => answered(`${places.twilio}/phones/${encodeURIComponent(number)}/keys`, { method: 'POST', body: new URLSearchParams({ digits: String(match_code) }) })
  const redeem = ({ auth_req_id }: Json) => post('/token', { client_id: 'app', grant_type: ciba, auth_req_id: String(auth_req_id) })
  /** With a proof, whose key the tokens are then bound to; the nonce is for the next proof. */
  const redeemBound = async ({ auth_req_id }: Json, dpop: string) => {
    const { json, headers } = await answer(`${url}/token`, { method: 'POST', headers: { dpop }, body: new URLSearchParams({ client_id: 'app', grant_type: ciba, auth_req_id: String(auth_req_id) }) })
    return { tokens: json, nonce: headers.get('dpop-nonce') ?? undefined }
  }
  const refresh = ({ refresh_token }: Json) => post('/token', { client_id: 'app', grant_type: 'refresh_token', refresh_token: String(refresh_token) })
  const session = ({ access_token }: Json) => post('/session', {}, { authorization: `Bearer ${String(access_token)}` })
  const signIn = async () => {
    const called = await call()
    await press(called)
    return redeem(called)
  }
  return { call, press, redeem, redeemBound, refresh, session, signIn }
}

export type Person = ReturnType<typeof person>

const answer = async (url: string, init: RequestInit = {}): Promise<{ json: Json; headers: Headers }> => {
  const response = await fetch(url, init)
  const text = await response.text()
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${url}: ${response.status} ${text}`)
  return { json: JSON.parse(text) as Json, headers: response.headers }
}

const answered = async (url: string, init?: RequestInit) => (await answer(url, init)).json
