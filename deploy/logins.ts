// Whether every login works, tried with the very clients that the functions use.
import { randomBytes } from 'node:crypto'
import { configuration } from '../shared/configuration.ts'
import { counter } from '../shared/counter.ts'
import { httpClient } from '../shared/http-client.ts'
import type { Secret } from '../shared/secret-shapes.ts'
import { syncGateway } from '../shared/sync-gateway.ts'
import { UpstreamError, type UpstreamFailure } from '../shared/upstream-error.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Each answers what is wrong, or nothing. Throws a ConfigurationError for a setting that is missing. */
export const logins = (settings: Environment) => ({
  'sync-gateway': (login: Secret<'sync-gateway'>) => trouble(async () => {
    const { SYNC_GATEWAY_ADMIN_URL: adminUrl, SYNC_GATEWAY_KEYSPACE: keyspace } = configuration(settings, ['SYNC_GATEWAY_ADMIN_URL', 'SYNC_GATEWAY_KEYSPACE'])
    const gateway = syncGateway({ adminUrl, keyspace, login: async () => login, rereadLogin: async () => false, random: (bytes) => randomBytes(bytes) })
    // Neither is there; whoever may look for them may do all that the functions do.
    await gateway.readUser('callgate-check', AbortSignal.timeout(limitMilliseconds))
    await gateway.readDocument('callgate-check', AbortSignal.timeout(limitMilliseconds))
  }),

  couchbase: (login: Secret<'couchbase'>) => trouble(async () => {
    const { COUCHBASE_URL: url, COUCHBASE_BUCKET: bucket } = configuration(settings, ['COUCHBASE_URL', 'COUCHBASE_BUCKET'])
    const numbers = counter({ url, bucket, login: async () => login, rereadLogin: async () => undefined })
    try {
      await numbers.tally('limit::check', 60)
    } finally {
      await numbers.close()
    }
  }),

  'twilio-api': ({ account_sid, api_key_sid, api_key_secret }: Secret<'twilio-api'>) => trouble(async () => {
    const { TWILIO_API_URL } = configuration(settings, ['TWILIO_API_URL'])
    const { status } = await httpClient('twilio', { keepAlive: false })({
      operation: 'listCalls', method: 'GET', url: `${TWILIO_API_URL}/2010-04-01/Accounts/${account_sid}/Calls.json?PageSize=1`,
      headers: { authorization: `Basic ${Buffer.from(`${api_key_sid}:${api_key_secret}`).toString('base64')}` },
      timeoutMilliseconds: limitMilliseconds, signal: AbortSignal.timeout(limitMilliseconds),
    })
    if (status !== 200) throw new UpstreamError('twilio', 'listCalls', status === 401 || status === 403 || status === 404 ? 'login_refused' : status >= 500 ? 'unavailable' : 'unexpected', { status })
  }),
})

const limitMilliseconds = 10_000

const sentences: Record<UpstreamFailure, string> = {
  unreachable: 'cannot be reached from here: run this where the functions run, or see to its address',
  lost_reply: 'does not answer in time: run this where the functions run, or see to it',
  unavailable: 'answers that it cannot serve now',
  login_refused: 'refuses this login, or does not let it do what the functions do',
  unexpected: 'answers what nobody expects: see to its address, and whether the database and the bucket are there',
}

const trouble = async (attempt: () => Promise<void>) => {
  try {
    await attempt()
    return undefined
  } catch (error) {
    if (error instanceof UpstreamError) return `${error.system} ${sentences[error.failure]}.`
    throw error
  }
}
