// A stand-in whose databases come and go with the tests, and short ways to ask it.
import type { JsonObject } from '../../local/sync-gateway/json.ts'
import type { SyncGatewayOptions } from '../../local/sync-gateway/sync-gateway.ts'
import type { Answer } from './request.ts'
import { request } from './request.ts'
import { standIn } from './servers.ts'

export type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>

export const world = async (options: Omit<SyncGatewayOptions, 'clock'> = {}) => {
  const server = await standIn(options)
  const askAt = (base: string, prefix = '', always: Record<string, string> = {}): Ask => (method, path, body, headers = {}) =>
    request(base, prefix + path, { method, headers: { ...always, ...headers }, ...(body === undefined ? {} : { body }) })
  let count = 0

  /** A new database. `admin` and `open` ask below it, so `/_user/` for instance; `.scope.collection/id` works too. */
  const database = async (config: JsonObject = {}) => {
    const name = `db${++count}`
    const made = await askAt(server.adminUrl)('PUT', `/${name}/`, config)
    if (made.status !== 201) throw new Error(`${made.status} ${made.text}`)
    const admin = askAt(server.adminUrl, `/${name}`)
    const sessionOf = async (user: string, ttl?: number) => {
      const { body } = await admin('POST', '/_session', { name: user, ...(ttl === undefined ? {} : { ttl }) })
      return member(body, 'session_id') as string
    }
    const withCookie = (id: string) => askAt(server.publicUrl, `/${name}`, { cookie: `SyncGatewaySession=${id}` })
    /** Makes the user and signs it in. */
    const user = async (userName: string, more: JsonObject = {}) => {
      const { status, text } = await admin('PUT', `/_user/${userName}`, { password: 'secret', ...more })
      if (status !== 201) throw new Error(`${status} ${text}`)
      return withCookie(await sessionOf(userName))
    }
    const sequence = async () => member((await admin('GET', '/')).body, 'update_seq')
    return { name, admin, open: askAt(server.publicUrl, `/${name}`), sessionOf, withCookie, user, sequence }
  }
  return { ...server, admin: askAt(server.adminUrl), open: askAt(server.publicUrl), database }
}

/** A member of an answer, by its path. */
export const member = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>((found, name) => (typeof found === 'object' && found !== null ? (found as Record<string | number, unknown>)[name] : undefined), value)

/** The status, with the reason of a refusal. */
export const said = ({ status, body }: Answer) => {
  const reason = member(body, 'reason')
  return typeof reason === 'string' ? `${status} ${reason}` : String(status)
}

/** What each question is answered, one after the other. */
export const saidInTurn = async (...questions: (() => Promise<Answer>)[]) => {
  const answers: string[] = []
  for (const ask of questions) answers.push(said(await ask()))
  return answers
}
