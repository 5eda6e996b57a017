// The functions as they are deployed, in a folder of this run, because a test run builds anew in the same place.
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { build as bundle } from 'esbuild'
import { build } from '../build.ts'

export const bundles = async () => {
  const folder = await mkdtemp(`${tmpdir()}/callgate-bench-`)
  await build()
  await cp(`${import.meta.dirname}/../.build`, `${folder}/functions`, { recursive: true })
  return {
    folder,
    of: (functionName: string) => `${folder}/functions/${functionName}/index.mjs`,
    /** Bundles a file of this folder as the functions are. */
    own: async (name: string) => {
      const outfile = `${folder}/${name}/index.cjs`
      await bundle({ entryPoints: [`${import.meta.dirname}/${name}.ts`], outfile, bundle: true, platform: 'node', target: 'node24', format: 'cjs', minify: true, logLevel: 'error' })
      return outfile
    },
    remove: () => rm(folder, { recursive: true }),
  }
}

export type Bundles = Awaited<ReturnType<typeof bundles>>
