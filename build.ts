// Bundles each function into .build/NAME/index.cjs, as it is deployed and as the local run loads it.
import { readdir, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { build as bundle, type BuildOptions, type Metafile, type Plugin } from 'esbuild'

const root = import.meta.dirname

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
}

// Beside the bundle of a function that counts: the SDK costs 10 ms to parse, and most requests never count.
const sdkFile = './couchbase.cjs'

const bundleFunction = (name: string) =>
  bundle({
    ...common,
    entryPoints: [`functions/${name}.ts`],
    outfile: `.build/${name}/index.cjs`,
    // From a package's ES modules esbuild can leave out what is not used: most of what comes with AWS's signer.
    mainFields: ['module', 'main'],
    // A dynamic import of an ES module, and any ESM output, makes Node load its own undici: 20 ms of every cold start.
    supported: { 'dynamic-import': false },
    alias: { couchbase: sdkFile },
    external: [sdkFile],
    metafile: true,
  })

// Only the SDK's meter uses it, which shared/counter.ts switches off: it formats numbers by ICU as it loads, a third of what the SDK costs.
const withoutHistogram: Plugin = {
  name: 'without-histogram',
  setup: (bundling) => bundling.onLoad({ filter: /[\\/]hdr-histogram-js[\\/]dist[\\/]index\.js$/ }, () => ({ contents: '' })),
}

// Only what makes an account or counts needs the SDK and its native addon; the other bundles stay pure JavaScript.
const bundleSdk = (name: string) =>
  bundle({
    ...common,
    entryPoints: ['couchbase'],
    outfile: `.build/${name}/couchbase.cjs`,
    loader: { '.node': 'copy' },
    plugins: [withoutHistogram],
    keepNames: true, // Without it the SDK's errors lose the names that a log shows.
    define: {
      'process.env.CN_PREBUILD_PATH_OVERRIDE': JSON.stringify('@couchbase/couchbase-linux-x64-napi/couchbase-v4.7.1-napi-v6-linux-x64-boringssl.node'),
    },
  })

const wantsSdk = ({ outputs }: Metafile) => Object.values(outputs).some(({ imports }) => imports.some(({ path }) => path === sdkFile))

export const functionNames = async () =>
  (await readdir(`${root}/functions`)).filter((file) => file.endsWith('.ts')).map((file) => basename(file, '.ts'))

/** Writes every bundle anew and answers their names. Throws what esbuild found wrong. */
export const build = async () => {
  await rm(`${root}/.build`, { recursive: true, force: true })
  const names = await functionNames()
  await Promise.all(names.map(async (name) => {
    const { metafile } = await bundleFunction(name)
    if (wantsSdk(metafile)) await bundleSdk(name)
  }))
  return names
}

if (import.meta.main) console.log((await build()).map((name) => `.build/${name}/index.cjs`).join('\n'))
