// Runs a sync function in a context of its own. What it calls is collected inside the context, so nothing of ours gets in.
// It is not otto: there a character outside the basic plane is one, not two.
import { createContext, Script } from 'node:vm'
import { canonical } from './canonical-json.ts'
import { checkEs5, lockdown } from './es5.ts'
import { HttpError } from './http-error.ts'
import type { Json, JsonObject } from './json.ts'
import { objectOf } from './json.ts'
import { ottoJson } from './otto-json.ts'
import { nameFault } from './principal-name.ts'
import { syncCalls } from './sync-calls.ts'
import { newDocument, oldDocument } from './sync-document.ts'
import { underscore } from './underscore.ts'

/** Who writes, as the require calls see it. */
export type Writer = { name: string; roles: string[]; channels: string[] }

/** What the function asked for. `expiry` is what it passed last, if it called `expiry` at all. */
export type Outcome = { channels: string[]; access: Map<string, string[]>; roles: Map<string, string[]>; expiry: Json[] }

/** No writer means the administrator. Throws an HttpError: the function's own refusal, or a 500. */
export type SyncFunction = (doc: JsonObject, oldDoc: JsonObject | null, writer: Writer | undefined) => Outcome

/** Throws a SyntaxError, or what the text throws, if it does not evaluate to a function. */
export const compile = (text: string, timeoutMs: number | undefined): SyncFunction => {
  checkEs5(text)
  const context = createContext({}, { codeGeneration: { strings: false, wasm: false } })
  for (const part of [lockdown, syncCalls, ottoJson, underscore]) new Script(part).runInContext(context)
  // As on the real server there is no limit unless one is configured: to watch the time of every write costs more than the write.
  const limit = timeoutMs === undefined ? {} : { timeout: timeoutMs }
  const made: unknown = new Script(`(${text})`).runInContext(context, limit)
  if (typeof made !== 'function') throw new TypeError('JavaScript source does not evaluate to a function')
  context[' function'] = made
  new Script("this[' install']()").runInContext(context)
  const call = new Script("this[' run']()")
  return (doc, oldDoc, writer) => {
    context[' input'] = canonical([newDocument(doc), oldDoc && oldDocument(oldDoc), objectOf([['xattrs', objectOf([])]]), writer ? objectOf(Object.entries(writer)) : null])
    return parsed(run(() => call.runInContext(context, limit) as unknown))
  }
}

const run = (call: () => unknown) => {
  try {
    return String(call())
  } catch (cause) {
    const timedOut = typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
    throw new HttpError(500, timedOut ? 'JS sync function timed out' : 'Exception in JS sync function')
  }
}

type Found = { channels: string[]; access: [string[], string[]][]; roles: [string[], string[]][]; expiry: (number | string)[]; refused?: [number, string] }

const parsed = (text: string): Outcome => {
  const found = JSON.parse(text) as Found
  // Before the refusal: a channel that cannot be is a fault even where the function refused.
  const outcome = {
    channels: channelSet(found.channels),
    access: byName(found.access, (channels) => granted(channels)),
    roles: byName(found.roles, (roles) => granted(roles.map(withoutPrefix))),
    expiry: found.expiry,
  }
  if (found.refused) throw new HttpError(...found.refused)
  const principals = [...outcome.access.keys(), ...outcome.roles.keys(), ...[...outcome.roles.values()].flat()]
  if (principals.some((name) => nameFault(name.replace(/^role:/, '')) !== undefined)) throw new HttpError(500, 'Error in JS sync function')
  return outcome
}

/** The channel `*` swallows the others. */
const channelSet = (channels: string[]) => (named(channels).includes('*') ? ['*'] : [...new Set(channels)])

const named = (channels: string[]) => {
  if (channels.some((channel) => !isChannelName(channel))) throw new HttpError(500, 'Exception in JS sync function')
  return channels
}

const granted = (names: string[]) => named(names).filter((name) => name !== '*')

export const isChannelName = (name: string) => name !== '' && !name.includes(',')

const withoutPrefix = (role: string) => {
  if (!role.startsWith('role:')) throw new HttpError(500, 'Exception in JS sync function')
  return role.slice('role:'.length)
}

const byName = (calls: [string[], string[]][], values: (given: string[]) => string[]) => {
  const made = new Map<string, string[]>()
  for (const [names, given] of calls) {
    if (given.length === 0) continue
    for (const name of names) made.set(name, [...(made.get(name) ?? []), ...values(given)])
  }
  return made
}
