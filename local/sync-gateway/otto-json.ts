// JSON.stringify as otto has it: members sorted, and < > & and the two line separators escaped, because Go's encoding/json writes it.

/** A script that puts it in place of the engine's own. */
export const ottoJson = `(function () {
  var plain = JSON.stringify, isArray = Array.isArray, keys = Object.keys, kind = Object.prototype.toString, code = String.prototype.charCodeAt;
  function escaped(char) { return '\\\\u' + ('000' + code.call(char, 0).toString(16)).slice(-4); }
  function quoted(value) { return plain(value).replace(/[<>&\\u2028\\u2029]/g, escaped); }
  function unboxed(value) { return /String|Number|Boolean/.test(kind.call(value)) ? value.valueOf() : value; }
  function gapOf(space) {
    if (typeof space === 'string') { return space.slice(0, 10); }
    return typeof space === 'number' ? '          '.slice(0, Math.max(0, Math.min(10, space))) : '';
  }
  function block(open, items, close, gap, indent) {
    if (items.length === 0) { return open + close; }
    if (gap === '') { return open + items.join(',') + close; }
    return open + indent + gap + items.join(',' + indent + gap) + indent + close;
  }
  function textOf(holder, key, wish, indent, above) {
    var value = holder[key], inner = indent + wish.gap, items = [], at, names, item;
    if (value !== null && typeof value === 'object' && typeof value.toJSON === 'function') { value = value.toJSON(key); }
    if (wish.replace) { value = wish.replace.call(holder, key, value); }
    value = unboxed(value);
    if (typeof value === 'string') { return quoted(value); }
    if (value === null || typeof value !== 'object') { return plain(value); }
    if (above.indexOf(value) >= 0) { throw new TypeError('Converting circular structure to JSON'); }
    above = above.concat([value]);
    if (isArray(value)) {
      for (at = 0; at < value.length; at += 1) { items[at] = textOf(value, String(at), wish, inner, above) || 'null'; }
      return block('[', items, ']', wish.gap, indent);
    }
    names = (wish.names || keys(value)).slice().sort();
    for (at = 0; at < names.length; at += 1) {
      item = textOf(value, names[at], wish, inner, above);
      if (item !== undefined) { items[items.length] = quoted(names[at]) + (wish.gap === '' ? ':' : ': ') + item; }
    }
    return block('{', items, '}', wish.gap, indent);
  }
  JSON.stringify = function stringify(value, replacer, space) {
    var wish = { gap: gapOf(unboxed(space)) };
    if (typeof replacer === 'function') { wish.replace = replacer; }
    if (isArray(replacer)) { wish.names = replacer.map(String); }
    return textOf({ '': value }, '', wish, '\\n', []);
  };
}).call(this);`
