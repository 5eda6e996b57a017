// What otto makes of a document and of its own functions, where Node would do otherwise. Each answer is one that otto gave.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { said, saidInTurn, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

const old = '{"null":null,"big":12345678901234567890}'
const doc = '{"null":null,"in":{"null":null},"list":[null,2],"texts":["b","a"],"big":12345678901234567890,"whole":7,"neg":-9007199254740993,"held":9007199254740991,"inf":1e400,"<":1}'

/** What the expression is in an update of the old document by the new one, as a text. */
const valueOf = async (expression: string) => {
  const { admin } = await gateway.database({ sync: `function (doc, oldDoc) { if (oldDoc) { throw({ forbidden: 'is ' + (${expression}) }) } }` })
  const { body } = await admin('PUT', '/doc', old)
  const answer = said(await admin('PUT', `/doc?rev=${(body as { rev: string }).rev}`, doc))
  return answer.replace(/^403 is /, '')
}

const fault = '500 Exception in JS sync function'

describe('a document', () => {
  test.each([
    ['typeof doc["null"]', 'undefined'], ['"null" in doc', 'true'], ['typeof doc["in"]["null"]', 'undefined'], ['typeof doc.list[0]', 'undefined'], ['typeof oldDoc["null"]', 'undefined'],
    ['JSON.stringify(doc["in"])', '{}'], ['JSON.stringify(doc.list)', '[null,2]'], ['JSON.stringify(doc["null"])', 'undefined'],
    ['typeof doc.big + doc.big', 'string12345678901234567890'], ['typeof oldDoc.big', 'number'], ['doc.neg', '-9007199254740993'], ['typeof doc.held', 'number'], ['doc.inf', '1e400'], ['doc.whole + 1', '8'],
  ])('%s is %s', async (expression, value) => expect(await valueOf(expression)).toBe(value))

  test.each(['push("c")', 'pop()', 'shift()', 'unshift("c")', 'splice(0, 1)'])('a list in it has no %s', async (call) => expect(await valueOf(`doc.texts.${call}`)).toBe(fault))

  test.each([
    ['(doc.texts[2] = "c", doc.texts.length)', '2'], ['(doc.texts.length = 0, doc.texts.length)', '2'], ['(doc.texts[0] = "c", doc.texts.join())', 'c,a'], ['(doc.texts.sort(), doc.texts.join())', 'a,b'],
    ['doc.texts.concat("c").join()', 'b,a,c'], ['doc.texts.slice().push("c")', '3'],
  ])('%s is %s', async (expression, value) => expect(await valueOf(expression)).toBe(value))

  test('that holds a number beyond a double can be written once', async () => {
    const { admin } = await gateway.database({ sync: 'function (doc) {}' })
    const { body } = await admin('PUT', '/doc', '{"a":[1e400]}')
    const rev = (body as { rev: string }).rev
    expect(await saidInTurn(() => admin('PUT', `/doc?rev=${rev}`, {}), () => admin('DELETE', `/doc?rev=${rev}`), () => admin('POST', '/_purge', { doc: ['*'] }))).toEqual([fault, fault, '200'])
  })
})

describe('JSON.stringify', () => {
  test.each([
    ['{ b: 1, a: { d: 1, c: 2 }, "10": 1, "9": 2 }', '{"10":1,"9":2,"a":{"c":2,"d":1},"b":1}'],
    ['"<>&\\u2028\\u2029é"', String.raw`"\u003c\u003e\u0026\u2028\u2029é"`],
    ['{ "<": 1 }', String.raw`{"\u003c":1}`],
    ['[undefined, function () {}, null]', '[null,null,null]'],
    ['{ a: undefined, b: function () {} }', '{}'],
    ['{ a: { toJSON: function (key) { return "j" + key } } }', '{"a":"ja"}'],
    ['{ a: new Date(0) }', '{"a":"1970-01-01T00:00:00.000Z"}'],
    ['[new String("x"), new Number(1), new Boolean(false)]', '["x",1,false]'],
    ['[-0, 1e21, 1e-7, NaN]', '[0,1e+21,1e-7,null]'],
    ['undefined', 'undefined'],
    ['{ a: 1, b: { a: 2, c: 3 } }, ["a", "b"]', '{"a":1,"b":{"a":2}}'],
    ['{ a: 1, b: 2 }, function (key, value) { return key === "a" ? undefined : value }', '{"b":2}'],
    ['{ a: [1, {}], b: [] }, null, 1', '{\n "a": [\n  1,\n  {}\n ],\n "b": []\n}'],
  ])('(%s) is %s', async (given, text) => expect(await valueOf(`JSON.stringify(${given})`)).toBe(text))

  test('of a circle is a fault', async () => expect(await valueOf('(function () { var a = {}; a.a = a; return JSON.stringify(a) })()')).toBe(fault))
})

describe('the calls', () => {
  const writing = async (body: string) => {
    const { admin } = await gateway.database({ sync: `function (doc) { ${body} }` })
    return said(await admin('PUT', '/doc', {}))
  }

  test.each([
    ['console.log("a")', '201'], ['console.log("a", "b")', fault], ['console.error()', fault], ['console.info("a")', fault], ['log("a", 1)', '201'],
    ['reject(403, "no")', '403 no'], ['reject(403, "no"); reject(401, "who")', '403 no'], ['reject(399, "no")', '201'], ['reject(401, "who"); throw({ forbidden: "no" })', '401 who'],
    ['channel("a,b"); throw({ forbidden: "no" })', fault], ['role("ann", "r"); throw({ forbidden: "no" })', fault],
    ['access("a:b", "c")', '500 Error in JS sync function'], ['access("role:a/b", "c")', '500 Error in JS sync function'], ['role("ann", "role:a:b")', '500 Error in JS sync function'], ['role("ann", "role:a,b")', fault],
    ['access("a:b", "c"); throw({ forbidden: "no" })', '403 no'], ['access("a:b", [])', '201'],
  ])('%s: %s', async (body, answer) => expect(await writing(body)).toBe(answer))

  test.each(['channel', 'access', 'requireUser', 'reject', 'console'])('there is no %s yet when the function is made', async (name) => {
    const { admin } = await gateway.database()
    const sync = `(function () { var kept = ${name}; return function (doc) {} })()`
    expect((await admin('PUT', '/_config/sync', sync, { 'content-type': 'application/javascript' })).status).toBe(400)
  })
})

describe('a regular expression', () => {
  const taken = async (pattern: string) => {
    const { admin } = await gateway.database()
    return (await admin('PUT', '/_config/sync', `function (doc) { /${pattern}/.test(doc) }`, { 'content-type': 'application/javascript' })).status === 200
  }

  test.each(['[\\1]', '[]', '[^]', '[a-\\d]', '[\\B]', 'a{1001}', 'a{1,2000}', 'a{1001,}'])('%s is none of RE2', async (pattern) => expect(await taken(pattern)).toBe(false))
  test.each(['\\(?=a', '[(?=a)]', '\\\\1', '[\\\\1]', '\\0', '[\\d-z]', '[-a]', 'a{1000}', '[a{1001}]', '\\{1001}', '[\\]]', '(?:a)'])('%s is one', async (pattern) => expect(await taken(pattern)).toBe(true))
})

test.each([
  ['_.first([1, 2, 3], 2)', '1,2'], ['_.last([1, 2, 3], 2)', '2,3'], ['_.rest([1, 2, 3], 2)', '3'], ['_.initial([1, 2])', '1'], ['_.reduce([1, 2], function (a, b) { return a + b })', '3'],
  ['_.reduceRight(["a", "b"], function (a, b) { return a + b })', 'ba'], ['_.each([1], function () {})', 'undefined'], ['_.range(3)', '0,1,2'], ['_.range(3, 0, -2)', '3,1'], ['_.pairs({ a: 1 })', 'a,1'],
  ['_.object(["a"], [1]).a', '1'], ['_.object([["a", 1]]).a', '1'], ['_.invert({ a: "b" }).b', 'a'], ['_.where([{ a: 1 }, { a: 2 }], { a: 1 }).length', '1'], ['_.findWhere([{ a: 1, b: 2 }], { a: 1 }).b', '2'],
  ['_.sortBy([3, 1, 2], function (one) { return -one })', '3,2,1'], ['_.groupBy([1, 2, 3], function (one) { return one % 2 })[1]', '1,3'], ['_.countBy(["a", "b", "cc"], "length")[1]', '2'],
  ['_.max([1, 3, 2])', '3'], ['_.min([{ a: 2 }, { a: 1 }], function (one) { return one.a }).a', '1'], ['_.invoke(["a"], "concat", "b")', 'ab'], ['_.times(2, function (at) { return at * 2 })', '0,2'],
  ['_.bind(function (b) { return this.a + b }, { a: 1 }, 2)()', '3'], ['_.isFinite("1")', 'true'], ['_.isFinite("")', 'false'], ['_.lastIndexOf([1, 2, 1], 1)', '2'], ['_.result({ a: 1 }, "a")', '1'],
])('%s is %s', async (expression, value) => expect(await valueOf(expression)).toBe(value))
