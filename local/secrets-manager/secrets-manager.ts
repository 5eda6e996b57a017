// AWS Secrets Manager on this machine: its JSON protocol, its versions and labels, and its check of who signed. All in memory.
import { randomInt, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { realClock, type Clock } from '../clock.ts'
import { listen, type Running } from '../server.ts'
import type { Action } from './action.ts'
import * as changes from './actions/changes.ts'
import * as deletion from './actions/deletion.ts'
import * as descriptions from './actions/descriptions.ts'
import * as randomPassword from './actions/random-password.ts'
import * as stages from './actions/stages.ts'
import * as values from './actions/values.ts'
import { front, ServiceError } from './service-error.ts'
import { verifySignature, type Credentials } from './signature.ts'
import { secretStore } from './store.ts'

const actions = new Map<string, Action>(Object.entries({ ...values, ...descriptions, ...changes, ...stages, ...deletion, ...randomPassword }))
const bodyBytesMax = 1_048_576

/** What becomes of a request: served, cut off before or after its work, never answered, or answered with this. */
export type Fate = 'go' | 'refuse' | 'lose_reply' | 'hang' | { status: number; body: unknown }

export type SecretsManagerOptions = Partial<Omit<Credentials, 'expireAt'>> & {
  port?: number
  clock?: Clock
  /** By full name. */
  secrets: Record<string, string>
  region?: string
  /** Milliseconds since 1970, from when on the session token is refused. */
  credentialsExpireAt?: number
  intercept?: (request: { operation: string; body: string }) => Fate
}

/** Credentials are `local` and `local`, without a token, unless given. `set` writes a new current version and makes the secret if it is absent. */
export const secretsManager = async (options: SecretsManagerOptions): Promise<Running & { set: (name: string, value: string) => void }> => {
  const { port = 0, clock = realClock, secrets, region = 'us-east-1', accessKeyId = 'local', secretAccessKey = 'local', sessionToken, credentialsExpireAt, intercept = () => 'go' } = options
  const store = secretStore({ region, now: clock.now, suffix })
  const set = (name: string, value: string) =>
    store.addVersion(store.find(name) ?? store.create(name), randomUUID(), { SecretString: value }, ['AWSCURRENT'])
  for (const [name, value] of Object.entries(secrets)) set(name, value)

  const serve = (request: IncomingMessage, body: Buffer) => {
    const run = actions.get(operationOf(request))
    if (!run || request.method !== 'POST') throw front('UnknownOperationException', 'The operation is not known.')
    const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s)
    const headers = request.headers as Record<string, string | undefined>
    verifySignature({ method: request.method ?? '', path, query, headers, body }, region, { accessKeyId, secretAccessKey, sessionToken, expireAt: credentialsExpireAt }, clock.now())
    return run(store, json(body))
  }
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request)
    const fate = intercept({ operation: operationOf(request), body: body.toString() })
    if (fate === 'hang') return
    const reply = typeof fate === 'object' ? fate : fate !== 'refuse' && outcome(() => serve(request, body))
    if (!reply || fate === 'lose_reply') {
      request.socket.destroy()
      return
    }
    // AWS's clients set their clocks by this.
    const date = new Date(clock.now()).toUTCString()
    response.writeHead(reply.status, { date, 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() })
    response.end(JSON.stringify(reply.body))
  }
  const server = createServer((request, response) => {
    // A request that breaks off has nobody to answer.
    answer(request, response).catch(() => request.socket.destroy())
  })
  return { ...(await listen(server, port)), set }
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const suffix = () => Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('')

const operationOf = (request: IncomingMessage) => {
  const [service, operation = ''] = String(request.headers['x-amz-target']).split('.')
  return service === 'secretsmanager' ? operation : ''
}

const outcome = (work: () => unknown) => {
  try {
    return { status: 200, body: work() }
  } catch (error) {
    if (error instanceof ServiceError) return { status: 400, body: error.body }
    return { status: 500, body: { __type: 'InternalServiceError', Message: 'An error occurred on the server side.' } }
  }
}

const json = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString())
  } catch {
    throw front('SerializationException', 'The request is not JSON.')
  }
}

const bodyOf = async (request: IncomingMessage) => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bodyBytesMax) throw new Error(`A request of more than ${bodyBytesMax} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
