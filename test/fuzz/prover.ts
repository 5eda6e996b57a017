// A key that signs DPoP proofs, right ones and such as no library would make.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'

export const prover = (issuer: string, now: () => number) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' })
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

  /** With whatever is given in place of the right claims and header. */
  const sealed = (method: string, path: string, claims: object, header: object) => {
    const standard = { jti: randomUUID(), htm: method, htu: `${issuer}${path}`, iat: Math.floor(now() / 1000) }
    const signed = `${encoded({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header })}.${encoded({ ...standard, ...claims })}`
    return `${signed}.${sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }

  return { sealed, proof: (method: string, path: string, claims: object = {}) => sealed(method, path, claims, {}) }
}

export type Prover = ReturnType<typeof prover>
