// Functions in brackets do what they did without.
import { readdir, readFile } from 'node:fs/promises'
import type { SourceMapPayload } from 'node:module'
import { createContext, Script } from 'node:vm'
import { expect, test } from '@jest/globals'
import { build, type Plugin } from 'esbuild'
import { eager } from '../../deploy/eager.ts'

const ofNowhere = { version: 3, sources: [], names: [], mappings: '' } as unknown as SourceMapPayload
const run = (code: string) => JSON.stringify(new Script(code).runInContext(createContext({})))

test.each([
  ['a value', 'var f = x => x + 1; f(1)', 'var f = (x => x + 1); f(1)'],
  ['functions in functions that end together', 'var f = x => y => x + y; f(1)(2)', 'var f = (x => (y => x + y)); f(1)(2)'],
  ['one that is asynchronous', 'var f = async () => {}; typeof f()', 'var f = (async () => {}); typeof f()'],
  ['arguments side by side', '[1].map(x => x).concat([2].map(function (x) { return x }))', '[1].map((x => x)).concat([2].map((function (x) { return x })))'],
  ['one that is called at once', '(function () { return 1 })()', '((function () { return 1 }))()'],
  ['a default', 'var f = (g = () => 1) => g(); f()', 'var f = ((g = (() => 1)) => g()); f()'],
  ['a member', 'var o = { f: () => 1 }; o.f()', 'var o = { f: (() => 1) }; o.f()'],
  ['methods, which stay', 'var o = { f() { return 1 }, get g() { return 2 } }; [o.f(), o.g]', 'var o = { f() { return 1 }, get g() { return 2 } }; [o.f(), o.g]'],
  ['classes, whose methods stay', 'class A { static f = () => 1; constructor() { this.x = 1 } m() { return this.x } } [A.f(), new A().m()]', 'class A { static f = (() => 1); constructor() { this.x = 1 } m() { return this.x } } [A.f(), new A().m()]'],
  ['declarations, which stay', 'function f() { return 1 } f()', 'function f() { return 1 } f()'],
  ['names, which they keep', 'var f = () => 1; var { g = () => 2 } = {}; [f.name, g.name, ({ h: () => 3 }).h.name]', 'var f = (() => 1); var { g = (() => 2) } = {}; [f.name, g.name, ({ h: (() => 3) }).h.name]'],
])('%s', (_what, code, expected) => {
  expect(eager(code, ofNowhere)).toBe(expected)
  expect(run(expected)).toBe(run(code))
})

test('what a package brings along stays as it is, on any line', async () => {
  const plugin: Plugin = {
    name: 'two-sources',
    setup: (bundling) => {
      bundling.onResolve({ filter: /^(theirs|ours)$/ }, ({ path }) => ({ path: path === 'theirs' ? '/a/node_modules/theirs/index.js' : '/a/shared/ours.js', namespace: 'file' }))
      bundling.onLoad({ filter: /^\/a\// }, ({ path }) => ({ contents: path.includes('theirs') ? 'export const theirs = (x) => x + 1' : 'export const ours = (x) => x + 2' }))
    },
  }
  const { outputFiles } = await build({
    stdin: { contents: "import { theirs } from 'theirs'; import { ours } from 'ours'; console.log(theirs(1), ours(2))", resolveDir: '/' },
    bundle: true, format: 'cjs', sourcemap: 'external', write: false, outfile: '/a/out.cjs', plugins: [plugin],
  })
  const [map, code] = ['.map', '.cjs'].map((ending) => outputFiles.find(({ path }) => path.endsWith(ending))!.text) as [string, string]
  const text = eager(code, JSON.parse(map) as SourceMapPayload)
  expect([text.includes('ours = ((x) => x + 2)'), text.includes('theirs = (x) => x + 1')]).toEqual([true, true])
})

test('a bundle has it so', async () => {
  const folder = `${import.meta.dirname}/../../.build`
  for (const name of await readdir(folder)) expect(await readFile(`${folder}/${name}/function.cjs`, 'utf8')).toContain('=(async')
})
