// Digests: keyed names for phone numbers, hashes of secrets, and their comparison in constant time.
import { createHmac, hash, timingSafeEqual } from 'node:crypto'

/** The key that makes, of a set in which all verify. Throws a TypeError for an empty set. */
export const firstKey = ([key]: readonly string[]) => {
  if (key === undefined) throw new TypeError('The secret token-key holds no key.')
  return key
}

/** base64url HMAC-SHA-256 (RFC 2104) under a base64url key of 32 bytes. Parts are told apart by their lengths. */
export const keyed = (key: string, ...parts: string[]) => {
  const hmac = createHmac('sha256', Buffer.from(key, 'base64url'))
  for (const part of parts.length === 1 ? parts : parts.map((part) => `${Buffer.byteLength(part)}:${part}`)) hmac.update(part)
  return hmac.digest('base64url')
}

/** base64url SHA-256, for secrets of high entropy: what is stored of them. */
export const hashed = (secret: string) => hash('sha256', secret, 'base64url')

/** Whether two texts are equal, in a time that tells nothing about where they differ. */
export const equal = (left: string, right: string) =>
  timingSafeEqual(hash('sha256', left, 'buffer'), hash('sha256', right, 'buffer'))
