// The everyday functions of underscore, which Sync Gateway gives to every sync function as `_`.

export const underscore = `var _ = (function () {
  var own = Object.prototype.hasOwnProperty, toString = Object.prototype.toString, slice = Array.prototype.slice;
  function has(object, key) { return object !== null && object !== undefined && own.call(object, key); }
  function keys(object) { return Object.keys(Object(object)); }
  function values(object) { return Array.isArray(object) ? object.slice() : keys(object).map(function (key) { return object[key]; }); }
  function type(name) { return function (value) { return toString.call(value) === '[object ' + name + ']'; }; }
  function pick(match) { return typeof match === 'function' ? match : function (value) { return value; }; }
  function each(list, run, self) {
    if (Array.isArray(list)) { list.forEach(run, self); } else { keys(list).forEach(function (key) { run.call(self, list[key], key, list); }); }
  }
  function map(list, run, self) { var made = []; each(list, function (value, key) { made.push(run.call(self, value, key, list)); }); return made; }
  function filter(list, test, self) { var made = []; each(list, function (value, key) { if (test.call(self, value, key, list)) { made.push(value); } }); return made; }
  function find(list, test, self) { return filter(list, test, self)[0]; }
  function contains(list, value) { return values(list).indexOf(value) >= 0; }
  function uniq(list) { return list.filter(function (value, at) { return list.indexOf(value) === at; }); }
  function flatten(list, shallow) {
    return list.reduce(function (made, value) { return made.concat(Array.isArray(value) && !shallow ? flatten(value) : value); }, []);
  }
  function copy(overwrite) {
    return function (target) {
      slice.call(arguments, 1).forEach(function (source) {
        keys(source).forEach(function (key) { if (overwrite || target[key] === undefined) { target[key] = source[key]; } });
      });
      return target;
    };
  }
  function only(wanted) {
    return function (object) {
      var names = flatten(slice.call(arguments, 1)), made = {};
      keys(object).forEach(function (key) { if ((names.indexOf(key) >= 0) === wanted) { made[key] = object[key]; } });
      return made;
    };
  }
  function isEqual(a, b) {
    if (a === b) { return a !== 0 || 1 / a === 1 / b; }
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) { return a !== a && b !== b; }
    if (toString.call(a) !== toString.call(b) || keys(a).length !== keys(b).length) { return false; }
    return keys(a).every(function (key) { return has(b, key) && isEqual(a[key], b[key]); });
  }
  function isEmpty(value) {
    return value === null || value === undefined || (typeof value === 'string' ? value.length === 0 : keys(value).length === 0);
  }
  function difference(list) { var others = flatten(slice.call(arguments, 1)); return list.filter(function (value) { return others.indexOf(value) < 0; }); }
  function fold(method) {
    return function (list, run, memo) { var all = values(list); return arguments.length > 2 ? all[method](run, memo) : all[method](run); };
  }
  function first(list, count) { return count === undefined ? list[0] : list.slice(0, count); }
  function last(list, count) { return count === undefined ? list[list.length - 1] : list.slice(Math.max(list.length - count, 0)); }
  function rest(list, count) { return list.slice(count === undefined ? 1 : count); }
  function by(rule) { return typeof rule === 'function' ? rule : function (value) { return value[rule]; }; }
  function group(add) {
    return function (list, rule) { var made = {}; each(list, function (value) { add(made, by(rule)(value), value); }); return made; };
  }
  function matches(wanted) { return function (value) { return keys(wanted).every(function (key) { return value[key] === wanted[key]; }); }; }
  function extreme(sign) {
    return function (list, rule) {
      var weight = rule === undefined ? function (value) { return value; } : by(rule);
      return reduce(list, function (best, value) { return sign * weight(value) > sign * weight(best) ? value : best; });
    };
  }
  function sortBy(list, rule) {
    var weighed = values(list).map(function (value, at) { return { value: value, at: at, weight: by(rule)(value) }; });
    weighed.sort(function (a, b) { return a.weight < b.weight ? -1 : a.weight > b.weight ? 1 : a.at - b.at; });
    return weighed.map(function (one) { return one.value; });
  }
  function range(from, to, step) {
    var made = [], at, until = to === undefined ? from : to, by = step || 1;
    for (at = to === undefined ? 0 : from; by > 0 ? at < until : at > until; at += by) { made.push(at); }
    return made;
  }
  function object(names, all) { var made = {}; each(names, function (name, at) { if (all) { made[name] = all[at]; } else { made[name[0]] = name[1]; } }); return made; }
  var reduce = fold('reduce'), reduceRight = fold('reduceRight');
  return {
    each: each, forEach: each, map: map, collect: map, filter: filter, select: filter, find: find, detect: find, contains: contains, include: contains,
    reject: function (list, test) { return filter(list, function (value, key) { return !test(value, key, list); }); },
    every: function (list, test) { return values(list).every(pick(test)); }, all: function (list, test) { return values(list).every(pick(test)); },
    some: function (list, test) { return values(list).some(pick(test)); }, any: function (list, test) { return values(list).some(pick(test)); },
    reduce: reduce, foldl: reduce, inject: reduce, reduceRight: reduceRight, foldr: reduceRight, pluck: function (list, key) { return map(list, function (value) { return value[key]; }); },
    keys: keys, values: values, has: has, size: function (list) { return values(list).length; }, toArray: values,
    extend: copy(true), defaults: copy(false), clone: function (value) { return Array.isArray(value) ? value.slice() : typeof value === 'object' && value ? copy(true)({}, value) : value; },
    pick: only(true), omit: only(false), isEqual: isEqual, isEmpty: isEmpty, uniq: uniq, unique: uniq, flatten: flatten, difference: difference,
    without: function (list) { return difference(list, slice.call(arguments, 1)); },
    union: function () { return uniq(flatten(slice.call(arguments), true)); },
    intersection: function (list) { var others = slice.call(arguments, 1); return uniq(list).filter(function (value) { return others.every(function (other) { return other.indexOf(value) >= 0; }); }); },
    indexOf: function (list, value) { return list.indexOf(value); }, lastIndexOf: function (list, value) { return list.lastIndexOf(value); },
    first: first, head: first, take: first, last: last, rest: rest, tail: rest, drop: rest, initial: function (list) { return list.slice(0, -1); },
    where: function (list, wanted) { return filter(list, matches(wanted)); }, findWhere: function (list, wanted) { return find(list, matches(wanted)); },
    sortBy: sortBy, groupBy: group(function (made, key, value) { if (has(made, key)) { made[key].push(value); } else { made[key] = [value]; } }),
    countBy: group(function (made, key) { made[key] = (has(made, key) ? made[key] : 0) + 1; }), max: extreme(1), min: extreme(-1), range: range, object: object,
    pairs: function (object) { return keys(object).map(function (key) { return [key, object[key]]; }); },
    invert: function (value) { return object(keys(value).map(function (key) { return [value[key], key]; })); },
    invoke: function (list, name) { var given = slice.call(arguments, 2); return map(list, function (value) { return value[name].apply(value, given); }); },
    times: function (count, run, self) { return range(count).map(function (at) { return run.call(self, at); }); },
    bind: function (run, self) { return run.bind.apply(run, slice.call(arguments, 1)); }, result: function (object, name) { return by(name)(Object(object)); },
    isFinite: function (value) { return isFinite(value) && !isNaN(parseFloat(value)); }, isArguments: type('Arguments'), compact: function (list) { return list.filter(Boolean); }, identity: function (value) { return value; },
    isArray: Array.isArray, isString: type('String'), isNumber: type('Number'), isBoolean: type('Boolean'), isDate: type('Date'), isRegExp: type('RegExp'),
    isFunction: function (value) { return typeof value === 'function'; }, isObject: function (value) { return value === Object(value); },
    isUndefined: function (value) { return value === undefined; }, isNull: function (value) { return value === null; }, isNaN: function (value) { return value !== value; }
  };
}());`
