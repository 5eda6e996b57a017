// `npx serverless package` as on a fresh clone: in a folder of its own, without an account, and with a network that is not there.
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'

const root = `${import.meta.dirname}/../..`
const sources = ['serverless.yml', 'build.ts', 'require-node.cjs', 'package.json', 'deploy', 'functions', 'shared']

export type Resource = { Type: string; Condition?: string; DependsOn?: string[]; Properties: Record<string, unknown> }
export type Template = { Resources: Record<string, Resource>; Parameters: Record<string, { Default: unknown }>; Outputs: Record<string, unknown> }

export const packaged = async (stage: string, ...parameters: string[]) => {
  const folder = await mkdtemp(`${tmpdir()}/callgate-package-`)
  await Promise.all(sources.map((source) => cp(`${root}/${source}`, `${folder}/${source}`, { recursive: true })))
  await symlink(`${root}/node_modules`, `${folder}/node_modules`)
  await mkdir(`${folder}/home`)
  const nowhere = 'http://127.0.0.1:9'
  await promisify(execFile)(`${root}/node_modules/.bin/serverless`, ['package', '--stage', stage, ...parameters.map((parameter) => `--param=${parameter}`)], {
    cwd: folder, env: { PATH: `${root}/node_modules/.bin:${process.env['PATH']}`, HOME: `${folder}/home`, HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere },
  })
  const json = async (name: string) => JSON.parse(await readFile(`${folder}/.serverless/${name}`, 'utf8')) as unknown
  return {
    folder,
    template: (await json('cloudformation-template-update-stack.json')) as Template,
    zip: (functionName: string) => readFile(`${folder}/.serverless/${functionName}.zip`),
    remove: () => rm(folder, { recursive: true }),
  }
}

export type Packaged = Awaited<ReturnType<typeof packaged>>
