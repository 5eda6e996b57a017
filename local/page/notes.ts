// A person's notes: a PouchDB in this browser, in step with Sync Gateway for as long as it is open.
import { PouchDB, type Stored, type Sync } from './pouchdb.js'
import type { Session } from '../../client/callgate.ts'
import { fields } from './fields.ts'
import { syncFetch } from './sync-fetch.ts'

export type Note = Stored & { text: string; createdAt: string }
export type SyncState = 'syncing' | 'synced' | 'offline'
/** `bornAt` is when the account was made: so two people never share a notebook, not even where servers start anew. */
export type Member = Session & { bornAt: string }

type Heard = {
  changed: (notes: Note[]) => void
  sync: (state: SyncState) => void
  /** The server refused a note; with its reason. */
  denied: (reason: string) => void
  /** Sync Gateway refuses the session. Resolves when there is a new one; rejects when there will be none, and nothing syncs any more. */
  refused: () => Promise<void>
}

const retryMillisecondsMax = 10_000

/** `ask` is what requests go through. */
export const openNotes = ({ profile, bornAt, syncUrl }: Member, ask: typeof fetch, heard: Heard) => {
  const local = new PouchDB(`notes ${profile} ${bornAt}`)
  const remote = new PouchDB(syncUrl, { skip_setup: true, fetch: syncFetch(syncUrl, ask) })

  let isOpen = true
  const refresh = () => {
    read(local).then(
      (notes) => { if (isOpen) heard.changed(notes) },
      (error: unknown) => { if (isOpen) throw error },
    )
  }
  const feed = local.changes({ live: true, since: 'now' }).on('change', refresh)
  const start = (): Sync => {
    const started = local.sync(remote, { live: true, retry: true, back_off_function: (milliseconds) => Math.min(Math.max(milliseconds * 2, 1_000), retryMillisecondsMax) })
    watch(started, {
      sync: (state) => { if (isOpen) heard.sync(state) },
      denied: (reason) => { if (isOpen) heard.denied(reason) },
      refused: () => { if (isOpen) void goOn() },
    })
    return started
  }
  // PouchDB ends a replication that is refused, even one that should retry.
  const goOn = () => heard.refused().then(() => { if (isOpen) sync = start() }, () => undefined)
  let sync = start()
  refresh()

  return {
    add: async (text: string) => {
      await local.put({ _id: `note::${crypto.randomUUID()}`, type: 'note', owner: profile, text, createdAt: new Date().toISOString() })
    },
    remove: async ({ _id, _rev }: Stored) => {
      await local.remove({ _id, _rev })
    },
    close: async () => {
      isOpen = false
      sync.cancel()
      feed.cancel()
      await local.close()
    },
  }
}

export type Notes = ReturnType<typeof openNotes>

/** By push and pull each, because PouchDB's events of both together do not tell that the network is down. */
const watch = (sync: Sync, heard: Pick<Heard, 'sync' | 'denied'> & { refused: () => void }) => {
  const states: SyncState[] = []
  const tell = (index: number, state: SyncState) => {
    states[index] = state
    heard.sync(severity.find((worst) => states.includes(worst)) ?? 'synced')
  }
  for (const [index, replication] of [sync.push, sync.pull].entries()) {
    tell(index, 'syncing')
    replication
      .on('active', () => tell(index, 'syncing'))
      .on('paused', (problem) => tell(index, problem ? 'offline' : 'synced'))
      .on('denied', ({ reason, message }) => heard.denied(reason ?? message ?? 'It gave no reason.'))
  }
  // Anything else is tried again: only a session that is refused ends it.
  sync.on('error', heard.refused)
}

const severity = ['offline', 'syncing'] as const

/** The newest first. */
const read = async (local: PouchDB): Promise<Note[]> => {
  const { rows } = await local.allDocs({ include_docs: true, startkey: 'note::', endkey: 'note::\uffff' })
  const notes = rows.flatMap(({ doc }) => {
    if (!doc) return []
    const { optionalText } = fields(doc)
    return [{ _id: doc._id, _rev: doc._rev, text: optionalText('text') ?? '', createdAt: optionalText('createdAt') ?? '' }]
  })
  return notes.sort((a, b) => b.createdAt.localeCompare(a.createdAt))
}
