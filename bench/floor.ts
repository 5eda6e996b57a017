// A session in the form in which one would write it first, without anything around it: a token checked by jose, one POST and one GET by node:http on kept connections.
import http from 'node:http'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'

const { FLOOR_KEYS = '{"keys":[]}', FLOOR_LOGIN = '', ISSUER = '', SYNC_GATEWAY_ADMIN_URL: url = '', SYNC_GATEWAY_KEYSPACE: keyspace = '' } = process.env
const keys = createLocalJWKSet(JSON.parse(FLOOR_KEYS) as JSONWebKeySet)
const agent = new http.Agent({ keepAlive: true })
const login = { authorization: `Basic ${Buffer.from(FLOOR_LOGIN).toString('base64')}` }

export const handler = async ({ headers }: APIGatewayProxyEventV2) => {
  const { payload } = await jwtVerify(headers['authorization']?.slice('Bearer '.length) ?? '', keys, { issuer: ISSUER, audience: ISSUER, typ: 'at+jwt' })
  const session = await send('POST', '_session', JSON.stringify({ name: payload['preferred_username'], ttl: 3_600 }))
  const account = await send('GET', `signin::${payload.sub}`)
  const { status } = JSON.parse(account) as { status: string }
  return { statusCode: status === 'active' ? 200 : 401, headers: { 'content-type': 'application/json' }, body: session }
}

const send = (method: string, path: string, body?: string) =>
  new Promise<string>((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
    const request = http.request(`${url}/${keyspace}/${path}`, { method, agent, headers: { ...login, ...length } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(Buffer.concat(chunks).toString()))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
