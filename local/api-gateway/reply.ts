// What the client gets for what a function answered, payload format 2.0.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
import { validateHeaderName, validateHeaderValue } from 'node:http'

export type Reply = { status: number; headers: [name: string, value: string][]; body: Buffer }

/** API Gateway's own words, such as `{"message":"Not Found"}`. */
export const message = (status: number, text: string): Reply => jsonReply(status, JSON.stringify({ message: text }))

/** From the JSON that a function answered; an answer that makes no sense is a 500. */
export const replyOf = (json: string): Reply => {
  const result = JSON.parse(json) as unknown
  // Without a status the whole answer is the body, and a text stands there without its quotes.
  if (!isRecord(result) || result['statusCode'] === undefined) return jsonReply(200, typeof result === 'string' ? result : json)
  return structured(result) ?? message(500, 'Internal Server Error')
}

const jsonReply = (status: number, body: string): Reply => ({ status, headers: [['content-type', 'application/json']], body: Buffer.from(body) })

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const structured = ({ statusCode, headers = {}, cookies = [], body = '', isBase64Encoded = false }: Record<string, unknown>): Reply | undefined => {
  const status = typeof statusCode === 'string' ? Number(statusCode) : statusCode
  const list = headerList(headers ?? {}, cookies ?? [])
  const bytes = bodyBytes(body ?? '', isBase64Encoded)
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599 || !list || !bytes) return undefined
  // A body without a type is text: aws-powertools/powertools-lambda-python#2464.
  if (bytes.length > 0 && !list.some(([name]) => name === 'content-type')) list.push(['content-type', 'text/plain;charset=UTF-8'])
  return { status, headers: list, body: bytes }
}

// Those that belong to one connection, or follow from the body.
const dropped = new Set(['connection', 'content-length', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'])

const headerList = (headers: unknown, cookies: unknown): Reply['headers'] | undefined => {
  if (!isRecord(headers) || !Array.isArray(cookies)) return undefined
  const given = [...Object.entries(headers), ...cookies.map((cookie: unknown) => ['set-cookie', cookie] as const)].filter(([, value]) => value !== null)
  if (given.some(([, value]) => !['string', 'number', 'boolean'].includes(typeof value))) return undefined
  const list = given.map(([name, value]): [string, string] => [name.toLowerCase(), String(value)]).filter(([name]) => !dropped.has(name))
  return list.every(([name, value]) => isSendable(name, value)) ? list : undefined
}

const isSendable = (name: string, value: string) => {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}

const bodyBytes = (body: unknown, isBase64Encoded: unknown) => {
  if (typeof body !== 'string' || typeof isBase64Encoded !== 'boolean') return undefined
  if (!isBase64Encoded) return Buffer.from(body)
  return /^[A-Za-z0-9+/]*={0,2}$/.test(body) ? Buffer.from(body, 'base64') : undefined
}
