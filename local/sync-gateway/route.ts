// A route: where it is, who may use it, and what does the work.
import type { CollectionCall, DatabaseCall, Exchange, Port, Reply } from './exchange.ts'
import type { Gateway } from './gateway.ts'

type Answer = Reply | Promise<Reply>

export type Route = {
  on: Port | 'both'
  methods: readonly string[]
  /** `{keyspace}` and `{db}` are looked up; so each route says by its path what its work needs. */
  path: string
  /** `open` looks for a login but does not want one; `own` wants what its port wants. */
  access: 'own' | 'open'
  /** Also while the database is offline. */
  offline: boolean
  work:
    | { on: 'gateway'; run: (exchange: Exchange, gateway: Gateway) => Answer }
    | { on: 'database'; run: (call: DatabaseCall, gateway: Gateway) => Answer }
    | { on: 'collection'; run: (call: CollectionCall, gateway: Gateway) => Answer }
}
