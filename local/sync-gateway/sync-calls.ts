// What a sync function can call, and how its document comes to it. All of it runs inside the function's own context.

/**
 * A script that defines ` install`, for when the function is compiled, and ` run`, which calls it and answers what it asked for.
 * Names with a space cannot be reached by an identifier, and the originals of what is used are kept: so the text cannot break it by mistake.
 */
export const syncCalls = `(function () {
  var global = this, parse = JSON.parse, stringify = JSON.stringify, isArray = Array.isArray, text = String, keys = Object.keys;
  var seal = Object.seal, define = Object.defineProperty, writer = null, found = null;
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
  function reject(status, reason) { if (status >= 400 && !found.refused) { found.refused = [status, text(reason)]; } }
  function print() { if (arguments.length !== 1) { throw new RangeError('expected 1 argument(s); got ' + arguments.length); } }
  // In otto a null in a document is undefined, though its name is there, and a list can neither grow nor shrink.
  function shown(value) {
    var names, at;
    if (value === null) { return undefined; }
    if (typeof value !== 'object') { return value; }
    names = keys(value);
    for (at = 0; at < names.length; at += 1) { value[names[at]] = shown(value[names[at]]); }
    if (isArray(value)) { define(seal(value), 'length', { writable: false }); }
    return value;
  }
  global.log = function () {};
  global[' install'] = function () {
    global.channel = function () { for (var at = 0; at < arguments.length; at += 1) { append(found.channels, list(arguments[at])); } };
    global.access = function (users, channels) { append(found.access, [[list(users), list(channels)]]); };
    global.role = function (users, roles) { append(found.roles, [[list(users), list(roles)]]); };
    global.expiry = function (value) { if (typeof value === 'number' || typeof value === 'string') { append(found.expiry, [value]); } };
    global.requireAdmin = function () { require([], [], 'admin required'); };
    global.requireUser = function (names) { require(writer && [writer.name], names, 'wrong user'); };
    global.requireRole = function (names) { require(writer && writer.roles, names, 'missing role'); };
    global.requireAccess = function (names) { require(writer && writer.channels, names, 'missing channel access'); };
    global.reject = reject;
    global.console = { log: print, error: print };
  };
  global[' run'] = function () {
    var given = parse(global[' input']), sync = global[' function'];
    writer = given[3];
    found = { channels: [], access: [], roles: [], expiry: [] };
    try { sync(shown(given[0]), given[1] === null ? null : shown(given[1]), given[2]); } catch (thrown) {
      if (thrown.forbidden) { reject(403, thrown.forbidden); }
      else if (thrown.unauthorized) { reject(401, thrown.unauthorized); }
      else { throw thrown; }
    }
    return stringify(found);
  };
}).call(this);`
