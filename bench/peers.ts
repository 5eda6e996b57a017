// What a user would pick in place of Callgate, in a folder of its own: installed on demand, each bundled by esbuild as we bundle ours.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'

const folder = `${import.meta.dirname}/peers`
const ric = `${folder}/node_modules/aws-lambda-ric`
const run = promisify(execFile)

/** Slow once, by the network; afterwards only if the lock file has changed. Rejects with what npm said. */
export const installPeers = async () => {
  const isThere = await run('npm', ['ls', '--all'], { cwd: folder }).then(() => true, () => false)
  if (!isThere) await run('npm', ['ci'], { cwd: folder })
}

/** The packages that are bundled, or run: `name version`, as package.json of a folder pins them, that of the peers if none is given. */
export const versionsIn = async (home = folder) => {
  const { dependencies } = JSON.parse(await readFile(`${home}/package.json`, 'utf8')) as { dependencies: Record<string, string> }
  return Object.entries(dependencies).map(([name, version]) => `${name} ${version}`)
}

export type Runtime = { file: string; name: string }

/**
 * AWS's own runtime, built here: it needs a C++ compiler, make, cmake and the headers that come with Node. Where that fails, a loop of ours
 * that asks the Runtime API the same.
 */
export const runtimeHere = async (): Promise<Runtime> => {
  const built = existsSync(`${ric}/rapid-client.node`) || (await buildRic())
  return built ? { file: `${ric}/index.mjs`, name: (await versionsIn()).find((one) => one.startsWith('aws-lambda-ric ')) ?? '' } : { file: `${folder}/runtime-loop.mjs`, name: 'a loop of ours, because aws-lambda-ric could not be built here' }
}

const buildRic = async () => {
  const headers = dirname(dirname(process.execPath))
  const env = { ...process.env, ...(existsSync(`${headers}/include/node/node_api.h`) ? { npm_config_nodedir: headers } : {}) }
  try {
    await run('npm', ['rebuild', 'aws-lambda-ric', '--ignore-scripts=false'], { cwd: folder, env, maxBuffer: 1 << 26 })
  } catch (error) {
    console.error('aws-lambda-ric could not be built:', error instanceof Error ? error.message.slice(0, 400) : error)
  }
  return existsSync(`${ric}/rapid-client.node`)
}

// Packages that are ES modules alone, some of which break as CommonJS; what they import of CommonJS then wants a require.
const esModules = new Set(['better-auth', 'oidc-provider'])
const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" }

/** Writes OUT/NAME/index.cjs or index.mjs, and answers its path. */
export const bundlePeer = async (name: string, out: string) => {
  const isEsModule = esModules.has(name)
  const outfile = `${out}/${name}/index.${isEsModule ? 'mjs' : 'cjs'}`
  await build({
    absWorkingDir: folder, entryPoints: [`${name}.mjs`], outfile, bundle: true, platform: 'node', target: 'node24', minify: true, legalComments: 'none', logLevel: 'error',
    ...(isEsModule ? { format: 'esm', banner } : { format: 'cjs' }),
  })
  return outfile
}
