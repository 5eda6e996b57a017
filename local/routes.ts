// What the deployment says of its API, read from where it is written: serverless.yml.
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { Cors } from './api-gateway/cors.ts'

export type FunctionRoute = { functionName: string; method: string; path: string }

type Deployment = {
  provider: { httpApi: { cors: { allowedMethods: string[]; allowedHeaders: string[]; exposedResponseHeaders: string[]; maxAge: number } } }
  functions: Record<string, { events?: { httpApi?: string }[] }>
}

// Tags such as !Sub are CloudFormation's, and nothing that is read here.
const readDeployment = async () =>
  parse(await readFile(`${import.meta.dirname}/../serverless.yml`, 'utf8'), { logLevel: 'silent' }) as Deployment

/** A function without routes is invoked by its operator alone. */
export const readRoutes = async (): Promise<FunctionRoute[]> =>
  Object.entries((await readDeployment()).functions).flatMap(([functionName, { events = [] }]) =>
    events.flatMap(({ httpApi }) => {
      const [method, path] = httpApi?.split(' ') ?? []
      return method && path ? [{ functionName, method, path }] : []
    }),
  )

/** Which pages of other origins may use the API, and how. */
export const readCors = async (allowOrigins: string[]): Promise<Cors> => {
  const { allowedMethods, allowedHeaders, exposedResponseHeaders, maxAge } = (await readDeployment()).provider.httpApi.cors
  return { allowOrigins, allowMethods: allowedMethods, allowHeaders: allowedHeaders, exposeHeaders: exposedResponseHeaders, maxAgeSeconds: maxAge }
}
