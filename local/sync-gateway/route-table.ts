// Every route of both ports, in the order in which they are tried. Source: rest/routing.go.
import { allDocs } from './all-docs.ts'
import { deleteAttachment, getAttachment, putAttachment } from './attachment-routes.ts'
import { bulkDocs, bulkGet, revsDiff } from './bulk-routes.ts'
import { changes } from './changes-routes.ts'
import { getConfig, putConfig } from './config-routes.ts'
import { allDatabases, createDatabase, createOnPublicPort, deleteDatabase, fullCommit, getDatabase, root, takeOffline, takeOnline } from './database-routes.ts'
import { deleteDocument, getDocument, postDocument, putDocument } from './document-routes.ts'
import type { CollectionCall, DatabaseCall, Port, Reply } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { HttpError } from './http-error.ts'
import { deleteLocalDocument, getLocalDocument, putLocalDocument } from './local-documents.ts'
import { deletePrincipal, deleteSessionsOfUser, getPrincipal, listRoles, listUsers, putPrincipal } from './principal-routes.ts'
import { getRawDocument, purge } from './raw-documents.ts'
import { text } from './reply.ts'
import { getResync, postResync } from './resync.ts'
import type { Route } from './route.ts'
import { endSession, endSessionOfUser, getOwnSession, getSession, makeSession, signIn, signOut } from './session-routes.ts'
import { deleteSyncFunction, getSyncFunction, putSyncFunction } from './sync-function-routes.ts'

type Where = Port | 'both'
type Options = { access?: 'open'; offline?: boolean }

const at = (on: Where, methods: string, path: string, work: Route['work'], { access, offline = false }: Options = {}): Route => ({
  on, methods: methods.split(' '), path, work, access: access ?? 'own', offline,
})
const onGateway = (on: Where, methods: string, path: string, run: Extract<Route['work'], { on: 'gateway' }>['run'], options?: Options) =>
  at(on, methods, path, { on: 'gateway', run }, options)
const onDatabase = (on: Where, methods: string, path: string, run: (call: DatabaseCall, gateway: Gateway) => Reply, options?: Options) =>
  at(on, methods, `/{db}${path}`, { on: 'database', run }, options)
const onCollection = (on: Where, methods: string, path: string, run: (call: CollectionCall, gateway: Gateway) => Reply, options?: Options) =>
  at(on, methods, `/{keyspace}${path}`, { on: 'collection', run }, options)

/** Design documents are for administrators, who have none here. */
const designDocument = (call: DatabaseCall): Reply => {
  throw call.port === 'public' ? new HttpError(403, 'forbidden') : new HttpError(404, 'missing')
}

const open = { access: 'open' } as const
const alsoOffline = { offline: true } as const

export const routes: Route[] = [
  onGateway('both', 'GET HEAD', '/_ping', (exchange) => text(exchange, 'OK', 'text/plain'), open),
  onGateway('both', 'GET HEAD', '/', root),
  onDatabase('both', 'GET HEAD', '/', getDatabase, alsoOffline),
  onCollection('both', 'POST', '/', postDocument),
  onCollection('both', 'GET HEAD', '/{docid}', getDocument),
  onCollection('both', 'PUT', '/{docid}', putDocument),
  onCollection('both', 'DELETE', '/{docid}', deleteDocument),
  onCollection('both', 'GET HEAD', '/{docid}/{attach}', getAttachment),
  onCollection('both', 'PUT', '/{docid}/{attach}', putAttachment),
  onCollection('both', 'DELETE', '/{docid}/{attach}', deleteAttachment),
  onCollection('both', 'GET HEAD', '/_local/{local}', getLocalDocument),
  onCollection('both', 'PUT', '/_local/{local}', putLocalDocument),
  onCollection('both', 'DELETE', '/_local/{local}', deleteLocalDocument),
  onCollection('both', 'POST', '/_bulk_docs', bulkDocs),
  onCollection('both', 'POST', '/_bulk_get', bulkGet),
  onCollection('both', 'POST', '/_revs_diff', revsDiff),
  onCollection('both', 'GET HEAD POST', '/_changes', changes),
  onCollection('both', 'GET HEAD POST', '/_all_docs', allDocs),
  onDatabase('both', 'GET HEAD PUT DELETE', '/_design/{ddoc}', designDocument),
  onDatabase('both', 'POST', '/_ensure_full_commit', fullCommit),
  onDatabase('both', 'GET HEAD', '/_session', getOwnSession, open),

  onDatabase('public', 'POST', '/_session', signIn, open),
  onDatabase('public', 'DELETE', '/_session', signOut),
  onGateway('public', 'PUT', '/{targetdb}/', createOnPublicPort, open),

  onCollection('admin', 'POST', '/_purge', purge),
  onCollection('admin', 'GET HEAD', '/_raw/{docid}', getRawDocument),
  onCollection('admin', 'GET', '/_config/sync', getSyncFunction, alsoOffline),
  onCollection('admin', 'PUT', '/_config/sync', putSyncFunction, alsoOffline),
  onCollection('admin', 'DELETE', '/_config/sync', deleteSyncFunction, alsoOffline),
  onDatabase('admin', 'POST', '/_session', makeSession),
  onDatabase('admin', 'GET', '/_session/{sessionid}', getSession),
  onDatabase('admin', 'DELETE', '/_session/{sessionid}', endSession),
  onDatabase('admin', 'GET HEAD', '/_user/', listUsers),
  onDatabase('admin', 'POST', '/_user/', putPrincipal('user')),
  onDatabase('admin', 'GET HEAD', '/_user/{name}', getPrincipal('user')),
  onDatabase('admin', 'PUT', '/_user/{name}', putPrincipal('user')),
  onDatabase('admin', 'DELETE', '/_user/{name}', deletePrincipal('user')),
  onDatabase('admin', 'DELETE', '/_user/{name}/_session', deleteSessionsOfUser),
  onDatabase('admin', 'DELETE', '/_user/{name}/_session/{sessionid}', endSessionOfUser),
  onDatabase('admin', 'GET HEAD', '/_role/', listRoles),
  onDatabase('admin', 'POST', '/_role/', putPrincipal('role')),
  onDatabase('admin', 'GET HEAD', '/_role/{name}', getPrincipal('role')),
  onDatabase('admin', 'PUT', '/_role/{name}', putPrincipal('role')),
  onDatabase('admin', 'DELETE', '/_role/{name}', deletePrincipal('role')),
  onDatabase('admin', 'GET', '/_config', getConfig, alsoOffline),
  onDatabase('admin', 'PUT POST', '/_config', putConfig, alsoOffline),
  onDatabase('admin', 'GET', '/_resync', getResync, alsoOffline),
  onDatabase('admin', 'POST', '/_resync', postResync, alsoOffline),
  onDatabase('admin', 'POST', '/_offline', takeOffline, alsoOffline),
  onDatabase('admin', 'POST', '/_online', takeOnline, alsoOffline),
  onDatabase('admin', 'DELETE', '/', deleteDatabase, alsoOffline),
  onGateway('admin', 'PUT', '/{newdb}/', createDatabase),
  onGateway('admin', 'GET HEAD', '/_all_dbs', allDatabases),
]
