// What a changes request asks for, in its query or its body. Source: rest/changes_api.go.
import type { CollectionCall } from './exchange.ts'
import { flag } from './exchange.ts'
import { unmarshal } from './go-json.ts'
import type { Struct } from './go-struct.ts'
import { HttpError } from './http-error.ts'
import { strings, wholeNumber } from './json.ts'
import { readLooseStruct } from './request-body.ts'
import type { SequenceId } from './sequence-id.ts'
import { parseSequence, sequenceFrom } from './sequence-id.ts'
import { isChannelName } from './sync-function.ts'

export type ChangesOptions = {
  feed: string
  since: SequenceId
  /** 0 for no limit. */
  limit: number
  allLeaves: boolean
  includeDocs: boolean
  activeOnly: boolean
  filter: string
  channels: string[] | undefined
  docIds: string[] | undefined
  heartbeatMs: number
  timeoutMs: number
}

const heartbeatMsMin = 25_000
const timeoutMs = { default: 300_000, max: 900_000 }

const posted: Struct = {
  struct: '',
  go: 'struct',
  fields: {
    feed: 'string', since: 'any', limit: 'int', style: 'string', include_docs: 'bool', filter: 'string', channels: 'string', doc_ids: '[]string',
    heartbeat: 'uint64', timeout: 'uint64', accept_encoding: 'string', active_only: 'bool', request_plus: 'bool',
  },
}

/** A query wins over the body. Throws a 400 for what cannot be. */
export const changesOptions = (call: CollectionCall): ChangesOptions => {
  const options = fromQuery(call, call.method === 'GET' ? nothing() : fromBody(call))
  options.feed ||= 'normal'
  return options
}

const nothing = (): ChangesOptions => ({
  feed: '', since: parseSequence(''), limit: 0, allLeaves: false, includeDocs: false, activeOnly: false, filter: '', channels: undefined, docIds: undefined,
  heartbeatMs: 0, timeoutMs: timeoutMs.default,
})

const fromBody = (call: CollectionCall): ChangesOptions => {
  const body = readLooseStruct(call, posted)
  const text = (member: string) => (typeof body[member] === 'string' ? body[member] : '')
  const count = (member: string) => (body[member] === undefined ? undefined : Number(wholeNumber(body[member])))
  return {
    feed: text('feed'), since: sequenceFrom(body['since']), limit: Math.max(0, count('limit') ?? 0), allLeaves: body['style'] === 'all_docs',
    includeDocs: body['include_docs'] === true, activeOnly: body['active_only'] === true, filter: text('filter'),
    channels: text('channels') === '' ? undefined : text('channels').split(','), docIds: strings(body['doc_ids']),
    heartbeatMs: heartbeat(count('heartbeat')), timeoutMs: timeout(count('timeout')),
  }
}

const fromQuery = (call: CollectionCall, options: ChangesOptions): ChangesOptions => {
  const { query } = call
  const given = <T>(name: string, read: () => T, otherwise: T) => (query.has(name) ? read() : otherwise)
  const count = (name: string) => (/^\d+$/.test(query.get(name) ?? '') ? Number(query.get(name)) : undefined)
  const text = (name: string) => query.get(name) ?? ''
  return {
    feed: given('feed', () => text('feed'), options.feed),
    since: given('since', () => parseSequence(text('since')), options.since),
    limit: given('limit', () => count('limit') ?? 0, options.limit),
    allLeaves: given('style', () => text('style') === 'all_docs', options.allLeaves),
    includeDocs: given('include_docs', () => flag(call, 'include_docs'), options.includeDocs),
    activeOnly: given('active_only', () => flag(call, 'active_only'), options.activeOnly),
    filter: given('filter', () => text('filter'), options.filter),
    channels: text('channels') === '' ? options.channels : text('channels').split(','),
    docIds: text('doc_ids') === '' ? options.docIds : (idsIn(text('doc_ids')) ?? options.docIds),
    heartbeatMs: given('heartbeat', () => heartbeat(count('heartbeat')), options.heartbeatMs),
    timeoutMs: given('timeout', () => timeout(count('timeout')), options.timeoutMs),
  }
}

/** A JSON array, or else a list with commas. An empty array counts as none. */
const idsIn = (text: string) => {
  try {
    const ids = strings(unmarshal(text))
    if (ids) return ids.length > 0 ? ids : undefined
  } catch { /* Then it is a list with commas. */ }
  return text.split(',')
}

const heartbeat = (ms: number | undefined) => (ms === undefined || ms === 0 ? 0 : Math.max(ms, heartbeatMsMin))
const timeout = (ms: number | undefined) => Math.min(ms ?? timeoutMs.default, timeoutMs.max)

/** The channels that a filter names; `*` for all. Throws a 400 for a filter that is not known or lacks its parameter. */
export const filterChannels = ({ filter, channels, docIds, feed }: ChangesOptions): string[] => {
  if (filter === '') return ['*']
  if (filter === '_doc_ids') {
    if (feed !== 'normal') throw new HttpError(400, "Filter '_doc_ids' is only valid for feed=normal replications")
    if (!docIds) throw new HttpError(400, "Missing 'doc_ids' filter parameter")
    if (docIds.length === 0) throw new HttpError(400, 'Empty doc_ids list')
    return ['*']
  }
  if (filter !== 'sync_gateway/bychannel') throw new HttpError(400, 'Unknown filter; try sync_gateway/bychannel or _doc_ids')
  if (!channels) throw new HttpError(400, "Missing 'channels' filter parameter")
  for (const channel of channels) if (!isChannelName(channel)) throw new HttpError(400, `Illegal channel name ${JSON.stringify(channel)}`)
  return channels.includes('*') ? ['*'] : [...new Set(channels)]
}
