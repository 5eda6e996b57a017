// What a DPoP proof may be signed by, for discovery and challenges.

/** Asymmetric all. `Ed25519` is what RFC 9864 calls EdDSA on that curve. */
export const dpopAlgorithms = ['ES256', 'RS256', 'EdDSA', 'Ed25519']
