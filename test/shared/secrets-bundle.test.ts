// A bundle that reads secrets carries no SDK, and makes Node load no undici.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { build } from 'esbuild'
import { secretsManager } from '../../local/secrets-manager/secrets-manager.ts'

const entry = `
  import { shapesOf } from './shared/secret-shapes.ts'
  import { secrets } from './shared/secrets.ts'
  const local = { accessKeyId: 'local', secretAccessKey: 'local' }
  secrets({ prefix: 'p', endpoint: process.argv[2], region: 'us-east-1', credentials: () => local, now: Date.now }, shapesOf('couchbase'))
    .read(new AbortController().signal)
    .then((values) => console.log(JSON.stringify({ values, loaded: process.moduleLoadList })))
`

test('the bundle is small and light', async () => {
  const folder = await mkdtemp(`${tmpdir()}/callgate-`)
  const outfile = `${folder}/index.cjs`
  const local = await secretsManager({ secrets: { 'p/couchbase': '{"username":"u","password":"p"}' } })
  try {
    const { metafile } = await build({
      stdin: { contents: entry, resolveDir: `${import.meta.dirname}/../..`, loader: 'ts' }, outfile,
      // As build.ts does it.
      bundle: true, platform: 'node', target: 'node24', format: 'cjs', supported: { 'dynamic-import': false }, minify: true, legalComments: 'none', metafile: true,
    })
    const { stdout } = await promisify(execFile)(process.execPath, [outfile, local.url])
    const { values, loaded } = JSON.parse(stdout) as { values: unknown; loaded: string[] }
    expect(values).toEqual({ couchbase: { username: 'u', password: 'p' } })
    expect(loaded.filter((name) => name.includes('undici'))).toEqual([])
    expect(Object.keys(metafile.inputs).filter((file) => /@aws-sdk|undici/.test(file))).toEqual([])
    expect((await stat(outfile)).size).toBeLessThan(200_000)
  } finally {
    await local.close()
    await rm(folder, { recursive: true })
  }
})
