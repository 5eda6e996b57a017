// Login sessions: made, used, ended.
import { randomBytes } from 'node:crypto'
import { cookiePath, cookieText, cookieValue } from './cookie.ts'
import type { Database } from './database.ts'
import type { Exchange } from './exchange.ts'
import { HttpError } from './http-error.ts'
import type { User } from './principal.ts'
import type { Session } from './session.ts'

export const dayInSeconds = 86_400

/** Throws a 400 for a disabled user. */
export const createSession = (db: Database, user: User, ttlSeconds: number, oneTime = false): Session => {
  if (user.disabled) throw new HttpError(400, 'User is disabled')
  const expires = db.clock.now() + ttlSeconds * 1000
  const session = { id: randomBytes(20).toString('hex'), userName: user.name, expires, ttlSeconds, mark: user.sessionMark, oneTime }
  db.meta.sessions.set(session.id, session)
  return session
}

/** A session that is there, whether or not its user still honours it. */
const storedSession = (db: Database, id: string): Session | undefined => {
  const session = db.meta.sessions.get(id)
  if (!session || session.expires > db.clock.now()) return session
  end(db, id)
  return undefined
}

/** A session that is still good. */
export const liveSession = (db: Database, id: string) => {
  const session = storedSession(db, id)
  const user = session && db.meta.users.get(session.userName)
  return session && user && session.mark === user.sessionMark ? { session, user } : undefined
}

/** Ending it twice is fine, because the in-memory store keeps a trace; an id that never was is a 404. */
export const deleteSession = (db: Database, id: string) => {
  if (!storedSession(db, id) && !db.meta.endedSessions.has(id)) throw new HttpError(404, 'missing')
  end(db, id)
}

const end = ({ meta }: Database, id: string) => {
  meta.sessions.delete(id)
  meta.endedSessions.add(id)
}

/** The user of the request's cookie, undefined without one. Using it after a tenth of its ttl moves its end. */
export const userOfCookie = (db: Database, exchange: Exchange): User | undefined => {
  const { name } = db.settings.cookie
  const id = cookieValue(exchange.headers.cookie, name)
  if (id === undefined) return undefined
  const session = storedSession(db, id)
  if (!session) throw new HttpError(401, 'Session Invalid')
  const ttlMs = session.ttlSeconds * 1000
  const now = db.clock.now()
  if (now + ttlMs - session.expires > ttlMs / 10) {
    session.expires = now + ttlMs
    exchange.extra.push(['set-cookie', cookieText({ name, value: id, path: cookiePath(exchange.path), expires: session.expires })])
  }
  const user = db.meta.users.get(session.userName)
  if (!user || user.sessionMark !== session.mark) throw new HttpError(401, 'Session no longer valid for user')
  if (session.oneTime) end(db, id)
  return user
}
