// The sync function: what it may be written in, what it is given, and what its calls do.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { member, said, saidInTurn, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

/** Runs a function body and answers what it throws as `forbidden`. */
const resultOf = async (body: string, doc: unknown = {}) => {
  const { admin } = await gateway.database({ sync: `function (doc, oldDoc, meta) { ${body} }` })
  return said(await admin('PUT', '/doc', doc))
}
const valueOf = async (expression: string, doc: unknown = {}) => {
  const answer = await resultOf(`throw({ forbidden: JSON.stringify(${expression}) || 'undefined' })`, doc)
  return answer.startsWith('403 ') ? answer.slice(4) : answer
}

describe('the language is ES5', () => {
  const wrapped = (body: string) => `function (doc) { ${body} }`

  test.each([
    ['let', wrapped('let a = 1')], ['const', wrapped('const a = 1')], ['an arrow', wrapped('var f = () => 1')], ['a class', wrapped('class A {}')], ['a default', 'function (doc, a = 1) {}'],
    ['a spread', wrapped('f(...doc)')], ['a rest', 'function (...doc) {}'], ['destructuring', wrapped('var { a } = doc')], ['a template', wrapped('var a = `a`').replaceAll('`', '\\`')],
    ['a short method', wrapped('var a = { b() {} }')], ['for of', wrapped('for (var a of doc) {}')], ['optional chaining', wrapped('doc?.a')], ['a power', wrapped('2 ** 2')], ['async', 'async function (doc) {}'],
    ['lookahead', wrapped('/(?=a)/.test(doc)')], ['negative lookahead', wrapped('/(?!a)/.test(doc)')], ['lookbehind', wrapped('/(?<=a)/.test(doc)')], ['a backreference', wrapped('/(a)\\1/.test(doc)')],
    ['a final semicolon', 'function (doc) {};'], ['a var in front', 'var a; function (doc) {}'], ['two functions', 'function (doc) {} function (b) {}'], ['nothing that is a function', '{}'], ['a number', '1'],
  ])('%s is refused', async (_what, sync) => {
    const { admin } = await gateway.database()
    expect((await admin('PUT', '/_config/sync', sync, { 'content-type': 'application/javascript' })).status).toBe(400)
  })

  test.each([
    ['a comment in front', '/* say */ function (doc) {}'], ['a line comment in front', '// say\nfunction (doc) {}'], ['a factory', '(function () { var a = 1; return function (doc) { channel(String(a)) } })()'],
    ['brackets around it', '(function (doc) {})'], ['white space', '\n function (doc) {} \n'], ['a name', 'function sync(doc) {}'],
  ])('%s is fine', async (_what, sync) => {
    const { admin } = await gateway.database()
    expect((await admin('PUT', '/_config/sync', sync, { 'content-type': 'application/javascript' })).status).toBe(200)
    expect((await admin('PUT', '/doc', {})).status).toBe(201)
  })

  test.each(['Map', 'Set', 'WeakMap', 'Promise', 'Symbol', 'Proxy', 'Reflect', 'BigInt', 'Object.assign', 'Object.entries', '"".includes', '"".startsWith', '"".padStart', '[].includes', '[].find', 'Number.isInteger', 'Array.from', 'require', 'process', 'setTimeout'])(
    'there is no %s',
    async (name) => expect(await valueOf(`typeof ${name}`)).toBe('"undefined"'),
  )

  test.each(['JSON', '_', 'console', 'Math', 'Date', 'RegExp'])('there is %s', async (name) => expect(await valueOf(`typeof ${name}`)).not.toBe('"undefined"'))
  test.each(['log', 'channel', 'access', 'role', 'expiry', 'requireUser', 'requireRole', 'requireAccess', 'requireAdmin', 'parseInt', 'isNaN', '[].map', '[].indexOf', 'Object.keys', 'Array.isArray', '"".trim'])(
    '%s is a function',
    async (name) => expect(await valueOf(`typeof ${name}`)).toBe('"function"'),
  )

  test('underscore is there', async () => {
    expect(await valueOf('[_.isArray([]), _.contains([1, 2], 2), _.keys({ a: 1 }), _.uniq([1, 1, 2]), _.isEmpty({}), _.difference([1, 2], [2])]')).toBe('[true,true,["a"],[1,2],true,[1]]')
  })

  test('what is declared nowhere survives from call to call', async () => {
    const { admin } = await gateway.database({ sync: 'function () { count = (typeof count === "undefined" ? 0 : count) + 1; throw({ forbidden: String(count) }) }' })
    expect(await saidInTurn(() => admin('PUT', '/a', {}), () => admin('PUT', '/b', {}))).toEqual(['403 1', '403 2'])
  })
})

describe('what it is given', () => {
  test('a document with its id and revision, and without expiry and attachments', async () => {
    expect(JSON.parse(await valueOf('doc', { a: 1, _exp: 60, _attachments: { x: { data: 'AA==' } } }))).toEqual({ a: 1, _id: 'doc', _rev: expect.stringMatching(/^1-/) })
  })

  test('an empty meta', async () => expect(await valueOf('meta')).toBe('{"xattrs":{}}'))

  test('no old document the first time', async () => expect(await valueOf('oldDoc')).toBe('null'))

  const twice = async (steps: (put: (body: object) => Promise<string>, remove: (rev: string) => Promise<unknown>) => Promise<void>) => {
    const { admin } = await gateway.database({ sync: 'function (doc, oldDoc) { if (doc.tell) throw({ forbidden: JSON.stringify(oldDoc) }) }' })
    await steps(async (body) => String(member((await admin('PUT', '/doc', body)).body, 'rev')), (rev) => admin('DELETE', `/doc?rev=${rev}`))
    return async (rev?: string) => JSON.parse(said(await admin('PUT', rev === undefined ? '/doc' : `/doc?rev=${rev}`, { tell: true })).slice(4)) as unknown
  }

  test('the stored one then, with its attachments and without its revision', async () => {
    let rev = ''
    const tell = await twice(async (put) => { rev = await put({ a: 1, _attachments: { x: { data: 'AA==' } } }) })
    expect(await tell(rev)).toEqual({ a: 1, _id: 'doc', _attachments: { x: expect.objectContaining({ stub: true, length: 1 }) } })
  })

  test('after a deletion only that it is one', async () => {
    const tell = await twice(async (put, remove) => { await remove(await put({ a: 1 })) })
    expect(await tell()).toEqual({ _id: 'doc', _deleted: true })
  })

  test('after a deletion with a body only that it is one, too', async () => {
    const tell = await twice(async (put) => { await put({ _rev: await put({ a: 1 }), a: 2, _deleted: true }) })
    expect(await tell()).toEqual({ _id: 'doc', _deleted: true })
  })

  test('and _deleted in a deletion', async () => {
    const { admin } = await gateway.database({ sync: 'function (doc) { if (doc._deleted) throw({ forbidden: JSON.stringify(doc) }) }' })
    const rev = String(member((await admin('PUT', '/doc', {})).body, 'rev'))
    expect(JSON.parse(said(await admin('DELETE', `/doc?rev=${rev}`)).slice(4))).toEqual({ _id: 'doc', _deleted: true, _rev: expect.stringMatching(/^2-/) })
  })

  test('members may be called as what objects inherit', async () => {
    expect(await valueOf('[Object.prototype.hasOwnProperty.call(doc, "a"), typeof doc.hasOwnProperty]', '{"a":1,"hasOwnProperty":1,"constructor":2}')).toBe('[true,"number"]')
  })
})

describe('what it throws', () => {
  test.each([
    ['{ forbidden: "no" }', '403 no'], ['{ unauthorized: "who" }', '401 who'], ['{ forbidden: "" }', '500'], ['"text"', '500'], ['null', '500'], ['new Error("x")', '500'], ['{ other: "x" }', '500'],
    ['undefined', '500'], ['{ forbidden: "a", unauthorized: "b" }', '403 a'],
  ])('%s is a %s', async (thrown, expected) => expect((await resultOf(`throw(${thrown})`)).startsWith(expected)).toBe(true))

  test('is the same on the public port', async () => {
    const db = await gateway.database({ sync: 'function (doc) { throw(doc.it) }' })
    const ann = await db.user('ann')
    expect(await saidInTurn(() => ann('PUT', '/doc', { it: { forbidden: 'no' } }), () => ann('PUT', '/doc', { it: { unauthorized: 'who' } }))).toEqual(['403 no', '401 who'])
  })

  test('changes nothing, and takes no sequence', async () => {
    const { admin, sequence } = await gateway.database({ sync: 'function (doc) { channel("a"); access("ann", "a"); throw({ forbidden: "no" }) }' })
    await admin('PUT', '/doc', {})
    expect([said(await admin('GET', '/doc')), await sequence()]).toEqual(['404 missing', 0])
  })

  test('running for ever is a 500, if there is a limit', async () => {
    const { admin } = await gateway.database({ javascript_timeout_secs: 1, sync: 'function () { while (true) {} }' })
    expect((await admin('PUT', '/doc', {})).status).toBe(500)
  })
})

describe('require', () => {
  const prepare = async (body: string) => {
    const db = await gateway.database({ sync: `function (doc, oldDoc) { ${body} }` })
    await db.admin('PUT', '/_role/r', { admin_channels: ['c'] })
    const ann = await db.user('ann', { admin_channels: ['a'], admin_roles: ['r'] })
    const bob = await db.user('bob', { admin_channels: ['*'] })
    const answers = await saidInTurn(() => ann('PUT', '/x', {}), () => bob('PUT', '/y', {}), () => db.admin('PUT', '/z', {}))
    return answers.join(', ')
  }

  test.each([
    ['requireUser("ann")', '201, 403 sg wrong user, 201'],
    ['requireUser(["eve", "ann"])', '201, 403 sg wrong user, 201'],
    ['requireUser([])', '403 sg wrong user, 403 sg wrong user, 201'],
    ['requireUser(null)', '403 sg wrong user, 403 sg wrong user, 201'],
    ['requireRole("r")', '201, 403 sg missing role, 201'],
    ['requireRole(["q", "r"])', '201, 403 sg missing role, 201'],
    ['requireAccess("a")', '201, 403 sg missing channel access, 201'],
    ['requireAccess(["b", "c"])', '201, 403 sg missing channel access, 201'],
    ['requireAccess("!")', '201, 201, 201'],
    ['requireAccess("x")', '403 sg missing channel access, 403 sg missing channel access, 201'],
    ['requireAdmin()', '403 sg admin required, 403 sg admin required, 201'],
    ['try { requireAdmin() } catch (e) {}', '201, 201, 201'],
    ['try { requireUser("ann") } catch (e) { throw({ forbidden: "caught " + e.forbidden }) }', '201, 403 caught sg wrong user, 201'],
  ])('%s: ann, bob and the admin get %s', async (call, expected) => expect(await prepare(call)).toBe(expected))
})

describe('channel', () => {
  const seenBy = async (body: string, doc: object = {}) => {
    const db = await gateway.database({ sync: `function (doc) { ${body} }` })
    const [ann, star] = [await db.user('ann', { admin_channels: ['a'] }), await db.user('star', { admin_channels: ['*'] })]
    const { status } = await db.admin('PUT', '/doc', doc)
    return status === 201 ? saidInTurn(() => ann('GET', '/doc'), () => star('GET', '/doc')) : status
  }

  test.each([
    ['channel("a")', ['200', '200']], ['channel("b", "a")', ['200', '200']], ['channel(["b", "a"])', ['200', '200']], ['channel("b"); channel("a")', ['200', '200']], ['channel("b")', ['403 forbidden', '200']],
    ['channel("!")', ['200', '200']], ['channel("*")', ['403 forbidden', '200']], ['channel("*"); channel("a")', ['403 forbidden', '200']], ['channel("a", "*")', ['403 forbidden', '200']],
    ['channel(1, null, undefined, {}, "a")', ['200', '200']], ['channel(null)', ['403 forbidden', '200']], ['', ['403 forbidden', '200']],
    ['channel("")', 500], ['channel("a,b")', 500], ['channel("a b")', ['403 forbidden', '200']],
  ])('%s: ann of channel a and star of all see it: %j', async (body, expected) => expect(await seenBy(body)).toEqual(expected))

  test('is the list in the document without a function', async () => {
    const db = await gateway.database()
    const ann = await db.user('ann', { admin_channels: ['a'] })
    for (const [id, channels] of Object.entries({ text: 'a', list: ['b', 'a'], other: 'b', number: 1 })) await db.admin('PUT', `/${id}`, { channels })
    expect(await saidInTurn(...['text', 'list', 'other', 'number'].map((id) => () => ann('GET', `/${id}`)))).toEqual(['200', '200', '403 forbidden', '403 forbidden'])
  })
})

describe('access and role', () => {
  const prepare = async () => {
    const db = await gateway.database({ sync: 'function (doc) { channel(doc.channels); access(doc.who, doc.what); role(doc.who, doc.roles) }' })
    const ann = await db.user('ann')
    await db.admin('PUT', '/a', { channels: ['a'] })
    const grant = async (body: object, rev?: string) => {
      const made = member((await db.admin('PUT', rev === undefined ? '/grant' : `/grant?rev=${rev}`, body)).body, 'rev')
      return typeof made === 'string' ? made : undefined
    }
    return { ...db, ann, grant, sees: async () => said(await ann('GET', '/a')) }
  }

  test.each([[{ who: 'ann', what: 'a' }], [{ who: ['eve', 'ann'], what: ['b', 'a'] }]])('%j lets ann in, until it is gone', async (body) => {
    const { grant, sees } = await prepare()
    expect(await sees()).toBe('403 forbidden')
    const rev = await grant(body)
    expect(await sees()).toBe('200')
    await grant({}, rev)
    expect(await sees()).toBe('403 forbidden')
  })

  test.each([[{ who: null, what: 'a' }], [{ who: 'ann', what: null }], [{ who: 1, what: 1 }], [{ who: 'eve', what: 'a' }], [{ who: 'ann', what: '*' }]])('%j does not', async (body) => {
    const { grant, sees } = await prepare()
    expect(await grant(body)).toBeDefined()
    expect(await sees()).toBe('403 forbidden')
  })

  test('a grant goes with its document, also by purging', async () => {
    for (const away of ['delete', 'purge']) {
      const { admin, grant, sees } = await prepare()
      const rev = await grant({ who: 'ann', what: 'a' })
      if (away === 'delete') await admin('DELETE', `/grant?rev=${rev}`)
      else await admin('POST', '/_purge', { grant: ['*'] })
      expect(await sees()).toBe('403 forbidden')
    }
  })

  test('to a role reaches whoever has it', async () => {
    const { admin, grant, sees } = await prepare()
    await admin('PUT', '/_role/r', {})
    await admin('PUT', '/_user/ann', { admin_roles: ['r'] })
    await grant({ who: 'role:r', what: 'a' })
    expect(await sees()).toBe('200')
  })

  test('a role has to be called role:', async () => {
    const { admin, grant, sees } = await prepare()
    await admin('PUT', '/_role/r', { admin_channels: ['a'] })
    const rev = await grant({ who: 'ann', roles: 'role:r' })
    expect(await sees()).toBe('200')
    expect((await admin('GET', '/_user/ann')).body).toMatchObject({ roles: ['r'] })
    expect(await grant({ who: 'ann', roles: 'r' }, rev)).toBeUndefined()
  })

  test('a grant shows in all_channels, not in admin_channels', async () => {
    const { admin, grant } = await prepare()
    await grant({ who: 'ann', what: 'a' })
    const { body } = await admin('GET', '/_user/ann')
    expect(body).toMatchObject({ all_channels: ['!', 'a'] })
    expect(body).not.toHaveProperty('admin_channels')
  })
})

describe('expiry', () => {
  const livesFor60 = async (body: string, doc: object = {}) => {
    const { admin } = await gateway.database({ sync: `function (doc) { ${body} }` })
    await admin('PUT', '/doc', doc)
    gateway.advance(60_000)
    return said(await admin('GET', '/doc')) === '404 deleted'
  }

  test.each([
    ['expiry(60)', {}, true], ['expiry("60")', {}, true], ['expiry(61)', {}, false], ['expiry(0)', { _exp: 60 }, false], ['expiry(null)', { _exp: 60 }, true], ['expiry(-1)', { _exp: 60 }, true],
    ['expiry("bad")', { _exp: 60 }, true], ['expiry(120)', { _exp: 60 }, false], ['expiry(60)', { _exp: 120 }, true], ['expiry(120); expiry(60)', {}, true],
  ])('%s with %j ends it after a minute: %j', async (body, doc, expected) => expect(await livesFor60(body, doc)).toBe(expected))
})
