// Reads secrets with one request that AWS's own signer signs, because the whole SDK would double a cold start.
import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import * as z from 'zod/mini'
import { httpClient, type HttpReply } from './http-client.ts'
import { kept } from './kept.ts'
import { parseSecrets, type SecretValues, type Shapes } from './secret-shapes.ts'
import { UpstreamError, type UpstreamFailure } from './upstream-error.ts'

export type SecretsConfig = {
  /** Full names are `PREFIX/name`. */
  prefix: string
  endpoint: string
  region: string
  /** Asked before each request. An empty session token is none. */
  credentials: () => { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  now: () => number
}

export type Secrets<Wanted extends Shapes> = {
  /**
   * All of them, from memory when younger than five minutes. Rejects with a ConfigurationError that names each secret that is
   * missing or malformed, and with an UpstreamError when they cannot be had. While Secrets Manager is down, a copy of less than
   * an hour stays good. No failure is remembered.
   */
  read: (signal: AbortSignal) => Promise<SecretValues<Wanted>>
  /** Reads again, at most once a minute, and answers whether it did. Rejects as `read` does, but answers false when Secrets Manager is down. */
  reread: (signal: AbortSignal) => Promise<boolean>
}

/** At most 20 shapes: `BatchGetSecretValue` takes no more names. */
export const secrets = <Wanted extends Shapes>(config: SecretsConfig, shapes: Wanted): Secrets<Wanted> => {
  const send = sender(config)
  const names = Object.keys(shapes).map((name) => `${config.prefix}/${name}`)
  const read = async () => parseSecrets(config.prefix, shapes, contents(await send(JSON.stringify({ SecretIdList: names }))))
  return kept({ read, isDown, abandoned: () => failed('lost_reply', 'The time of this invocation is over.'), now: config.now })
}

const failed = (failure: UpstreamFailure, reason: string, status?: number) =>
  new UpstreamError('secrets-manager', 'read', failure, { cause: new Error(reason), ...(status === undefined ? {} : { status }) })

const isDown = (cause: unknown) => cause instanceof UpstreamError && ['unreachable', 'lost_reply', 'unavailable'].includes(cause.failure)

const sender = ({ endpoint, region, credentials, now }: SecretsConfig) => {
  const request = httpClient('secrets-manager', { keepAlive: false }) // Minutes pass between two requests.
  const { protocol, host, hostname, pathname } = new URL(endpoint)
  return async (body: string) => {
    const signer = new SignatureV4({ service: 'secretsmanager', region, credentials: credentials(), sha256: Sha256, applyChecksum: false })
    const headers = { host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'secretsmanager.BatchGetSecretValue' }
    const unsigned = { method: 'POST', protocol, hostname, path: pathname, query: {}, headers, body }
    const signed = await signer.sign(unsigned, { signingDate: new Date(now()) })
    // A lost reply changes nothing: this only reads.
    return request({ operation: 'read', method: 'POST', url: endpoint, headers: signed.headers, body, timeoutMilliseconds: 3_000, signal: new AbortController().signal })
  }
}

// The signer wants a constructor: a hash, or with a key an HMAC.
class Sha256 {
  private readonly hash

  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', typeof key === 'string' ? key : bytes(key))
  }

  update(data: Uint8Array) {
    this.hash.update(data)
  }

  digest() {
    return Promise.resolve(new Uint8Array(this.hash.digest()))
  }

  reset() {
    throw new Error('The signer makes a new hash each time.')
  }
}

const bytes = (data: ArrayBuffer | ArrayBufferView) =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data)

const batch = z.object({
  SecretValues: z._default(z.array(z.object({ Name: z.string(), SecretString: z.optional(z.string()) })), []),
  Errors: z._default(z.array(z.object({ SecretId: z.string(), ErrorCode: z.string() })), []),
})

const contents = ({ status, body }: HttpReply) => {
  if (status !== 200) throw refusal(status, body)
  const result = z.safeParse(batch, json(body))
  if (!result.success) throw failed('unexpected', 'The answer is not a list of secrets.', status)
  const trouble = result.data.Errors.find(({ ErrorCode }) => ErrorCode !== 'ResourceNotFoundException')
  if (trouble) throw failed(meaning(status, trouble.ErrorCode), `${trouble.ErrorCode} for ${trouble.SecretId}`, status)
  return new Map(result.data.SecretValues.map(({ Name, SecretString }) => [Name, SecretString]))
}

// Only the kind of error is kept: the text of InvalidSignatureException repeats the request, session token included.
const refusal = (status: number, body: string) => {
  const type = z.safeParse(z.object({ __type: z.string() }), json(body)).data?.__type.match(/\w+$/)?.[0] ?? 'No reason'
  return failed(meaning(status, type), `${type} with status ${status}`, status)
}

// https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html
const meaning = (status: number, type: string): UpstreamFailure => {
  if (status >= 500 || status === 429 || /Throttling|InternalService|InternalFailure|ServiceUnavailable/.test(type)) return 'unavailable'
  return /Signature|Token|AccessDenied|UnrecognizedClient|NotAuthorized|OptIn/.test(type) ? 'login_refused' : 'unexpected'
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
