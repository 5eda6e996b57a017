// Runs a sync function in a context of its own. What it calls is collected inside the context, so nothing of ours gets in.
import { createContext, Script } from 'node:vm'
import { canonical } from './canonical-json.ts'
import { checkEs5, lockdown } from './es5.ts'
import { HttpError } from './http-error.ts'
import type { Json, JsonObject } from './json.ts'
import { objectOf } from './json.ts'
import { underscore } from './underscore.ts'

/** Who writes, as the require calls see it. */
export type Writer = { name: string; roles: string[]; channels: string[] }

/** What the function asked for. `expiry` is what it passed last, if it called `expiry` at all. */
export type Outcome = { channels: string[]; access: Map<string, string[]>; roles: Map<string, string[]>; expiry: Json[] }

/** No writer means the administrator. Throws an HttpError: the function's own refusal, or a 500. */
export type SyncFunction = (doc: JsonObject, oldDoc: JsonObject | null, writer: Writer | undefined) => Outcome

/** Without a configured limit the real server has none; this keeps a mistake from hanging a test run. */
const runMsMax = 60_000

/** Throws a SyntaxError, or what the text throws, if it does not evaluate to a function. */
export const compile = (text: string, timeoutMs: number | undefined): SyncFunction => {
  checkEs5(text)
  const context = createContext({}, { codeGeneration: { strings: false, wasm: false } })
  for (const part of [lockdown, underscore, helpers]) new Script(part).runInContext(context)
  const timeout = Math.min(timeoutMs ?? runMsMax, runMsMax)
  const made: unknown = new Script(`(${text})`).runInContext(context, { timeout })
  if (typeof made !== 'function') throw new TypeError('JavaScript source does not evaluate to a function')
  context[' function'] = made
  const call = new Script("this[' run']()")
  return (doc, oldDoc, writer) => {
    context[' input'] = canonical([doc, oldDoc, objectOf([['xattrs', objectOf([])]]), writer ? objectOf(Object.entries(writer)) : null])
    return parsed(run(() => call.runInContext(context, { timeout }) as unknown))
  }
}

// Names with a space cannot be reached by an identifier, and the helpers keep the originals of what they use: so the text cannot break them by mistake.
const helpers = `(function () {
  var global = this, parse = JSON.parse, stringify = JSON.stringify, isArray = Array.isArray, text = String, writer = null, found = null;
  function list(value) {
    var made = [], at;
    if (typeof value === 'string') { made[0] = value; }
    else if (isArray(value)) { for (at = 0; at < value.length; at += 1) { if (typeof value[at] === 'string') { made[made.length] = value[at]; } } }
    return made;
  }
  function append(to, values) { for (var at = 0; at < values.length; at += 1) { to[to.length] = values[at]; } }
  function among(name, names) {
    if (!isArray(names)) { return names === name; }
    for (var at = 0; at < names.length; at += 1) { if (names[at] === name) { return true; } }
    return false;
  }
  function require(held, wanted, reason) {
    if (writer === null) { return; }
    for (var at = 0; at < held.length; at += 1) { if (among(held[at], wanted)) { return; } }
    throw { forbidden: 'sg ' + reason };
  }
  global.channel = function () { for (var at = 0; at < arguments.length; at += 1) { append(found.channels, list(arguments[at])); } };
  global.access = function (users, channels) { append(found.access, [[list(users), list(channels)]]); };
  global.role = function (users, roles) { append(found.roles, [[list(users), list(roles)]]); };
  global.expiry = function (value) { if (typeof value === 'number' || typeof value === 'string') { append(found.expiry, [value]); } };
  global.requireAdmin = function () { require([], [], 'admin required'); };
  global.requireUser = function (names) { require(writer && [writer.name], names, 'wrong user'); };
  global.requireRole = function (names) { require(writer && writer.roles, names, 'missing role'); };
  global.requireAccess = function (names) { require(writer && writer.channels, names, 'missing channel access'); };
  global.log = function () {};
  global.console = { log: global.log, error: global.log, warn: global.log, info: global.log, debug: global.log };
  global[' run'] = function () {
    var given = parse(global[' input']), sync = global[' function'];
    writer = given[3];
    found = { channels: [], access: [], roles: [], expiry: [] };
    try { sync(given[0], given[1], given[2]); } catch (thrown) {
      if (thrown.forbidden) { found.refused = [403, text(thrown.forbidden)]; }
      else if (thrown.unauthorized) { found.refused = [401, text(thrown.unauthorized)]; }
      else { throw thrown; }
    }
    return stringify(found);
  };
}).call(this);`

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
  if (found.refused) throw new HttpError(...found.refused)
  return {
    channels: channelSet(found.channels),
    access: byName(found.access, (channels) => named(channels).filter((channel) => channel !== '*')),
    roles: byName(found.roles, (roles) => roles.map(withoutPrefix)),
    expiry: found.expiry,
  }
}

/** The channel `*` swallows the others. */
const channelSet = (channels: string[]) => (named(channels).includes('*') ? ['*'] : [...new Set(channels)])

const named = (channels: string[]) => {
  if (channels.some((channel) => !isChannelName(channel))) throw new HttpError(500, 'Exception in JS sync function')
  return channels
}

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
