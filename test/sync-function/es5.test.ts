// A real Sync Gateway must take the text as it is: otto knows ES5 only, RE2 looks neither ahead nor back, and JSON configurations expand dollar signs.
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { parseExpressionAt, tokenizer } from 'acorn'

const text = readFileSync(`${import.meta.dirname}/../../sync-gateway/sync-function.js`, 'utf8')

const patterns = (source: string) =>
  Array.from(tokenizer(source, { ecmaVersion: 5 })).flatMap((token) => {
    const { value } = token as { value?: { pattern?: unknown } }
    return typeof value?.pattern === 'string' ? [value.pattern] : []
  })

const complaint = (source: string) => {
  if (/[$`]/.test(source)) return 'expands in JSON'
  if (/[^\n -~]/.test(source)) return 'is not plain text'
  try {
    const expression = parseExpressionAt(source, 0, { ecmaVersion: 5 })
    if (source.slice(expression.end).trim() !== '') return 'is more than one expression'
  } catch {
    return 'is not ES5'
  }
  return patterns(source).some((pattern) => /\(\?[=!<]|\\[1-9]/.test(pattern)) ? 'is not RE2' : undefined
}

test('the text is one ES5 expression that needs nothing of otto that it lacks', () => expect(complaint(text)).toBeUndefined())

test.each([
  ['is more than one expression', `${text.trimEnd()};`],
  ['is more than one expression', `${text}\nfunction more() {}`],
  ['is not ES5', `var before = 1;\n${text}`],
  ['is not ES5', text.replace('var digits;', 'let digits;')],
  ['is not ES5', text.replace('function (doc, oldDoc)', '(doc, oldDoc) =>')],
  ['is not RE2', text.replace('/[^0-9]/', '/(?=[^0-9])/')],
  ['is not RE2', text.replace('/[^0-9]/', '/([^0-9])\\1/')],
  ['expands in JSON', `// costs $HOME\n${text}`],
  ['expands in JSON', `// see \`profile\`\n${text}`],
  ['is not plain text', `// a “quote”\n${text}`],
])('a text that %s would be found', (fault, source) => expect(complaint(source)).toBe(fault))

test('the patterns are found, so that a forbidden one would be', () => expect(patterns(text)).toHaveLength(6))

test('the text is small enough to read', () => expect(Buffer.byteLength(text)).toBeLessThan(10_000))
