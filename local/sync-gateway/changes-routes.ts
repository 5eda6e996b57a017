// `_changes`: at once, as a long poll, or without end.
import { rolesOf } from './access.ts'
import { canonical } from './canonical-json.ts'
import type { Entry } from './changes-feed.ts'
import { changesOf, changesSince, entryJson, readableChannels } from './changes-feed.ts'
import type { ChangesOptions } from './changes-options.ts'
import { changesOptions, filterChannels } from './changes-options.ts'
import type { CollectionCall, Reply, Sink } from './exchange.ts'
import { HttpError } from './http-error.ts'
import type { TimedSet } from './principal.ts'
import type { SequenceId } from './sequence-id.ts'
import { sequenceText } from './sequence-id.ts'

const uncached = { 'cache-control': 'private, max-age=0, no-cache, no-store' }

export const changes = (call: CollectionCall): Reply => {
  const options = changesOptions(call)
  const wanted = filterChannels(options)
  const headers = { ...uncached, 'content-type': options.feed === 'continuous' ? 'application/octet-stream' : 'application/json' }
  if (options.feed === 'normal') {
    const entries = options.filter === '_doc_ids' ? changesOf(call, options.docIds ?? [], options) : changesSince(call, readableChannels(call, wanted), new Set(), options)
    return { status: 200, headers, body: opening + listed(call, entries, options) + closing(entries.at(-1)?.seq ?? options.since) }
  }
  if (options.feed !== 'longpoll' && options.feed !== 'continuous') throw new HttpError(400, 'Unknown feed type')
  return { status: 200, headers, body: '', stream: (sink) => (options.feed === 'longpoll' ? longPoll : continuous)(call, wanted, options, sink) }
}

const opening = '{"results":[\r\n'
const listed = (call: CollectionCall, entries: Entry[], options: ChangesOptions) => entries.map((entry) => `${canonical(entryJson(call, entry, options))}\n`).join(',')
const closing = (last: SequenceId) => `],\n"last_seq":"${sequenceText(last)}"}\n`

const longPoll = (call: CollectionCall, wanted: string[], options: ChangesOptions, sink: Sink) => {
  sink.write(opening)
  const watch = watcher(call, wanted, options)
  const end = (entries: Entry[]) => {
    watch.stop()
    sink.end(listed(call, entries, options) + closing(entries.at(-1)?.seq ?? options.since))
  }
  watch.start(sink, (entries) => end(entries), () => end([]))
}

const continuous = (call: CollectionCall, wanted: string[], options: ChangesOptions, sink: Sink) => {
  const watch = watcher(call, wanted, options)
  const end = () => {
    watch.stop()
    sink.end('')
  }
  watch.start(sink, (entries) => {
    sink.write(entries.map((entry) => `${canonical(entryJson(call, entry, options))}\n`).join(''))
    const left = options.limit > 0 ? options.limit - entries.length : 1
    if (left === 0) return end()
    watch.proceed(entries.at(-1)?.seq ?? options.since, options.limit > 0 ? left : 0)
  }, end, () => sink.write('\n'))
}

/** Looks for changes, now and whenever one of the request's channels or principals changes. */
const watcher = (call: CollectionCall, wanted: string[], options: ChangesOptions) => {
  const stops = new Set<() => void>()
  let channels = readableChannels(call, wanted)
  let found = (_entries: Entry[]) => {}
  let over = () => {}
  let waits = () => {}
  let stopTimeout = () => {}
  let stopped = false

  const look = (fresh: ReadonlySet<string>) => {
    const entries = changesSince(call, channels, fresh, options)
    if (entries.length > 0) return found(entries)
    if (stopped) return
    waits()
    stops.add(call.db.waiters.wait(keysOf(call, channels), again))
  }
  // Every change puts the end off.
  const limitTime = () => {
    stopTimeout()
    if (options.heartbeatMs === 0 && options.timeoutMs > 0) stopTimeout = call.db.clock.after(options.timeoutMs, over)
  }
  const again = () => {
    if (call.user) {
      const user = call.db.meta.users.get(call.user.name)
      if (!user) return over()
      call = { ...call, user }
    }
    const now = readableChannels(call, wanted)
    const fresh = new Set([...now.keys()].filter((channel) => !channels.has(channel)))
    channels = now
    look(fresh)
  }
  const beat = (sink: Sink) => {
    stops.add(call.db.clock.after(options.heartbeatMs, () => {
      sink.write('\n')
      beat(sink)
    }))
  }
  const stop = () => {
    stopped = true
    stopTimeout()
    for (const one of stops) one()
  }
  return {
    /** `onWait` runs whenever there is nothing more to send for now. */
    start: (sink: Sink, onFound: (entries: Entry[]) => void, onOver: () => void, onWait = () => {}) => {
      found = onFound
      over = onOver
      waits = onWait
      stops.add(call.db.waiters.onClose(onOver))
      call.onClose(stop)
      if (options.heartbeatMs > 0) beat(sink)
      limitTime()
      look(new Set())
    },
    /** Goes on after a sequence; a limit of 0 is none. */
    proceed: (since: SequenceId, limit: number) => {
      options.since = since
      options.limit = limit
      limitTime()
      look(new Set())
    },
    stop,
  }
}

const keysOf = ({ db, collection, user }: CollectionCall, channels: TimedSet) =>
  new Set([
    ...[...channels.keys()].map((channel) => `${collection.keyspace} ${channel}`),
    ...(user ? [`user ${user.name}`, ...[...rolesOf(db, user).keys()].map((role) => `role ${role}`)] : []),
  ])
