// What an app on a device does with its tokens, bound to a key or not, through any sandbox.
import { createHash, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { ciba } from '../app.ts'
import type { Answer, Sandbox } from '../sandbox.ts'
import { issuer } from './town.ts'

export type Tokens = { access: string; refresh: string; user: string; device: string }

export const tokensOf = ({ json }: Answer): Tokens => {
  const access = String(json['access_token'])
  const { sub, sid } = JSON.parse(Buffer.from(access.split('.')[1] ?? '', 'base64url').toString()) as { sub: string; sid: string }
  return { access, refresh: String(json['refresh_token']), user: sub, device: sid }
}

/** A key that an app holds; `now` in milliseconds since 1970. */
export const bindingKey = async (now: () => number) => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  const proof = (method: string, path: string, claims: Record<string, unknown>) =>
    new SignJWT({ jti: randomUUID(), htm: method, htu: `${issuer}${path}`, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .setIssuedAt(Math.floor(now() / 1000))
      .sign(privateKey)
  return { thumbprint: await calculateJwkThumbprint(jwk), proof }
}

export type BindingKey = Awaited<ReturnType<typeof bindingKey>>

export const device = (key: BindingKey | undefined) => {
  /** Sends it with a proof, and again with the nonce if one is demanded. */
  const proven = async (method: string, path: string, claims: object, send: (headers: Record<string, string>) => Promise<Answer>): Promise<Answer> => {
    if (!key) return send({})
    const first = await send({ dpop: await key.proof(method, path, { ...claims }) })
    return first.json['error'] === 'use_dpop_nonce' ? send({ dpop: await key.proof(method, path, { ...claims, nonce: first.headers['dpop-nonce'] }) }) : first
  }
  const token = ({ post }: Sandbox, form: Record<string, string>) => proven('POST', '/token', {}, (headers) => post('token', { client_id: 'app', ...form }, headers))
  const session = ({ send }: Sandbox, method: 'POST' | 'DELETE', access: string, query = '') => {
    const ath = createHash('sha256').update(access).digest('base64url')
    return proven(method, '/session', { ath }, (headers) => send({ route: `${method} /session`, query, headers: { authorization: `${key ? 'DPoP' : 'Bearer'} ${access}`, ...headers } }))
  }

  return {
    thumbprint: key?.thumbprint,
    redeem: (slot: Sandbox, authReqId: string) => token(slot, { grant_type: ciba, auth_req_id: authReqId }),
    refresh: (slot: Sandbox, refreshToken: string) => token(slot, { grant_type: 'refresh_token', refresh_token: refreshToken }),
    revoke: ({ post }: Sandbox, refreshToken: string) => post('revoke', { client_id: 'app', token: refreshToken }),
    session: (slot: Sandbox, access: string) => session(slot, 'POST', access),
    signOut: (slot: Sandbox, access: string, what: string) => session(slot, 'DELETE', access, what),
  }
}

export type Device = ReturnType<typeof device>
