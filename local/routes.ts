// The routes that the deployment has, read from where they are written: serverless.yml.
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'

export type FunctionRoute = { functionName: string; method: string; path: string }

type Deployment = { functions: Record<string, { events?: { httpApi?: string }[] }> }

export const readRoutes = async (): Promise<FunctionRoute[]> => {
  // Tags such as !Sub are CloudFormation's, and nothing that a route is made of.
  const deployment = parse(await readFile(`${import.meta.dirname}/../serverless.yml`, 'utf8'), { logLevel: 'silent' }) as Deployment
  return Object.entries(deployment.functions).flatMap(([functionName, { events = [] }]) =>
    events.flatMap(({ httpApi }) => {
      const [method, path] = httpApi?.split(' ') ?? []
      return method && path ? [{ functionName, method, path }] : []
    }),
  )
}
