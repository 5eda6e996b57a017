// The house keeps its own rules: types, lint, and the walls between folders.
import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'

const root = `${import.meta.dirname}/..`
const run = (tool: string, ...args: string[]) => promisify(execFile)(`${root}/node_modules/.bin/${tool}`, args, { cwd: root })
const complaints = (tool: string, ...args: string[]) =>
  run(tool, ...args).then(
    () => '',
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  )
const walls = () => complaints('depcruise', '--config', '.dependency-cruiser.cjs', 'functions', 'shared', 'client', 'local', 'deploy', 'bench', 'test', 'build.ts')

describe('the house', () => {
  test.each(['v20.19.0', 'v23.11.1'])('says in one sentence what is missing on Node.js %s, and is silent on 24', async (version) => {
    const pretend = (as: string) => promisify(execFile)(process.execPath, ['-e', `Object.defineProperty(process, 'version', { value: '${as}' }); require('./require-node.cjs')`], { cwd: root })
    await expect(pretend(version)).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/^Callgate needs Node\.js 24 or later and this is v2\d.*\.\n$/) as unknown })
    await expect(pretend('v24.0.0')).resolves.toMatchObject({ stdout: '', stderr: '' })
  })

  test('has a lock file that names no registry and leaves out no platform, or npm ci stops', async () => {
    const { packages } = JSON.parse(await readFile(`${root}/package-lock.json`, 'utf8')) as { packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }> }
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([])
    const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    expect(wanted.filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)))).toEqual([])
  })

  test('type-checks', async () => expect(await complaints('tsc')).toBe(''))

  test('passes its linter, which knows the types', async () => expect(await complaints('oxlint', '--type-aware', '--deny-warnings')).toBe(''), 60_000)

  test('keeps its walls, and sees a planted hole in each of two', async () => {
    expect(await walls()).toBe('')
    const holes = [`${root}/shared/planted-hole.ts`, `${root}/functions/planted-hole.ts`]
    try {
      await writeFile(holes[0]!, `import 'couchbase'\n`)
      await writeFile(holes[1]!, `import '../local/clock.ts'\n`)
      const found = await walls()
      expect(found).toContain('one-file-for-couchbase')
      expect(found).toContain('functions-import-shared-only')
    } finally {
      await Promise.all(holes.map((hole) => rm(hole)))
    }
  }, 60_000)
})
