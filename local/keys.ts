// The secrets that only Callgate knows, made anew for a local run: nothing outlives it, so nothing needs them again.
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'

export type KeyKind = 'EC' | 'RSA' | 'OKP'

/** 32 bytes that nobody can guess, as base64url. */
export const key32 = () => randomBytes(32).toString('base64url')

const keyPair = (kind: KeyKind) => {
  switch (kind) {
    case 'EC': return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    case 'RSA': return generateKeyPairSync('rsa', { modulusLength: 2048 })
    case 'OKP': return generateKeyPairSync('ed25519')
    default: return kind satisfies never
  }
}

/** A signing key and its public half, as JWKs (RFC 7517) of one `kid`. */
export const signingKey = (kind: KeyKind = 'EC') => {
  const { privateKey, publicKey } = keyPair(kind)
  const kid = randomUUID()
  return { private: { ...privateKey.export({ format: 'jwk' }), kid }, public: { ...publicKey.export({ format: 'jwk' }), kid } }
}

/** By name, without prefix. */
export const callgateSecrets = (pair = signingKey()): Record<string, object> => ({
  'signing-keys': { keys: [pair.private] },
  'public-keys': { keys: [pair.public] },
  'token-key': { keys: [key32()] },
  'phone-pepper': { key: key32() },
  'line-key': { key: key32() },
})
