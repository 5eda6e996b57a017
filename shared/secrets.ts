// Reads secrets with signed requests of its own, because the whole SDK would double a cold start.
import { awsSigner, type Credentials } from './aws-signature.ts'
import { httpClient, type HttpReply } from './http-client.ts'
import { kept } from './kept.ts'
import { parseSecrets, type SecretValues, type Shapes } from './secret-shapes.ts'
import { fitted, object, optional, string } from './shape.ts'
import { UpstreamError, type UpstreamFailure } from './upstream-error.ts'

export type SecretsConfig = {
  /** Full names are `PREFIX/name`. */
  prefix: string
  endpoint: string
  region: string
  /** Asked before each reading. */
  credentials: () => Credentials
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

// For the whole reading.
const timeoutMilliseconds = 3_000
// Each a connection that carries one request after the other: a handshake costs more than waiting for a place.
const lanesMax = 3

/**
 * One request for each, because `BatchGetSecretValue` knows no resources in IAM: a role for it would hold a wildcard. Over TLS, with answers that take
 * 8 ms, seven secrets so cost 6 ms of CPU and 30 ms of a cold start more than a batch; three, 2 and 10.
 */
export const secrets = <Wanted extends Shapes>(config: SecretsConfig, shapes: Wanted): Secrets<Wanted> => {
  const names = Object.keys(shapes).map((name) => `${config.prefix}/${name}`)
  const read = async () => {
    const send = sender(config)
    const asked = names.values()
    const contents = new Map<string, string | undefined>()
    const lane = async () => {
      for (const name of asked) contents.set(name, content(await send(JSON.stringify({ SecretId: name }))))
    }
    const lanes = await Promise.allSettled(Array.from({ length: lanesMax }, lane))
    for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason
    return parseSecrets(config.prefix, shapes, contents)
  }
  return kept({ read, isDown, abandoned: () => failed('lost_reply', 'The time of this invocation is over.'), now: config.now })
}

const failed = (failure: UpstreamFailure, reason: string, status?: number) =>
  new UpstreamError('secrets-manager', 'read', failure, { cause: new Error(reason), ...(status === undefined ? {} : { status }) })

const isDown = (cause: unknown) => cause instanceof UpstreamError && ['unreachable', 'lost_reply', 'unavailable'].includes(cause.failure)

const sender = ({ endpoint, region, credentials, now }: SecretsConfig) => {
  // A client for one reading: minutes pass until the next, and its connections would be stale.
  const request = httpClient('secrets-manager', { keepAlive: true })
  const signal = AbortSignal.timeout(timeoutMilliseconds)
  const url = new URL(endpoint)
  const signed = awsSigner({ service: 'secretsmanager', region, credentials: credentials(), now: now() })
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'secretsmanager.GetSecretValue' }
  return (body: string) =>
    // A lost reply changes nothing: this only reads.
    request({
      operation: 'read', method: 'POST', url: endpoint, body, timeoutMilliseconds, signal,
      headers: signed({ method: 'POST', url, headers, body }),
    })
}

// A secret always has a name; it has no text if it is binary.
const answer = object({ Name: string, SecretString: optional(string) })
const problem = object({ __type: string })

/** What a secret says; undefined if there is none. */
const content = ({ status, body }: HttpReply) => {
  if (status !== 200) return absentOrThrow(status, body)
  const result = fitted(answer, json(body))
  if (!result.fits) throw failed('unexpected', 'The answer is not a secret.', status)
  return result.value.SecretString
}

// Only the kind of error is kept: the text of InvalidSignatureException repeats the request, session token included.
const absentOrThrow = (status: number, body: string): undefined => {
  const said = fitted(problem, json(body))
  const type = (said.fits ? /\w+$/.exec(said.value.__type)?.[0] : undefined) ?? 'No reason'
  if (type === 'ResourceNotFoundException') return
  throw failed(meaning(status, type), `${type} with status ${status}`, status)
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
