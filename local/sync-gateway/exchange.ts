// One request on its way through the stand-in, and the answer to it.
import type { IncomingHttpHeaders } from 'node:http'
import type { Collection } from './collection.ts'
import type { Database } from './database.ts'
import type { User } from './principal.ts'

export type Port = 'admin' | 'public'

export type Exchange = {
  port: Port
  method: string
  path: string
  query: URLSearchParams
  vars: Record<string, string>
  headers: IncomingHttpHeaders
  body: Buffer
  /** Headers that the answer gets whatever it turns out to be. */
  extra: [string, string][]
  onClose: (run: () => void) => void
}

/** A request to a database. No user means the administrator, who may do everything. */
export type DatabaseCall = Exchange & { db: Database; user: User | undefined }
export type CollectionCall = DatabaseCall & { collection: Collection }

/** What a stream writes to; `end` may be called once. */
export type Sink = { write: (text: string) => void; end: (text: string) => void }

export type Reply = {
  status: number
  headers: Record<string, string>
  body: string | Buffer
  stream?: (sink: Sink) => void
}

/** The variable of a path, unescaped once more, as the real server does it: a plus stays a plus, a broken escape is no text at all. */
export const pathVar = ({ vars }: Exchange, name: string) => {
  try {
    return decodeURIComponent(vars[name] ?? '')
  } catch {
    return ''
  }
}

export const flag = ({ query }: Exchange, name: string) => query.get(name) === 'true'

export const originOf = ({ headers }: Exchange) => headers.origin ?? ''

export const accepts = ({ headers }: Exchange, type: string) => {
  const accept = headers.accept ?? ''
  return accept === '' || accept.includes(type) || accept.includes('*/*')
}
