// Digests and their comparison: what would tell somebody how much of a secret he has guessed.
import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { equal, firstKey, hashed, keyed } from '../../shared/digest.ts'

const root = `${import.meta.dirname}/../..`

describe('digits, codes and tokens are compared in constant time', () => {
  test.each([['427', '427', true], ['427', '428', false], ['427', '42', false], ['', '', true], ['', '0', false], ['é', 'é', true], ['a'.repeat(10_000), 'a'.repeat(9_999), false]])(
    '%j and %j: %s, whatever their lengths', (left, right, same) => expect([equal(left, right), equal(right, left)]).toEqual([same, same]),
  )

  // A comparison by === stops at the first character that differs. Whether there is a value at all may be asked by it.
  const secret = String.raw`(?:digits|matchCode|userCode|secretHash|hash|tag|ath)`
  const operator = String.raw`(?:[!=]==|[!=]=)(?!=)`
  const byOperator = new RegExp(String.raw`(?<!typeof )\b${secret}\b\s*${operator}(?!\s*(?:undefined\b|''))|${operator}\s*[\w.?]*\b${secret}\b`)

  test('in no file by an operator', () => {
    const files = globSync('{functions,shared}/*.ts', { cwd: root })
    expect(files.length).toBeGreaterThan(50)
    expect(files.filter((file) => byOperator.test(readFileSync(`${root}/${file}`, 'utf8')))).toEqual([])
  })

  test.each(['digits === call.matchCode', 'call.matchCode !== digits', 'entry.hash == hash', 'given === session?.secretHash'])('%s would be found', (line) => expect(byOperator.test(line)).toBe(true))

  test.each(["digits === ''", 'hash !== undefined', 'equal(digits, call.matchCode)'])('%s is none', (line) => expect(byOperator.test(line)).toBe(false))
})

describe('a keyed name', () => {
  const key = Buffer.alloc(32, 7).toString('base64url')

  test('is for its key and its parts, which do not run into each other', () => {
    const names = [keyed(key, 'ab'), keyed(key, 'a', 'b'), keyed(key, 'ab', ''), keyed(key, '', 'ab'), keyed(Buffer.alloc(32, 8).toString('base64url'), 'ab'), hashed('ab')]
    expect(new Set(names).size).toBe(names.length)
    expect(keyed(key, 'a', 'b')).toBe(names[1])
  })

  test('needs a key', () => expect(() => firstKey([])).toThrow('The secret token-key holds no key.'))
})
