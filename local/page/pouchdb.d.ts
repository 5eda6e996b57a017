// What this page uses of PouchDB 9, which brings no types of its own. https://pouchdb.com/api.html

export type Stored = { _id: string; _rev: string }
export type Problem = { reason?: string; message?: string }

export type Feed = { cancel: () => void; on: (event: 'change', heard: () => void) => Feed }

export type Replication = {
  on: {
    (event: 'active', heard: () => void): Replication
    (event: 'paused', heard: (problem: Problem | undefined) => void): Replication
    (event: 'denied', heard: (refused: Problem) => void): Replication
  }
}

export type Sync = { push: Replication; pull: Replication; cancel: () => void; on: (event: 'error', heard: () => void) => Sync }

export class PouchDB {
  constructor(name: string, options?: { skip_setup?: boolean; fetch?: typeof fetch })
  put(document: { _id: string } & Record<string, unknown>): Promise<unknown>
  remove(document: Stored): Promise<unknown>
  allDocs(options: { include_docs: true; startkey: string; endkey: string }): Promise<{ rows: { doc?: Stored & Record<string, unknown> }[] }>
  changes(options: { live: true; since: 'now' }): Feed
  sync(remote: PouchDB, options: { live: true; retry: true; back_off_function: (milliseconds: number) => number }): Sync
  close(): Promise<void>
}
