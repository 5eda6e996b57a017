// Sub-document lookups: paths, what is asked at them, and what the server tells of a document.
import { describe, expect, test } from '@jest/globals'
import { bucket } from '../../local/couchbase/bucket.ts'
import { lookup, questionsOf } from '../../local/couchbase/lookup.ts'
import { opcode } from '../../local/couchbase/opcode.ts'
import { manualClock } from '../manual-clock.ts'

type Asked = [command: number, path: string, attribute?: true]

const { getPath, existsPath, countPath } = opcode
const body = { a: { b: [1, [2, 3], { c: null }] }, 'dot.ted': 1, 'back`tick': 2, 'quo"ted': 3, empty: {}, text: 'x' }

const encode = (asked: Asked[]) =>
  Buffer.concat(
    asked.map(([command, path, attribute]) => {
      const head = Buffer.from([command, attribute ? 4 : 0, 0, 0])
      head.writeUInt16BE(Buffer.byteLength(path), 2)
      return Buffer.concat([head, Buffer.from(path)])
    }),
  )

const ask = (asked: Asked[], value: unknown = body) => {
  const documents = bucket(manualClock())
  const raw = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))
  const { document } = documents.store('id', 'set', { value: raw, flags: 5, expiry: 60, cas: 0n, keepExpiry: false })
  const questions = questionsOf(encode(asked), true)
  if (typeof questions === 'number') return questions
  const reply = lookup(document!, questions, documents.uuid)
  const answers: [number, string][] = []
  for (let at = 0, all = reply.value!; at < all.length; at += 6 + all.readUInt32BE(at + 2)) {
    answers.push([all.readUInt16BE(at), all.toString('utf8', at + 6, at + 6 + all.readUInt32BE(at + 2))])
  }
  return { status: reply.status, answers }
}
const one = (...asked: Asked) => {
  const reply = ask([asked])
  return typeof reply === 'number' ? reply : reply.answers[0]
}

describe('a path', () => {
  test.each([
    ['a.b[0]', '1'],
    ['a.b[1][-1]', '3'],
    ['a.b[-1].c', 'null'],
    ['`dot.ted`', '1'],
    ['`back``tick`', '2'],
    ['quo\\"ted', '3'],
    ['`quo\\"ted`', '3'],
    ['`a`.b[1]', '[2,3]'],
  ])('%s finds %s', (path, found) => expect(one(getPath, path)).toEqual([0, found]))

  test.each([
    ['none', 0xc0],
    ['a.none', 0xc0],
    ['a.b[3]', 0xc0],
    ['a.b.c', 0xc1],
    ['a[0]', 0xc1],
    ['text.more', 0xc1],
    ['constructor', 0xc0],
    ['a..b', 0xc2],
    ['a.', 0xc2],
    ['.a', 0xc2],
    ['a.[0]', 0xc2],
    ['a[', 0xc2],
    ['a[x]', 0xc2],
    ['a[-2]', 0xc2],
    ['a.b[0]c', 0xc2],
    ['`a', 0xc2],
    ['quo"ted', 0xc2],
    [Array(32).fill('a').join('.'), 0xc0],
    [Array(33).fill('a').join('.'), 0xc3],
  ])('%s fails with status %i', (path, status) => expect(one(getPath, path)).toEqual([status, '']))

  test('in what is no JSON fails', () => expect(ask([[getPath, 'a']], Buffer.from('{'))).toEqual({ status: 0xcc, answers: [[0xc6, '']] }))

  test('into a top-level array begins with its index', () => expect(ask([[getPath, '[1].x']], [0, { x: 1 }])).toEqual({ status: 0, answers: [[0, '1']] }))
})

describe('a question', () => {
  test('of existence has an answer without a value', () => {
    expect(one(existsPath, 'a.b')).toEqual([0, ''])
    expect(one(existsPath, 'a.c')).toEqual([0xc0, ''])
  })

  test.each<[string, [number, string]]>([
    ['a.b', [0, '3']],
    ['empty', [0, '0']],
    ['', [0, '6']],
    ['text', [0xc1, '']],
  ])('of the count at %p', (path, answer) => expect(one(countPath, path)).toEqual(answer))

  test('of the whole document needs no JSON', () => expect(ask([[opcode.get, '']], Buffer.from('{'))).toEqual({ status: 0, answers: [[0, '{']] }))

  test('that fails leaves the others their answers', () =>
    expect(ask([[getPath, 'text'], [getPath, 'none'], [getPath, 'empty']])).toEqual({ status: 0xcc, answers: [[0, '"x"'], [0xc0, ''], [0, '{}']] }))

  test.each<[string, Asked[], number]>([
    ['none', [], 0x04],
    ['17 of them', Array.from({ length: 17 }, (): Asked => [getPath, 'a']), 0xcb],
    ['an attribute after the body', [[getPath, 'a'], [getPath, '$document', true]], 0xd4],
    ['a value without a path', [[getPath, '']], 0x04],
    ['a whole document with a path', [[opcode.get, 'a']], 0x04],
    ['a command that is no lookup', [[opcode.set, '']], 0xcb],
  ])('%s: the whole is refused', (_, asked, status) => expect(ask(asked)).toBe(status))

  test('cut short refuses the whole', () => {
    const whole = encode([[getPath, 'abc']])
    for (let bytes = 1; bytes < whole.length; bytes += 1) expect(questionsOf(whole.subarray(0, bytes), true)).toBe(0x04)
  })

  test('about an attribute is not supported where attributes were not granted', () => expect(questionsOf(encode([[getPath, '$document', true]]), false)).toBe(0x83))
})

describe('what the server knows of a document', () => {
  test.each([
    ['exptime', String(Math.floor(Date.parse('2026-11-24T12:01:00Z') / 1_000))],
    ['value_bytes', String(JSON.stringify(body).length)],
    ['deleted', 'false'],
    ['revid', '"1"'],
    ['flags', '5'],
    ['datatype', '["json"]'],
    ['seqno', '"0x0000000000000001"'],
  ])('%s', (name, value) => expect(one(getPath, `$document.${name}`, true)).toEqual([0, value]))

  test.each<[string, number]>([
    ['$document.none', 0xc0],
    ['$nothing', 0xd1],
    ['mine', 0xc0],
  ])('%s is not among it', (path, status) => expect(one(getPath, path, true)).toEqual([status, '']))
})
