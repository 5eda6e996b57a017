// create-session as one writes it with middy, the whole zod, jose, fetch and the AWS SDK: two secrets, a token, an account, a session.
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import middy from '@middy/core'
import httpErrorHandler from '@middy/http-error-handler'
import httpHeaderNormalizer from '@middy/http-header-normalizer'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { z } from 'zod'

const client = new SecretsManagerClient({})
const secret = async (name, shape) => {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: `${process.env.SECRETS_PREFIX}/${name}` }))
  return shape.parse(JSON.parse(SecretString))
}
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })).min(1) })
const login = z.object({ username: z.string().min(1), password: z.string().min(1) })
const account = z.object({ status: z.enum(['active', 'disabled', 'spent']), devices: z.record(z.string(), z.unknown()) })

export const handler = middy()
  .use(httpHeaderNormalizer())
  .use(httpErrorHandler())
  .handler(async (event) => {
    const [keys, { username, password }] = await Promise.all([secret('public-keys', keySet), secret('sync-gateway', login)])
    const { payload } = await jwtVerify(event.headers.authorization.slice(7), createLocalJWKSet(keys), { audience: process.env.ISSUER })
    const at = `${process.env.SYNC_GATEWAY_ADMIN_URL}/${process.env.SYNC_GATEWAY_KEYSPACE}`
    const headers = { authorization: `Basic ${btoa(`${username}:${password}`)}`, 'content-type': 'application/json' }
    const made = await fetch(`${at}/_session`, { method: 'POST', headers, body: JSON.stringify({ name: payload.preferred_username, ttl: 3_600 }) })
    const session = await made.json()
    const read = await fetch(`${at}/signin::${payload.sub}`, { headers })
    const { status, devices } = account.parse(await read.json())
    if (status !== 'active' || !devices[payload.sid]) return { statusCode: 401, body: '' }
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(session) }
  })
