// Bundles each function into .build/NAME/index.mjs and function.cjs, as it is deployed and as the local run loads it.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import type { SourceMapPayload } from 'node:module'
import { basename } from 'node:path'
import { build as bundle, type BuildOptions, type Plugin } from 'esbuild'
import { eager } from './deploy/eager.ts'
import { tablesBeside } from './deploy/tables.ts'

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
  // From a package's ES modules esbuild can leave out what is not used.
  mainFields: ['module', 'main'],
  // A dynamic import of an ES module, and a bundle that is one and imports node:http, make Node load its own undici: 20 ms of every cold start.
  supported: { 'dynamic-import': false },
}

// What Lambda's runtime imports, and waits for while it gives the sandbox a whole processor: what can be done before the first request is done here. Not the
// bundle itself, whose text Node would read for what it exports: 1 ms.
// https://serverlessland.com/content/service/lambda/guides/effectively-running-java-on-serverless/init-heavy-lifting
const entry = `import { createRequire } from 'node:module'
export const { handler } = createRequire(import.meta.url)('./function.cjs')
await handler.prepare?.()
`

/** Leaves what is imported dynamically to a file beside the bundle, because what is not compiled costs nothing; `found` has their entry points by name. */
const beside = (found: Map<string, string>): Plugin => ({
  name: 'beside',
  setup: (bundling) => bundling.onResolve({ filter: /./ }, async ({ kind, path, importer, resolveDir }) => {
    if (kind !== 'dynamic-import') return undefined
    const resolved = await bundling.resolve(path, { kind: 'import-statement', importer, resolveDir })
    if (resolved.errors.length > 0) return { errors: resolved.errors }
    const name = basename(resolved.path).replace(/\.\w+$/, '')
    found.set(name, resolved.path)
    return { path: `./${name}.cjs`, external: true }
  }),
})

// What of the SDK nothing runs that counts: a histogram for its meter, which shared/counter.ts switches off and which formats numbers by ICU as it loads, and
// whatever is for indexes, queries, users and the like. Together half of what the SDK costs to load.
const unused = [
  /[\\/]hdr-histogram-js[\\/]dist[\\/]index\.js$/,
  /[\\/]couchbase[\\/]dist[\\/](\w+manager|datastructures|transactions|searchquery|vectorsearch|(analytics|query|search|view)executor)\.js$/,
]
const withoutUnused: Plugin = {
  name: 'without-unused',
  setup: (bundling) => {
    for (const filter of unused) bundling.onLoad({ filter }, () => ({ contents: '' }))
  },
}

const couchbase: BuildOptions = {
  mainFields: ['main'],
  loader: { '.node': 'copy' },
  plugins: [withoutUnused],
  keepNames: true, // Without it the SDK's errors lose the names that a log shows.
  define: {
    'process.env.CN_PREBUILD_PATH_OVERRIDE': JSON.stringify('@couchbase/couchbase-linux-x64-napi/couchbase-v4.7.1-napi-v6-linux-x64-boringssl.node'),
  },
}

const bundleFunction = async (name: string) => {
  const folder = `${root}/.build/${name}`
  await mkdir(folder, { recursive: true })
  const found = new Map<string, string>()
  const { outputFiles } = await bundle({
    ...common, entryPoints: [`functions/${name}.ts`], outfile: `${folder}/function.cjs`, plugins: [beside(found), tablesBeside], sourcemap: 'external', write: false,
  })
  const text = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? ''
  await writeFile(`${folder}/function.cjs`, eager(text('.cjs'), JSON.parse(text('.cjs.map')) as SourceMapPayload))
  await writeFile(`${folder}/index.mjs`, entry)
  await Promise.all([...found].map(([part, file]) =>
    bundle({ ...common, entryPoints: [file], outfile: `${folder}/${part}.cjs`, ...(part === 'couchbase' ? couchbase : {}) })))
}

export const functionNames = async () =>
  (await readdir(`${root}/functions`)).filter((file) => file.endsWith('.ts')).map((file) => basename(file, '.ts'))

/** Writes every bundle anew and answers their names. Throws what esbuild found wrong. */
export const build = async () => {
  await rm(`${root}/.build`, { recursive: true, force: true })
  const names = await functionNames()
  await Promise.all(names.map(bundleFunction))
  return names
}

if (import.meta.main) console.log((await build()).map((name) => `.build/${name}/index.mjs`).join('\n'))
