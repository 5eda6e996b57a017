// What the JavaScript engine of Sync Gateway (otto) knows: ECMAScript 5, with regular expressions of RE2.
import type { Token } from 'acorn'
import { parse } from 'acorn'

/** Throws if the text, put between parentheses, is not one ES5 expression with regular expressions that RE2 takes. */
export const checkEs5 = (text: string) => {
  const onToken = (token: Token) => {
    const pattern = regexPattern('value' in token ? token.value : undefined)
    if (pattern !== undefined && !isRe2(pattern)) throw new SyntaxError(`Invalid regular expression: ${pattern}`)
  }
  const { body } = parse(`(${text})`, { ecmaVersion: 5, onToken })
  if (body.length !== 1 || body[0]?.type !== 'ExpressionStatement') throw new SyntaxError('Unexpected token )')
}

const regexPattern = (value: unknown) =>
  typeof value === 'object' && value !== null && 'pattern' in value && typeof value.pattern === 'string' ? value.pattern : undefined

const repeatMax = 1_000

/** No lookaround, no backreference, no class that is empty or ends a range in one or excludes edges, no number of repeats beyond 1,000. */
const isRe2 = (pattern: string) => {
  const parts = pattern.match(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|[^]/g) ?? []
  const classes = parts.filter((part) => part.startsWith('[') && part !== '[')
  const outside = parts.filter((part) => part.length === 1).join('')
  if (parts.some((part) => /^\\[1-9]/.test(part)) || /\(\?(?:=|!|<=|<!)/.test(outside)) return false
  if (classes.some((part) => /^\[\^?\]$/.test(part) || /\\[1-9B]/.test(part.replaceAll('\\\\', '')) || /[^\\[^]-\\[dDsSwW]/.test(part))) return false
  return [...outside.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].every(([, least, most]) => Math.max(Number(least), Number(most ?? 0)) <= repeatMax)
}

const lists = {
  globals:
    'Object Function Array String Boolean Number Date RegExp Error EvalError RangeError ReferenceError SyntaxError TypeError URIError Math JSON ' +
    'parseInt parseFloat isNaN isFinite decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape NaN Infinity undefined eval',
  Object: 'getPrototypeOf getOwnPropertyDescriptor getOwnPropertyNames create defineProperty defineProperties seal freeze preventExtensions isSealed isFrozen isExtensible keys',
  'Object.prototype': 'constructor toString toLocaleString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable __proto__',
  'Function.prototype': 'constructor toString apply call bind',
  Array: 'isArray',
  'Array.prototype':
    'constructor toString toLocaleString concat join pop push reverse shift slice sort splice unshift indexOf lastIndexOf every some forEach map filter reduce reduceRight',
  String: 'fromCharCode',
  'String.prototype':
    'constructor toString valueOf charAt charCodeAt concat indexOf lastIndexOf localeCompare match replace search slice split substring toLowerCase ' +
    'toLocaleLowerCase toUpperCase toLocaleUpperCase trim substr trimLeft trimRight',
  Number: 'MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY',
  'Number.prototype': 'constructor toString toLocaleString valueOf toFixed toExponential toPrecision',
  Math: 'E LN10 LN2 LOG2E LOG10E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil cos exp floor log max min pow random round sin sqrt tan',
  JSON: 'parse stringify',
} as const

/** A script that takes away what came after ES5. */
export const lockdown = `(function () {
  var global = this, lists = ${JSON.stringify(lists)};
  function keep(holder, names) {
    var known = (names + ' length name prototype arguments caller').split(' ');
    Object.getOwnPropertyNames(holder).forEach(function (name) { if (known.indexOf(name) < 0) { delete holder[name]; } });
  }
  var StrictRegExp = RegExp, refused = /\\(\\?(?:=|!|<=|<!)|\\\\[1-9]/;
  function checked(pattern, flags) {
    if (typeof pattern === 'string' && refused.test(pattern)) { throw new SyntaxError('Invalid regular expression: ' + pattern); }
    return new StrictRegExp(pattern, flags);
  }
  checked.prototype = StrictRegExp.prototype;
  checked.prototype.constructor = checked;
  global.RegExp = checked;
  Object.keys(lists).forEach(function (path) {
    if (path === 'globals') { return; }
    keep(path.split('.').reduce(function (holder, name) { return holder[name]; }, global), lists[path]);
  });
  keep(global, lists.globals);
}).call(this);`
