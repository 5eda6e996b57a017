// A collection: its documents, and what they grant.
import type { Document } from './document.ts'
import type { Grants } from './grants.ts'
import { grants } from './grants.ts'
import type { JsonObject } from './json.ts'
import type { SyncFunction } from './sync-function.ts'

export const defaultKeyspace = '_default._default'

/** What stays when the database is configured anew, or removed and made again on the same bucket. */
export type CollectionData = {
  documents: Map<string, Document>
  locals: Map<string, JsonObject>
  attachments: Map<string, Buffer>
  /** Channel to the ids of the documents that are in it, or left it. */
  channels: Map<string, Set<string>>
  channelGrants: Grants
  roleGrants: Grants
}

export type Collection = {
  scope: string
  name: string
  /** `scope.collection` */
  keyspace: string
  data: CollectionData
  sync: SyncFunction
}

export const emptyCollection = (): CollectionData => ({
  documents: new Map(),
  locals: new Map(),
  attachments: new Map(),
  channels: new Map(),
  channelGrants: grants(),
  roleGrants: grants(),
})

/** What the real server runs where no function is configured. */
export const defaultSync = (keyspace: string) =>
  keyspace === defaultKeyspace ? 'function(doc){channel(doc.channels);}' : `function(doc){channel("${keyspace.slice(keyspace.indexOf('.') + 1)}");}`
