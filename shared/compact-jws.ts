// The form of a compact JWS (RFC 7515 section 7.1), in its one right spelling.

/** Three parts of base64url without padding, each as an encoder writes it. */
export const isCompactJws = (text: string) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text) && text.split('.').every(isCanonical)

// The last character of base64url can carry bits that mean nothing, which decoders forgive: without this, one signature could be written in several ways.
const isCanonical = (part: string) => Buffer.from(part, 'base64url').toString('base64url') === part
