// Functions in brackets do what they did without.
import { readdir, readFile } from 'node:fs/promises'
import { createContext, Script } from 'node:vm'
import { parse } from 'acorn'
import { expect, test } from '@jest/globals'
import { eager } from '../../deploy/eager.ts'

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
  expect(eager(code)).toBe(expected)
  expect(run(expected)).toBe(run(code))
})

test('leaves no function of a bundle without', async () => {
  const build = `${import.meta.dirname}/../../.build`
  for (const name of await readdir(build)) {
    const code = await readFile(`${build}/${name}/function.cjs`, 'utf8')
    expect(code.match(/(?<!\()async ?\([^()]*\)=>/g)).toBeNull()
    expect(() => parse(code, { ecmaVersion: 2024 })).not.toThrow()
  }
})
