// DPoP proofs (RFC 9449): whoever sends a request shows that it holds a key, for this request only, now, and once.
import { isCompactJws } from './compact-jws.ts'
import { equal, hashed } from './digest.ts'
import { dpopAlgorithms } from './dpop-algorithms.ts'
import { makeNonce, nonceEnd } from './dpop-nonce.ts'
import { openProof, type OpenedProof } from './proof-signature.ts'
import { replays } from './replays.ts'

const limits = { proofCharactersMax: 4_096, jtiCharactersMax: 256, iatSeconds: 60, proofsKeptMax: 10_000 } as const

/** What a good proof shows: its key, by the base64url SHA-256 of RFC 7638, as in `dpop_jkt` and `cnf.jkt`. */
export type Proof = { thumbprint: string }

/** The request that a proof must be made for; its public URL. With a nonce `demanded` there must be a good one; `checked`, if there is one it must be good. */
export type ProvenRequest = { method: string; url: string; accessToken?: string; nonce: 'demanded' | 'checked'; tokenKeys: readonly string[] }

/**
 * Why a proof was not taken: `nonce` if a proof with the nonce that goes along with the answer would be (`use_dpop_nonce`), else `invalid`
 * (`invalid_dpop_proof`). Nothing of the proof is in the message, and no cause, because an error of jose's quotes what it read.
 */
export class DpopError extends Error {
  override readonly name = 'DpopError'
  readonly reason: 'invalid' | 'nonce'
  constructor(reason: DpopError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

const invalid = (message: string) => new DpopError('invalid', message)

/** `now` in milliseconds since 1970. */
export const dpop = ({ now }: { now: () => number }) => {
  const isReplay = replays({ now, keptMax: limits.proofsKeptMax })

  return {
    /** All that RFC 9449 section 4.3 asks, of the DPoP header as API Gateway gives it. Whose key it may be is for the caller to ask. Throws a DpopError. */
    check: async (header: string | undefined, request: ProvenRequest): Promise<Proof> => {
      const at = now()
      const { claims, thumbprint } = await verified(header, at)
      refuseElsewhere(claims, request)
      const end = endOf(claims, request, at)
      if (isReplay(hashed(`${thumbprint}.${claims.jti}`), end)) throw invalid('This DPoP proof was used before: make a new one for every request.')
      return { thumbprint }
    },

    /** For the DPoP-Nonce header; good for 60 s. Throws a TypeError if there is no key. */
    nonce: (tokenKeys: readonly string[]) => makeNonce(tokenKeys, now()),
  }
}

const verified = async (header: string | undefined, at: number): Promise<Proof & { claims: Claims }> => {
  if (header === undefined) throw invalid('This request needs a DPoP proof in its DPoP header.')
  // API Gateway joins repeated headers by commas, which no compact JWS has.
  if (header.length > limits.proofCharactersMax || !isCompactJws(header)) {
    throw invalid(`The DPoP header must hold one proof, a compact JWS of at most ${limits.proofCharactersMax} characters.`)
  }
  const proof = await openProof(header, { algorithms: dpopAlgorithms, now: at, toleranceSeconds: limits.iatSeconds })
  if (proof === 'shows_private_key') throw invalid('The DPoP proof shows more of its key than the public half. Do not use that key again.')
  if (proof === 'unsound') {
    throw invalid('The DPoP proof must be a sound dpop+jwt, signed by ES256, RS256 (2048 bits or more) or Ed25519 with the public key in its header.')
  }
  return { claims: claimsOf(proof.claims), thumbprint: proof.thumbprint }
}

type Claims = { jti: string; htm: string; htu: string; iat: number; ath: unknown; nonce: unknown }

const claimsOf = ({ jti, htm, htu, iat, ath, nonce }: OpenedProof['claims']): Claims => {
  if (typeof jti !== 'string' || jti === '' || jti.length > limits.jtiCharactersMax) throw invalid(`The jti of a DPoP proof must be a text of 1 to ${limits.jtiCharactersMax} characters.`)
  if (typeof htm !== 'string' || typeof htu !== 'string') throw invalid('The htm and htu of a DPoP proof must be texts.')
  if (iat === undefined || !Number.isFinite(iat)) throw invalid('The iat of a DPoP proof must be a number.')
  return { jti, htm, htu, iat, ath, nonce }
}

const refuseElsewhere = ({ htm, htu, ath }: Claims, { method, url, accessToken }: ProvenRequest) => {
  const target = normalized(url)
  if (htm !== method || target === undefined || normalized(htu) !== target) throw invalid('The DPoP proof is for another request: its htm and htu must be the method and the URL.')
  if (accessToken !== undefined && !(typeof ath === 'string' && equal(ath, hashed(accessToken)))) {
    throw invalid('The DPoP proof is for another access token: its ath must be the base64url SHA-256 of this one.')
  }
}

/**
 * Without query and fragment, normalised by syntax and scheme (RFC 3986 sections 6.2.2 and 6.2.3); undefined for what is no URL of the web.
 * URL does all of it but the escapes.
 */
const normalized = (text: string) => {
  // URL would forgive spaces, control characters and backslashes.
  const url = /^https?:\/\/[!-[\]-~]+$/i.test(text) ? URL.parse(text) : null
  if (!url) return undefined
  url.search = ''
  url.hash = ''
  return url.href.replace(/%[\da-f]{2}/gi, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
    return /[\w.~-]/.test(character) ? character : escape.toUpperCase()
  })
}

/** Until when the proof is good, in milliseconds since 1970: its nonce's time counts, or else its own (RFC 9449 section 4.3, number 11). */
const endOf = ({ iat, nonce }: Claims, { nonce: wish, tokenKeys }: ProvenRequest, at: number) => {
  if (nonce !== undefined) {
    const end = typeof nonce === 'string' ? nonceEnd(nonce, tokenKeys, at) : undefined
    if (end === undefined) throw new DpopError('nonce', 'The nonce of the DPoP proof is too old: take the one of this answer.')
    return end
  }
  if (wish === 'demanded') throw new DpopError('nonce', 'The DPoP proof must have the nonce of this answer.')
  const window = limits.iatSeconds * 1000
  const end = iat * 1000 + window
  // A device whose clock is wrong can still sign in: with a nonce, its clock does not count.
  if (end < at || end > at + 2 * window) throw new DpopError('nonce', 'The iat of the DPoP proof is not now: take the nonce of this answer.')
  return end
}
