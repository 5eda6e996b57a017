// Passwords of Sync Gateway users. The stand-in keeps a cheap salted hash; the limits are those of bcrypt.
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import { HttpError } from './http-error.ts'
import type { User } from './principal.ts'

const cost = { N: 256 }

/** Throws a 500 above 72 bytes, as the real server does. */
export const setPassword = (user: User, password: string) => {
  if (Buffer.byteLength(password) > 72) throw new HttpError(500, 'Internal error: Error hashing password: bcrypt: password length exceeds 72 bytes')
  const salt = randomBytes(8)
  user.password = password === '' ? undefined : { salt, hash: scryptSync(password, salt, 32, cost) }
  endSessions(user)
}

/** All of the user's sessions end, because none carries the new mark. */
export const endSessions = (user: User) => {
  user.sessionMark = randomBytes(8).toString('hex')
}

/** Never for a disabled user. */
export const isPasswordOf = (user: User, password: string) => {
  if (user.disabled) return false
  if (!user.password) return password === ''
  return timingSafeEqual(scryptSync(password, user.password.salt, 32, cost), user.password.hash)
}

/** Why a password is refused, or undefined. */
export const passwordFault = (password: string | undefined, allowEmpty: boolean) => {
  if (password === undefined || password === '') return allowEmpty ? undefined : 'Empty passwords are not allowed '
  return Buffer.byteLength(password) < 3 ? 'Passwords must be at least three 3 characters' : undefined
}
