// SECURITY.md is short and honest: it holds what a reader must know, and what it points at is there.
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

const root = `${import.meta.dirname}/..`
const text = readFileSync(`${root}/SECURITY.md`, 'utf8')
const part = (heading: string) => text.split(/^## /m).find((one) => one.startsWith(heading)) ?? ''

test('SECURITY.md shows each defense by a test that is there', () => {
  const rows = part('What is defended against').split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| against'))
  expect(rows.length).toBeGreaterThan(8)
  for (const row of rows) {
    const [, shown = ''] = /\|([^|]*)\|$/.exec(row) ?? []
    const paths = [...shown.matchAll(/`([^`]+)`/g)].map(([, path = '']) => (path.includes('/') ? path : `test/functions/${path}`))
    expect([row, paths.length > 0 && paths.every((path) => globSync(`${path.replace(/\/$/, '')}*`, { cwd: root }).length > 0)]).toEqual([row, true])
  }
})

test.each([
  'SIM swap', 'gives a number to somebody else', 'hostile build', 'slide for ever', 'Attachments and `_local`', 'take the tokens itself', 'open WebSocket', 'Ids that can be counted', 'makes a phone ring', 'hijacked voicemail', 'replayed to another sandbox',
])('SECURITY.md says what is not defended against: %s', (exposure) => expect(part('What is not').replaceAll('\n  ', ' ')).toContain(exposure))

test('SECURITY.md says how to report, and what an operator must do', () => {
  expect(part('How to report')).toMatch(/in private/)
  expect(part('What an operator must do').match(/^- /gm)?.length).toBeGreaterThan(4)
})

test('SECURITY.md is short', () => expect(text.split('\n').length).toBeLessThan(90))
