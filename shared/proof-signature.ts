// The signature of a DPoP proof, read by jose: whoever sends one chooses the key.
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify, type JWTPayload } from 'jose'
import { isPrivate } from './key-set.ts'

export type ProofRules = { algorithms: string[]; /** Milliseconds since 1970. */ now: number; toleranceSeconds: number }

/** What a proof says, and the base64url SHA-256 of its key (RFC 7638). */
export type OpenedProof = { claims: JWTPayload; thumbprint: string }

/** RFC 9449 section 4.3, numbers 3 to 7. Says why a proof is not taken, and nothing of what jose says of it, which quotes what it read. */
export const openProof = async (text: string, { algorithms, now, toleranceSeconds }: ProofRules): Promise<OpenedProof | 'shows_private_key' | 'unsound'> => {
  let showsPrivateKey = false
  try {
    const { payload, key } = await jwtVerify(text, (header, token) => {
      showsPrivateKey = isPrivate(header.jwk ?? {})
      if (showsPrivateKey) throw new TypeError('A private key.')
      return EmbeddedJWK(header, token)
    }, { algorithms, typ: 'dpop+jwt', currentDate: new Date(now), clockTolerance: toleranceSeconds })
    return { claims: payload, thumbprint: await calculateJwkThumbprint(key) }
  } catch {
    return showsPrivateKey ? 'shows_private_key' : 'unsound'
  }
}
