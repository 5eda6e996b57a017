// Twilio's REST API, as far as it concerns calls. https://www.twilio.com/docs/voice/api/call-resource
import { apiErrors, errorBody, type ApiError } from './api-error.ts'
import { apiVersion, callResource } from './call-fields.ts'
import { callOrder, instructionsOf } from './call-order.ts'
import { loginError, type Logins } from './login.ts'
import type { Exchange } from './exchange.ts'
import type { ApiReply, ApiRequest } from './http-exchange.ts'
import type { Line } from './line.ts'

export type CallsApi = { exchange: Exchange; logins: Logins; callerIds: string[] | undefined }

/** Answers everything under the API's version. */
export const callsApi = (api: CallsApi, request: ApiRequest): ApiReply => {
  const refused = loginError(api.logins, request)
  return refused ? refusal(refused) : route(api, request)
}

const route = (api: CallsApi, request: ApiRequest): ApiReply => {
  const { accountSid } = api.logins
  const { method, path, form } = request
  if (path === `/${apiVersion}/Accounts/${accountSid}/Calls.json`) {
    if (method === 'POST') return create(api, form)
    return method === 'GET' ? { status: 200, json: list(api, request) } : refusal(apiErrors.wrongMethod())
  }
  const sid = /^\/[\d-]+\/Accounts\/\w+\/Calls\/(CA[0-9a-f]{32})\.json$/.exec(path)?.[1]
  const line = sid ? api.exchange.find(sid) : undefined
  if (!line) return refusal(apiErrors.notFound(path))
  if (method === 'GET') return { status: 200, json: callResource(accountSid, line.call()) }
  return method === 'POST' ? update(accountSid, line, form) : refusal(apiErrors.wrongMethod())
}

const create = ({ exchange, logins, callerIds }: CallsApi, form: URLSearchParams): ApiReply => {
  const order = callOrder(form, callerIds)
  if ('code' in order) return refusal(order)
  return { status: 201, json: callResource(logins.accountSid, exchange.place(order), { made: true }) }
}

const update = (accountSid: string, line: Line, form: URLSearchParams): ApiReply => {
  const changed = change(line, form)
  return changed ? refusal(changed) : { status: 200, json: callResource(accountSid, line.call()) }
}

const change = (line: Line, form: URLSearchParams): ApiError | undefined => {
  if (!line.isLive()) return apiErrors.notInProgress()
  const status = form.get('Status')
  // A call that was answered meanwhile is left alone by `canceled`.
  if (status === 'canceled') line.cancel()
  else if (status === 'completed') line.complete()
  else if (status) return apiErrors.invalidParameter('Status')
  else return redirect(line, form)
  return undefined
}

const redirect = (line: Line, form: URLSearchParams): ApiError | undefined => {
  const instructions = instructionsOf(form)
  if (!instructions || 'code' in instructions) return instructions
  if (line.call().status !== 'in-progress') return apiErrors.notInProgress()
  line.redirect(instructions)
  return undefined
}

const list = ({ exchange, logins: { accountSid } }: CallsApi, { query, path }: ApiRequest) => {
  const wanted = (name: string, value: string) => (query.get(name) ?? value) === value
  const size = Math.min(1_000, Number(query.get('PageSize')) || 50)
  const page = Number(query.get('Page')) || 0
  const found = exchange.calls().map((call) => callResource(accountSid, call)).filter(({ to, from, status }) => wanted('To', to) && wanted('From', from) && wanted('Status', status))
  const calls = found.slice(page * size, (page + 1) * size)
  const uri = (number: number) => `${path}?PageSize=${size}&Page=${number}`
  return {
    calls,
    start: page * size,
    end: Math.max(0, page * size + calls.length - 1),
    page,
    page_size: size,
    uri: uri(page),
    first_page_uri: uri(0),
    next_page_uri: found.length > (page + 1) * size ? uri(page + 1) : null,
    previous_page_uri: page > 0 ? uri(page - 1) : null,
  }
}

const refusal = (error: ApiError): ApiReply => ({
  status: error.status,
  json: errorBody(error),
  ...(error.status === 401 ? { headers: { 'www-authenticate': 'Basic realm="Twilio API"' } } : {}),
})
