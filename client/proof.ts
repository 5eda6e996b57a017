// DPoP proofs (RFC 9449) by a key of this device, which nobody can take out of it.
import { base64url, base64urlJson, utf8 } from './base64url.ts'

/** A P-256 key. An app without WebCrypto gives one of its own, from a phone's secure hardware for example. */
export type ProofKey = {
  /** The public half: `kty`, `crv`, `x` and `y`, no more. */
  jwk: { kty: string; crv: string; x: string; y: string }
  /** ECDSA with SHA-256, as the 64 bytes of r and s. */
  sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>
  /** SHA-256. */
  digest: (bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>
}

/** `iat` in seconds since 1970. */
export type Claims = { jti: string; htm: string; htu: string; iat: number; nonce?: string | undefined }

export const proof = async ({ jwk, sign, digest }: ProofKey, claims: Claims, accessToken?: string) => {
  const ath = accessToken === undefined ? undefined : base64url(await digest(utf8(accessToken)))
  const text = `${base64urlJson({ typ: 'dpop+jwt', alg: 'ES256', jwk })}.${base64urlJson({ ...claims, ath })}`
  return `${text}.${base64url(await sign(utf8(text)))}`
}

/** RFC 7638: for `dpop_jkt`, by which a call is bound to the key before it rings. */
export const thumbprint = async ({ jwk: { kty, crv, x, y }, digest }: ProofKey) => base64url(await digest(utf8(JSON.stringify({ crv, kty, x, y }))))
