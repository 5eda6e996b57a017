// The one client of Sync Gateway's admin port: documents, users, roles and sessions, for both kinds of keyspace.
import { httpClient, type HttpReply, type HttpRequest } from './http-client.ts'
import { UpstreamError, type UpstreamFailure } from './upstream-error.ts'

export type Login = { username: string; password: string }

export type SyncGatewayConfig = {
  adminUrl: string
  /** `db`, or `db.scope.collection`. */
  keyspace: string
  /** A Couchbase Server user, by HTTP Basic (never a Sync Gateway user). */
  login: (signal: AbortSignal) => Promise<Login>
  /** Reads the login again after it was refused; answers whether it did. */
  rereadLogin: (signal: AbortSignal) => Promise<boolean>
  random: (bytes: number) => Buffer
}

/** A document as it was read: `rev` is what a write over it must name. */
export type Document = { id: string; rev: string; body: Readonly<Record<string, unknown>> }
/** A document, or none, and the sequence of its last change: later ones have higher sequences. */
export type Sighting = { document: Document | undefined; sequence: number }
export type User = { channels: string[]; roles: string[]; disabled: boolean }
export type Session = { session_id: string; cookie_name: string; expires: string }

const timeoutMilliseconds = 5_000
// How much later than it was asked for an answer may come.
const graceMilliseconds = 1_000

/**
 * Every request is bounded by 5 s and by the caller's signal. All of them may be repeated, and one whose reply was lost is, once, on a new
 * connection. Rejects with an UpstreamError; what a caller decides upon (a conflict, an absent document) is an answer.
 */
export const syncGateway = ({ adminUrl, keyspace, login, rereadLogin, random }: SyncGatewayConfig) => {
  const request = httpClient('sync-gateway', { keepAlive: true })
  const [database = '', scope, collection] = keyspace.split('.')

  type Call = { operation: string; method: HttpRequest['method']; path: string; json?: object; holdMilliseconds?: number; signal: AbortSignal }

  const sendOnce = async ({ operation, method, path, json, holdMilliseconds, signal }: Call, fresh: boolean) => {
    const { username, password } = await login(signal)
    return request({
      operation, method, signal, fresh,
      ...(holdMilliseconds === undefined ? { timeoutMilliseconds } : { timeoutMilliseconds: holdMilliseconds + graceMilliseconds, held: true }),
      url: `${adminUrl}/${path}`,
      headers: {
        authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
        accept: 'application/json',
        ...(json ? { 'content-type': 'application/json' } : {}),
      },
      ...(json ? { body: JSON.stringify(json) } : {}),
    })
  }

  const send = async (call: Call) => {
    const repeated = async () => {
      try {
        return await sendOnce(call, false)
      } catch (error) {
        if (!wasLost(error) || call.signal.aborted || call.holdMilliseconds !== undefined) throw error
        return sendOnce(call, true)
      }
    }
    const reply = await repeated()
    return isLoginRefused(reply) && (await rereadLogin(call.signal)) ? repeated() : reply
  }

  /** The reply if its status is one of these; else the UpstreamError that it means. */
  const expect = async (call: Call, ...fine: number[]) => {
    const reply = await send(call)
    if (fine.includes(reply.status) && !isForeign(reply)) return reply
    throw new UpstreamError('sync-gateway', call.operation, failureOf(reply), { status: reply.status })
  }

  const documentPath = (id: string) => `${keyspace}/${encodeURIComponent(id)}`
  const userPath = (name: string) => `${database}/_user/${encodeURIComponent(name)}`
  const access = (channels: string[]) =>
    scope && collection ? { collection_access: { [scope]: { [collection]: { admin_channels: channels } } } } : { admin_channels: channels }
  const channelsOf = (user: Record<string, unknown>) =>
    texts(scope && collection ? member(member(member(user, 'collection_access'), scope), collection)['admin_channels'] : user['admin_channels'])

  const readDocument = async (id: string, signal: AbortSignal): Promise<Document | undefined> => {
    const reply = await expect({ operation: 'readDocument', method: 'GET', path: documentPath(id), signal }, 200, 404)
    if (reply.status === 404) return absent(reply, 'readDocument')
    return documentOf(id, parsed(reply, 'readDocument'), 'readDocument')
  }

  const changes = async (id: string, query: Record<string, string>, call: Pick<Call, 'operation' | 'holdMilliseconds' | 'signal'>): Promise<Sighting | undefined> => {
    const path = `${keyspace}/_changes?${new URLSearchParams({ ...query, include_docs: 'true' }).toString()}`
    const { results } = parsed(await expect({ method: 'GET', path, ...call }, 200), call.operation)
    if (!Array.isArray(results)) throw new UpstreamError('sync-gateway', call.operation, 'unexpected', { status: 200 })
    const entry = (results as (Record<string, unknown> | null)[]).findLast((one) => one?.['id'] === id)
    if (!entry) return undefined
    const sequence = sequenceOf(entry['seq'], call.operation)
    if (entry['deleted'] === true) return { document: undefined, sequence }
    // The feed lacks a body that has been replaced already.
    return { document: entry['doc'] ? documentOf(id, member(entry, 'doc'), call.operation) : await readDocument(id, call.signal), sequence }
  }

  /**
   * Compare-and-set that survives a lost reply: a revision of fresh randomness per attempt, so that its own repeat is 201 whether or not the
   * first worked, and 409 means that somebody else won. Over nothing, or a tombstone, it is a first revision without ancestors.
   */
  const writeDocument = async (id: string, previous: Document | undefined, body: object, signal: AbortSignal): Promise<Document | undefined> => {
    const [generation, parent] = previous ? splitRevision(previous.rev) : [0, undefined]
    const digest = random(16).toString('hex')
    const rev = `${generation + 1}-${digest}`
    const json = { ...body, _rev: rev, _revisions: { start: generation + 1, ids: parent ? [digest, parent] : [digest] } }
    const reply = await expect({ operation: 'writeDocument', method: 'PUT', path: `${documentPath(id)}?new_edits=false`, json, signal }, 201, 409)
    return reply.status === 409 ? undefined : { id, rev, body: body as Record<string, unknown> }
  }

  return {
    /** The document, or undefined if there is none (or no longer). */
    readDocument,

    /** The document with its sequence, by which to wait for its next change; both are those of the bucket, not of a feed that may lag behind. */
    readSighting: async (id: string, signal: AbortSignal): Promise<Sighting> => {
      const query = { filter: '_doc_ids', doc_ids: JSON.stringify([id]) }
      return (await changes(id, query, { operation: 'readSighting', signal })) ?? { document: undefined, sequence: 0 }
    },

    /**
     * The next change after a sequence, of a document with a channel of its own id; at once if it has happened. Undefined if none comes within so many
     * milliseconds. Not repeated when its reply is lost: its time is over by then.
     */
    nextSighting: (id: string, since: number, holdMilliseconds: number, signal: AbortSignal): Promise<Sighting | undefined> => {
      const query = { feed: 'longpoll', since: String(since), filter: 'sync_gateway/bychannel', channels: id, timeout: String(holdMilliseconds) }
      return changes(id, query, { operation: 'nextSighting', holdMilliseconds, signal })
    },

    /** Writes over `previous`, or where nothing is. The document, or undefined if somebody else was faster. */
    writeDocument,

    /** Writes where nothing is; never overwrites. Undefined if there already is a document. */
    createDocument: (id: string, body: object, signal: AbortSignal) => writeDocument(id, undefined, body, signal),

    /** Leaves a tombstone. False if somebody else changed the document since it was read. */
    deleteDocument: async (previous: Document, signal: AbortSignal) =>
      (await writeDocument(previous.id, previous, { _deleted: true }, signal)) !== undefined,

    /** Makes a user; never overwrites one. A repeat after a lost reply says `exists`, so read it then. */
    createUser: async (name: string, { password, channels, roles }: { password: string; channels: string[]; roles: string[] }, signal: AbortSignal) => {
      const json = { name, password, admin_roles: roles, ...access(channels) }
      const reply = await expect({ operation: 'createUser', method: 'POST', path: `${database}/_user/`, json, signal }, 201, 409)
      return reply.status === 201 ? 'created' : 'exists'
    },

    readUser: async (name: string, signal: AbortSignal): Promise<User | undefined> => {
      const reply = await expect({ operation: 'readUser', method: 'GET', path: userPath(name), signal }, 200, 404)
      if (reply.status === 404) return absent(reply, 'readUser')
      const user = parsed(reply, 'readUser')
      return { channels: channelsOf(user), roles: texts(user['admin_roles']), disabled: user['disabled'] === true }
    },

    /** Changes what it names, of a user that is there. */
    updateUser: async (name: string, change: Partial<User>, signal: AbortSignal) => {
      const { channels, roles, disabled } = change
      const json = {
        ...(disabled === undefined ? {} : { disabled }),
        ...(roles === undefined ? {} : { admin_roles: roles }),
        ...(channels === undefined ? {} : access(channels)),
      }
      await expect({ operation: 'updateUser', method: 'PUT', path: userPath(name), json, signal }, 200)
    },

    /** Ends the user and all its sessions; one that is not there is done. */
    deleteUser: async (name: string, signal: AbortSignal) => {
      await expect({ operation: 'deleteUser', method: 'DELETE', path: userPath(name), signal }, 200, 404)
    },

    /** Makes a role, or gives the one that is there these channels. */
    putRole: async (name: string, channels: string[], signal: AbortSignal) => {
      const path = `${database}/_role/${encodeURIComponent(name)}`
      await expect({ operation: 'putRole', method: 'PUT', path, json: access(channels), signal }, 200, 201)
    },

    readRole: async (name: string, signal: AbortSignal): Promise<{ channels: string[] } | undefined> => {
      const reply = await expect({ operation: 'readRole', method: 'GET', path: `${database}/_role/${encodeURIComponent(name)}`, signal }, 200, 404)
      return reply.status === 404 ? absent(reply, 'readRole') : { channels: channelsOf(parsed(reply, 'readRole')) }
    },

    deleteRole: async (name: string, signal: AbortSignal) => {
      await expect({ operation: 'deleteRole', method: 'DELETE', path: `${database}/_role/${encodeURIComponent(name)}`, signal }, 200, 404)
    },

    /** A session of so many seconds. A lost reply leaves one that nobody holds, until its ttl. */
    createSession: async (name: string, ttl: number, signal: AbortSignal): Promise<Session | 'no_user' | 'disabled'> => {
      const call: Call = { operation: 'createSession', method: 'POST', path: `${database}/_session`, json: { name, ttl }, signal }
      const reply = await expect(call, 200, 400, 404)
      if (reply.status === 404) return absent(reply, call.operation) ?? 'no_user'
      const json = parsed(reply, call.operation)
      if (reply.status === 400) {
        // The only 400 that names and a ttl checked by us can get.
        if (json['reason'] === 'User is disabled') return 'disabled'
        throw new UpstreamError('sync-gateway', call.operation, 'unexpected', { status: 400 })
      }
      const field = (key: string) => text(json[key], call.operation)
      return { session_id: field('session_id'), cookie_name: field('cookie_name'), expires: field('expires') }
    },

    /** Ends one session of this user; one that is over, or somebody else's, is done. */
    endSession: async (name: string, id: string, signal: AbortSignal) => {
      const path = `${userPath(name)}/_session/${encodeURIComponent(id)}`
      await expect({ operation: 'endSession', method: 'DELETE', path, signal }, 200, 404)
    },

    /** Ends every session of this user. */
    endSessions: async (name: string, signal: AbortSignal) => {
      await expect({ operation: 'endSessions', method: 'DELETE', path: `${userPath(name)}/_session`, signal }, 200, 404)
    },
  }
}

export type SyncGateway = ReturnType<typeof syncGateway>

const wasLost = (error: unknown) => error instanceof UpstreamError && error.failure === 'lost_reply'

// A 403 that says why comes from the sync function; one without a reason from a login that lacks the role.
const isLoginRefused = (reply: HttpReply) => reply.status === 401 || (reply.status === 403 && !/"reason":\s*"[^"]/.test(reply.body))

// Sync Gateway answers with an object or with nothing; a page for people comes from something in between, which may have done nothing.
const isForeign = ({ body }: HttpReply) => !/^\s*(\{|$)/.test(body)

const failureOf = (reply: HttpReply): UpstreamFailure => {
  if (isLoginRefused(reply)) return 'login_refused'
  return reply.status >= 500 || reply.status === 429 ? 'unavailable' : 'unexpected'
}

const parsed = (reply: HttpReply, operation: string): Record<string, unknown> => {
  try {
    return member({ body: JSON.parse(reply.body) as unknown }, 'body')
  } catch (cause) {
    throw new UpstreamError('sync-gateway', operation, 'unexpected', { status: reply.status, cause })
  }
}

// A database or keyspace that is not there is a 404 too, and is the operator's to mend: no document of it is merely absent.
const absent = (reply: HttpReply, operation: string): undefined => {
  const { reason } = parsed(reply, operation)
  if (typeof reason === 'string' && !/^no such database|^keyspace /.test(reason)) return undefined
  throw new UpstreamError('sync-gateway', operation, 'unexpected', { status: 404 })
}

const documentOf = (id: string, { _id, _rev, _cv, ...body }: Record<string, unknown>, operation: string): Document => ({ id, rev: text(_rev, operation), body })

// A number, or a text that ends with it after the oldest sequence that is missing: that one is other documents'.
const sequenceOf = (value: unknown, operation: string) => {
  const [, digits] = /(?:^|:)(\d+)$/.exec(String(value)) ?? []
  if (digits !== undefined) return Number(digits)
  throw new UpstreamError('sync-gateway', operation, 'unexpected', { status: 200 })
}

const splitRevision = (rev: string): [number, string] => {
  const dash = rev.indexOf('-')
  return [Number(rev.slice(0, dash)), rev.slice(dash + 1)]
}

const member = (value: Record<string, unknown>, key: string): Record<string, unknown> => {
  const inner = value[key]
  return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {}
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [])

const text = (value: unknown, operation: string) => {
  if (typeof value === 'string') return value
  throw new UpstreamError('sync-gateway', operation, 'unexpected', { status: 200 })
}
