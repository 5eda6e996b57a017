// Refresh tokens that rotate: a successor is an HMAC of its predecessor, so a repeat after a lost reply gets the same one. Only hashes are stored.
import { equal, firstKey, hashed, keyed } from './digest.ts'
import { isUserId, type UserId } from './user-id.ts'

export type RefreshToken = { user: UserId; device: string; text: string }

/** What an account keeps of a device's tokens: the current one, and those before it that are still good. Times in seconds since 1970. */
export type Rotation = { current: string; previous: { hash: string; until?: number | undefined }[] }

export const idleSeconds = 60 * 86_400
const boundGraceSeconds = 30
const unboundGraceSeconds = 60
// So many may be on their way at once: more is no bad network.
const previousMax = 4

const pattern = /^(\d{4,16})\.([\w-]{22})\.([\w-]{43})\.([\w-]{22})$/
const tagOf = (key: string, user: UserId, device: string, secret: string) => keyed(key, 'refresh tag', user, device, secret).slice(0, 22)

const made = (key: string, user: UserId, device: string, origin: string): RefreshToken => {
  const secret = keyed(key, 'refresh', user, device, origin)
  return { user, device, text: `${user.slice(3)}.${device}.${secret}.${tagOf(key, user, device, secret)}` }
}

/** The first token of a device, from the secret of its call: a repeated redemption gets the same. */
export const firstRefreshToken = (key: string, user: UserId, device: string, callSecret: string) => made(key, user, device, callSecret)

/** What `token` is traded for, under one key. */
export const successorOf = (key: string, { user, device, text }: RefreshToken) => made(key, user, device, text)

/** The token as written, or undefined for a text of another form. It may still be nobody's. */
export const parseRefreshToken = (text: string): RefreshToken | undefined => {
  const [, number, device] = pattern.exec(text) ?? []
  const user = `u::${number ?? ''}`
  return device !== undefined && isUserId(user) ? { user, device, text } : undefined
}

/** Whether it was ever made here, current or not. A stranger who knows a device's id must not be able to end it by a made-up token. */
export const isOurs = (keys: readonly string[], { user, device, text }: RefreshToken) => {
  const [, , , secret = '', tag = ''] = pattern.exec(text) ?? []
  return keys.some((key) => equal(tagOf(key, user, device, secret), tag))
}

export const firstRotation = ({ text }: RefreshToken): Rotation => ({ current: hashed(text), previous: [] })

/**
 * What presenting a token does. `rotated`: it was the current one. `repeated`: it was traded before and its grace is not over, so it
 * gets its successor again, and nothing changes. `stale`: whoever has it should not.
 */
export const present = (
  rotation: Rotation, token: RefreshToken, { keys, bound, now }: { keys: readonly string[]; bound: boolean; now: number },
): { outcome: 'rotated'; successor: RefreshToken; rotation: Rotation } | { outcome: 'repeated'; successor: RefreshToken } | { outcome: 'stale' } => {
  const hash = hashed(token.text)
  const alive = rotation.previous.filter(({ until }) => until === undefined || now < until)
  if (equal(hash, rotation.current)) {
    const successor = successorOf(firstKey(keys), token)
    // Using a bound token shows that its predecessor's reply arrived; an unbound one might be in two hands, and so has less time.
    const before = bound ? alive.map((entry) => ({ ...entry, until: entry.until ?? now + boundGraceSeconds })) : alive
    const previous = [{ hash, until: bound ? undefined : now + unboundGraceSeconds }, ...before].slice(0, previousMax)
    return { outcome: 'rotated', successor, rotation: { current: hashed(successor.text), previous } }
  }
  if (!alive.some((entry) => equal(hash, entry.hash))) return { outcome: 'stale' }
  // The successor was made with the key that was first then.
  const known = [rotation.current, ...rotation.previous.map((entry) => entry.hash)]
  const successor = keys.map((key) => successorOf(key, token)).find(({ text }) => known.includes(hashed(text)))
  return successor ? { outcome: 'repeated', successor } : { outcome: 'stale' }
}
