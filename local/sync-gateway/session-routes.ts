// `_session` on both ports. Source: rest/session_api.go, auth/session.go.
import { ownChannels } from './access.ts'
import { defaultKeyspace } from './collection.ts'
import { cookiePath, cookieText, cookieValue } from './cookie.ts'
import { originMatches } from './cors.ts'
import { hasDefault } from './database.ts'
import type { DatabaseCall, Reply } from './exchange.ts'
import { flag, originOf, pathVar } from './exchange.ts'
import type { Struct } from './go-struct.ts'
import { HttpError } from './http-error.ts'
import type { Json } from './json.ts'
import { objectOf, wholeNumber } from './json.ts'
import { isPasswordOf } from './password.ts'
import type { User } from './principal.ts'
import { nameFault } from './principal-name.ts'
import { empty, json } from './reply.ts'
import { readStruct } from './request-body.ts'
import { createSession, dayInSeconds, deleteSession, liveSession } from './sessions.ts'

const wanted: Struct = { struct: '', go: String.raw`struct { Name string "json:\"name\""; TTL int "json:\"ttl\"" }`, fields: { name: 'string', ttl: 'int' } }
const login: Struct = {
  struct: '', go: String.raw`struct { Name string "json:\"name\""; Password string "json:\"password\"" }`, fields: { name: 'string', password: 'string' },
}
const oneTimeSeconds = 300

const sessionInfo = (call: DatabaseCall, user: User | undefined, oneTime?: string): Reply => {
  const channels: Json = user ? channelsOf(call, user) : objectOf([])
  const userCtx = objectOf([['name', user && user.name !== '' ? user.name : null], ['channels', channels]])
  return json(call, objectOf([['authentication_handlers', ['default', 'cookie']], ['ok', true], ['userCtx', userCtx], ['one_time_session_id', oneTime]]))
}

// Those of roles are not shown, nor any where the default collection is not configured. A guest that was never changed has none at all.
const channelsOf = ({ db }: DatabaseCall, user: User): Json =>
  !hasDefault(db) || (user.name === '' && user.sequence === 0) ? null : objectOf(ownChannels(db, user, defaultKeyspace))

export const getOwnSession = (call: DatabaseCall): Reply => sessionInfo(call, call.user)

export const getSession = (call: DatabaseCall): Reply => {
  const live = liveSession(call.db, pathVar(call, 'sessionid'))
  if (!live) throw new HttpError(404, 'missing')
  return sessionInfo(call, live.user)
}

/** The administrator makes a session for a user, with a ttl in whole seconds. */
export const makeSession = (call: DatabaseCall): Reply => {
  const info = readStruct(call, wanted)
  const name = typeof info['name'] === 'string' ? info['name'] : ''
  if (name === '' || name === 'GUEST' || nameFault(name) !== undefined) throw new HttpError(400, 'Invalid or missing user name')
  const user = call.db.meta.users.get(name)
  if (!user) throw new HttpError(404, `No such user ${JSON.stringify(name)}`)
  const ttl = wholeNumber(info['ttl']) ?? BigInt(dayInSeconds)
  // Go counts nanoseconds in 64 bits, so a ttl of some 292 years is the last that fits.
  if (BigInt.asIntN(64, ttl * 1_000_000_000n) < 1n) throw new HttpError(400, 'Invalid or missing ttl')
  const session = createSession(call.db, user, Number(ttl))
  const expires = `${new Date(session.expires).toISOString().slice(0, 19)}Z`
  return json(call, objectOf([['session_id', session.id], ['expires', expires], ['cookie_name', call.db.settings.cookie.name]]))
}

/** A client signs in with a password, or trades its session or token for another session of a day. */
export const signIn = (call: DatabaseCall): Reply => {
  refuseOrigin(call)
  const signedIn = call.user && call.user.name !== '' ? call.user : undefined
  if (call.db.settings.disablePasswords && !signedIn) throw new HttpError(401, 'Password authentication is disabled')
  const user = userFrom(call, signedIn) ?? signedIn
  if (!user) throw new HttpError(401, 'Invalid login')
  if (flag(call, 'one_time')) return sessionInfo(call, user, createSession(call.db, user, oneTimeSeconds, true).id)
  const { id, expires } = createSession(call.db, user, dayInSeconds)
  const { name, secure, httpOnly } = call.db.settings.cookie
  const sameSiteNone = secure && call.db.settings.cors !== undefined
  call.extra.push(['set-cookie', cookieText({ name, value: id, path: cookiePath(call.path), expires, secure, httpOnly, sameSiteNone })])
  return sessionInfo(call, user)
}

/** Whoever is signed in already may send what it likes. */
const userFrom = (call: DatabaseCall, signedIn: User | undefined) => {
  try {
    const info = readStruct(call, login)
    const user = call.db.meta.users.get(typeof info['name'] === 'string' ? info['name'] : '')
    return user && isPasswordOf(user, typeof info['password'] === 'string' ? info['password'] : '') ? user : undefined
  } catch (cause) {
    if (signedIn && cause instanceof HttpError) return undefined
    throw cause
  }
}

export const signOut = (call: DatabaseCall): Reply => {
  refuseOrigin(call)
  const { name } = call.db.settings.cookie
  const id = cookieValue(call.headers.cookie, name)
  if (id === undefined) throw new HttpError(404, 'no session')
  try {
    deleteSession(call.db, id)
  } catch { /* It is gone, which is what the client wants. */ }
  call.extra.push(['set-cookie', cookieText({ name, value: '', expires: call.db.clock.now() })])
  return empty()
}

const refuseOrigin = (call: DatabaseCall) => {
  const origin = originOf(call)
  if (origin !== '' && !originMatches(call.db.settings.cors?.loginOrigins ?? [], origin)) throw new HttpError(400, 'No CORS')
}

export const endSession = (call: DatabaseCall): Reply => {
  deleteSession(call.db, pathVar(call, 'sessionid'))
  return empty()
}

export const endSessionOfUser = (call: DatabaseCall): Reply => {
  const id = pathVar(call, 'sessionid')
  const live = liveSession(call.db, id)
  if (!live || live.session.userName !== pathVar(call, 'name')) throw new HttpError(404, 'missing')
  deleteSession(call.db, id)
  return empty()
}
