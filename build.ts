// Bundles each function into .build/NAME/index.cjs, as it is deployed and as the local run loads it.
import { readdir, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { build as bundle, type BuildOptions } from 'esbuild'

const root = import.meta.dirname

// Only what makes an account or counts needs Couchbase's native addon; the other bundles stay pure JavaScript.
const couchbaseAddon = (): BuildOptions => ({
  loader: { '.node': 'copy' },
  keepNames: true, // Without it the SDK's errors lose the names that a log shows.
  define: {
    'process.env.CN_PREBUILD_PATH_OVERRIDE': JSON.stringify('@couchbase/couchbase-linux-x64-napi/couchbase-v4.7.1-napi-v6-linux-x64-boringssl.node'),
  },
})

const options = (name: string): BuildOptions => ({
  absWorkingDir: root,
  entryPoints: [`functions/${name}.ts`],
  outfile: `.build/${name}/index.cjs`,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // From a package's ES modules esbuild can leave out what is not used: most of what comes with AWS's signer.
  mainFields: ['module', 'main'],
  // A dynamic import of an ES module, and any ESM output, makes Node load its own undici: 20 ms of every cold start.
  supported: { 'dynamic-import': false },
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  ...couchbaseAddon(),
})

export const functionNames = async () =>
  (await readdir(`${root}/functions`)).filter((file) => file.endsWith('.ts')).map((file) => basename(file, '.ts'))

/** Writes every bundle anew and answers their names. Throws what esbuild found wrong. */
export const build = async () => {
  await rm(`${root}/.build`, { recursive: true, force: true })
  const names = await functionNames()
  await Promise.all(names.map((name) => bundle(options(name))))
  return names
}

if (import.meta.main) console.log((await build()).map((name) => `.build/${name}/index.cjs`).join('\n'))
