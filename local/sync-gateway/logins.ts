// Who is calling: the user of the public port, and the administrator. Source: rest/handler.go.
import { timingSafeEqual, createHash } from 'node:crypto'
import { cookieValue } from './cookie.ts'
import type { Database } from './database.ts'
import type { Exchange } from './exchange.ts'
import { pathVar } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { decode } from './go-json.ts'
import { HttpError } from './http-error.ts'
import { objectIn, textOf } from './json.ts'
import type { Identity } from './local-jwt.ts'
import { identityOf } from './local-jwt.ts'
import { isPasswordOf } from './password.ts'
import type { User } from './principal.ts'
import { nameFault } from './principal-name.ts'
import { applyToken, newUser } from './principals.ts'
import { userOfCookie } from './sessions.ts'

const askForBasic = (exchange: Exchange, db?: Database) => {
  if (db?.settings.askForBasic ?? true) exchange.extra.push(['www-authenticate', 'Basic realm="Couchbase Sync Gateway"'])
}

/** By token, password, cookie, or as guest. Where a login is not wanted, a dead cookie counts as none. Throws a 401. */
export const publicUser = async (exchange: Exchange, db: Database, isWanted: boolean): Promise<User> => {
  const token = bearer(exchange)
  if (token !== '' && db.settings.providers.length > 0) return tokenUser(db, token)
  const basic = basicLogin(exchange)
  if (basic && !db.settings.disablePasswords) {
    const user = db.meta.users.get(basic.username)
    if (user && isPasswordOf(user, basic.password)) return withoutStaleToken(db, user)
    askForBasic(exchange, db)
    throw new HttpError(401, 'Invalid login')
  }
  const user = cookieUser(exchange, db, isWanted)
  if (user) return withoutStaleToken(db, user)
  const guest = db.meta.users.get('') ?? newUser('')
  if (!isWanted || !guest.disabled) return guest
  askForBasic(exchange, db)
  throw new HttpError(401, gaveCredentials(exchange) ? 'Invalid login' : 'Login required')
}

const cookieUser = (exchange: Exchange, db: Database, isWanted: boolean) => {
  try {
    return userOfCookie(db, exchange)
  } catch (cause) {
    if (isWanted || !(cause instanceof HttpError)) throw cause
    return undefined
  }
}

const tokenUser = async (db: Database, token: string): Promise<User> => {
  const identity = await identityOf(db.settings.providers, token, db.clock.now())
  const user = identity && (db.meta.users.get(identity.userName) ?? registered(db, identity))
  if (!identity || !user) throw new HttpError(401, 'Invalid login')
  if (user.name !== '') applyToken(db, user, identity.provider.issuer, identity)
  return user
}

/** What a token once gave ends with the provider that issued it. */
const withoutStaleToken = (db: Database, user: User) => {
  const { issuer } = user.jwt
  if (issuer !== '' && !db.settings.providers.some((provider) => provider.issuer === issuer)) applyToken(db, user, '', { email: user.email, roles: [], channels: [] })
  return user
}

const registered = (db: Database, { provider, userName, email }: Identity) => {
  if (!provider.register || nameFault(userName) !== undefined) return undefined
  const user = { ...newUser(userName), email }
  db.meta.users.set(userName, user)
  return user
}

/** A database that is not there is hidden: the answer depends only on whether credentials came along. */
export const refuseUnknownDatabase = (exchange: Exchange) => new HttpError(401, gaveCredentials(exchange) ? 'Invalid login' : 'Login required')

const gaveCredentials = (exchange: Exchange) =>
  basicLogin(exchange) !== undefined || bearer(exchange) !== '' || cookieValue(exchange.headers.cookie, 'SyncGatewaySession') !== undefined

/** HTTP Basic, if the gateway has logins at all. Throws a 401, or a 403 without a reason for who has no role here. */
export const checkAdmin = (exchange: Exchange, { logins }: Gateway, db: Database | undefined) => {
  if (!logins) return
  const basic = basicLogin(exchange)
  if (!basic) {
    askForBasic(exchange, db)
    throw new HttpError(401, 'Login required')
  }
  const login = logins.find(({ username, password }) => isSame(username, basic.username) && isSame(password, basic.password))
  if (!login) throw new HttpError(401, 'Invalid login')
  if (login.bucket !== undefined && login.bucket !== bucketOf(exchange, db)) throw new HttpError(403, '')
}

/** The bucket of the database, or of the one that is to be made: by the configuration that is sent, else by its name. */
const bucketOf = (exchange: Exchange, db: Database | undefined) => {
  if (db) return db.settings.bucket
  const name = pathVar(exchange, 'newdb')
  try {
    return textOf(objectIn(decode(exchange.body.toString()))['bucket']) || name
  } catch {
    return name
  }
}

const isSame = (a: string, b: string) => timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())

const bearer = ({ headers }: Exchange) => /^Bearer (.*)$/s.exec(headers.authorization ?? '')?.[1] ?? ''

const basicLogin = ({ headers }: Exchange) => {
  const encoded = /^Basic ([A-Za-z0-9+/]*={0,2})$/.exec(headers.authorization ?? '')?.[1]
  const [, username = '', password = ''] = /^([^:]*):([\s\S]*)$/.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? []
  return username === '' ? undefined : { username, password }
}
