// The telephones over HTTP, for people, the page and tests.
import type { Exchange } from './exchange.ts'
import { handset } from './handset.ts'
import type { ApiReply, ApiRequest } from './http-exchange.ts'

/** Answers everything under `/phones`, for pages of any origin. */
export const phoneApi = async (exchange: Exchange, request: ApiRequest): Promise<ApiReply> => {
  const reply = await route(exchange, request)
  return { ...reply, headers: { ...reply.headers, ...cors } }
}

const cors = { 'access-control-allow-origin': '*', 'access-control-allow-methods': 'GET, POST, OPTIONS', 'access-control-allow-headers': '*' }

const route = async (exchange: Exchange, { method, path, form }: ApiRequest): Promise<ApiReply> => {
  if (method === 'OPTIONS') return { status: 204 }
  const [, , sent, act, ...rest] = path.split('/')
  if (!sent) return method === 'GET' ? { status: 200, json: { phones: exchange.numbers().map((number) => handset(exchange, number).view()) } } : wrongMethod('GET')
  const number = numberOf(sent)
  if (!number) return failure(400, 'A telephone number begins with a plus and has 7 to 15 digits, such as +12025550123.')
  const phone = handset(exchange, number)
  if (act === undefined || act === '') return method === 'GET' ? { status: 200, json: phone.view() } : wrongMethod('GET')
  if (rest.length || !isAct(act)) return failure(404, `A telephone can do these: ${Object.keys(acts).join(', ')}.`)
  if (method !== 'POST') return wrongMethod('POST')
  const problem = await acts[act](phone, form)
  return problem ?? { status: 200, json: phone.view() }
}

type Handset = ReturnType<typeof handset>

const acts = {
  keys: async (phone: Handset, form: URLSearchParams) => {
    const digits = form.get('digits') ?? ''
    if (!/^[0-9*#]{1,50}$/.test(digits)) return failure(400, 'Send the keys as the form field digits: 0 to 9, star and hash.')
    return conflict(await phone.press(digits))
  },
  answer: async (phone: Handset) => conflict(await phone.answer()),
  hangup: async (phone: Handset) => conflict(await phone.hangUp()),
  busy: async (phone: Handset) => phone.prepare('busy'),
  silent: async (phone: Handset) => phone.prepare('silent'),
  unreachable: async (phone: Handset) => phone.prepare('unreachable'),
} satisfies Record<string, (phone: Handset, form: URLSearchParams) => Promise<ApiReply | undefined | void>>

const isAct = (name: string): name is keyof typeof acts => Object.hasOwn(acts, name)

const numberOf = (sent: string) => {
  try {
    const number = decodeURIComponent(sent)
    return /^\+[1-9]\d{6,14}$/.test(number) ? number : undefined
  } catch {
    return undefined
  }
}

const failure = (status: number, error: string): ApiReply => ({ status, json: { error } })
const conflict = (problem: { impossible: string } | undefined) => (problem ? failure(409, problem.impossible) : undefined)
const wrongMethod = (allowed: string): ApiReply => ({ ...failure(405, `Only ${allowed} is answered here.`), headers: { allow: allowed } })
