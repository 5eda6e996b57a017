// A database: one configuration over the data of a bucket.
import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Collection, CollectionData } from './collection.ts'
import { defaultKeyspace, defaultSync, emptyCollection } from './collection.ts'
import type { Settings } from './settings.ts'
import type { Role, User } from './principal.ts'
import type { Session } from './session.ts'
import { digestOf, generationOf } from './revision-id.ts'
import { compile } from './sync-function.ts'
import type { Waiters } from './waiters.ts'
import { waiters } from './waiters.ts'

/** Users, sessions and the sequence of one database name in a bucket. */
export type Metadata = {
  sequence: number
  users: Map<string, User>
  roles: Map<string, Role>
  deletedRoles: Set<string>
  sessions: Map<string, Session>
  endedSessions: Set<string>
}

export type Bucket = {
  source: string
  version: bigint
  collections: Map<string, CollectionData>
  metadata: Map<string, Metadata>
}

export type Resync = { status: 'completed' | 'running'; id: string; startedAt: number; processed: number; changed: number }

export type Database = {
  name: string
  clock: Clock
  bucket: Bucket
  meta: Metadata
  settings: Settings
  /** A generation and a digest, as a revision has them. */
  configVersion: string
  collections: Map<string, Collection>
  state: 'Online' | 'Offline'
  startedAt: number
  waiters: Waiters
  resync: Resync | undefined
}

export const emptyBucket = (): Bucket => ({
  source: randomBytes(16).toString('base64').replaceAll('=', ''),
  version: 0n,
  collections: new Map(),
  metadata: new Map(),
})

/** Takes the next sequence; every accepted change of a document, user or role has one. */
export const nextSequence = ({ meta }: Database) => (meta.sequence += 1)

/** A version vector entry: the time in nanoseconds, never twice the same, and the bucket that made it. */
export const nextVersion = ({ bucket, clock }: Database) => {
  const now = (BigInt(clock.now()) * 1_000_000n) & ~0xffffn
  bucket.version = now > bucket.version ? now : bucket.version + 0x10000n
  return `${bucket.version.toString(16)}@${bucket.source}`
}

export const openDatabase = (name: string, settings: Settings, bucket: Bucket, clock: Clock): Database => {
  const meta = bucket.metadata.get(name) ?? emptyMetadata()
  bucket.metadata.set(name, meta)
  return {
    name, clock, bucket, meta, settings,
    configVersion: digestOf(1, '', settings.config),
    collections: collectionsOf(settings, bucket),
    state: settings.startOffline ? 'Offline' : 'Online',
    startedAt: clock.now(),
    waiters: waiters(),
    resync: undefined,
  }
}

/** Puts another configuration over the same data; open replications end. */
export const configure = (db: Database, settings: Settings) => {
  db.settings = settings
  db.configVersion = digestOf(generationOf(db.configVersion) + 1, db.configVersion, settings.config)
  db.collections = collectionsOf(settings, db.bucket)
  db.startedAt = db.clock.now()
  db.waiters.close()
}

const collectionsOf = (settings: Settings, bucket: Bucket) => {
  const made = new Map<string, Collection>()
  for (const [keyspace, sync] of settings.syncFunctions) {
    const data = bucket.collections.get(keyspace) ?? emptyCollection()
    bucket.collections.set(keyspace, data)
    const [scope = '', name = ''] = keyspace.split('.')
    made.set(keyspace, { scope, name, keyspace, data, sync: compile(sync ?? defaultSync(keyspace), settings.javascriptTimeoutMs) })
  }
  return made
}

const emptyMetadata = (): Metadata => ({
  sequence: 0,
  users: new Map([['', guest()]]),
  roles: new Map(),
  deletedRoles: new Set(),
  sessions: new Map(),
  endedSessions: new Set(),
})

const guest = (): User => ({
  kind: 'user', name: '', channels: new Map(), sequence: 0, email: '', disabled: true, password: undefined,
  roles: new Map(), sessionMark: '', jwt: { issuer: '', roles: new Map(), channels: new Map() },
})

/** False where named collections hide the default one. */
export const hasDefault = (db: Database) => db.collections.has(defaultKeyspace)

export const onlyDefault = (db: Database) => db.collections.size === 1 && hasDefault(db)
