// The zips of a package, unpacked and run as Lambda and API Gateway would run them, among stand-ins of everything else.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { apiGateway } from '../../local/api-gateway/api-gateway.ts'
import type { Handler } from '../../local/api-gateway/lambda.ts'
import { readRoutes } from '../../local/routes.ts'
import { secretsManager } from '../../local/secrets-manager/secrets-manager.ts'
import { surroundings } from '../../local/surroundings.ts'
import { secretShapes } from '../../shared/secret-shapes.ts'
import type { Packaged } from './packaged.ts'
import { sandbox, type Sandbox } from './sandbox.ts'
import { environmentOf, functionsOf, secretsOfRole } from './template.ts'
import { unzipped } from './zip.ts'

const prefix = 'callgate/prod'

export const deployed = async (made: Packaged) => {
  const settingNames = new Set([...(await readFile(`${import.meta.dirname}/../../shared/configuration.ts`, 'utf8')).matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name!))
  const sandboxes: Record<string, Sandbox> = {}
  const routes = (await readRoutes()).map((route) => ({ ...route, handler: ((event) => sandboxes[route.functionName]!.invoke(event)) as Handler }))
  const front = await apiGateway({ routes })
  const around = await surroundings({ issuer: front.url, given: { SECRETS_PREFIX: prefix, LIMIT_TOTAL: '1000/1d' } })
  const contents = await everySecret(around.environment)
  const vaults: { close: () => Promise<void> }[] = []
  const asked: Record<string, Set<string>> = {}

  for (const name of Object.keys(functionsOf(made.template))) {
    const mine = (asked[name] = new Set<string>())
    const vault = await secretsManager({
      secrets: Object.fromEntries(secretsOfRole(made.template, name).map((secret) => [`${prefix}/${secret}`, contents[secret]!])),
      intercept: ({ body }) => {
        mine.add((JSON.parse(body) as { SecretId: string }).SecretId.slice(prefix.length + 1))
        return 'go'
      },
    })
    vaults.push(vault)
    sandboxes[name] = sandbox(await unpacked(made, name), environment(made, name, { ...around.environment, AWS_ENDPOINT_URL_SECRETS_MANAGER: vault.url }))
  }

  return {
    url: front.url,
    places: around.places,
    manage: (order: object) => sandboxes['manage-accounts']!.invoke(order),
    /** Names, sorted: those of settings that are not Lambda's own, and those of secrets. */
    asked: (name: string) => ({
      variables: sandboxes[name]!.asked().filter((variable) => settingNames.has(variable) && !variable.startsWith('AWS_')).sort(),
      secrets: [...asked[name]!].sort(),
    }),
    peakMegabytes: (name: string) => sandboxes[name]!.peakMegabytes(),
    log: (name: string) => sandboxes[name]!.log(),
    close: async () => {
      await Promise.all([front, around, ...vaults, ...Object.values(sandboxes)].map((part) => part.close()))
    },
  }
}

export type Deployed = Awaited<ReturnType<typeof deployed>>

/** Exactly the variables of the template, with the addresses of the stand-ins, and what Lambda adds. */
const environment = (made: Packaged, name: string, local: Record<string, string>) => {
  const given = Object.entries(environmentOf(made.template, name))
  return {
    ...Object.fromEntries(given.map(([variable, value]) => [variable, local[variable] ?? String(value)])),
    // Outside the template, because Twilio is where it always is.
    ...(name === 'start-call' ? { TWILIO_API_URL: local['TWILIO_API_URL']! } : {}),
    AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: local['AWS_ENDPOINT_URL_SECRETS_MANAGER']!,
  }
}

const unpacked = async (made: Packaged, name: string) => {
  const folder = `${made.folder}/var-task/${name}`
  for (const { path, content } of unzipped(await made.zip(name))) {
    await mkdir(dirname(`${folder}/${path}`), { recursive: true })
    await writeFile(`${folder}/${path}`, content())
  }
  const [module = '', exported] = String(functionsOf(made.template)[name]?.['Handler']).split(/\.(?=\w+$)/)
  if (exported !== 'handler') throw new Error(`The handler of ${name} has another name.`)
  return `${folder}/${module}.mjs`
}

const everySecret = async ({ AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }: Record<string, string>) => {
  const client = new SecretsManagerClient({ endpoint: endpoint!, region: 'us-east-1', credentials: { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! } })
  const entries = await Promise.all(Object.keys(secretShapes).map(async (name) => [name, (await client.send(new GetSecretValueCommand({ SecretId: `${prefix}/${name}` }))).SecretString!] as const))
  client.destroy()
  return Object.fromEntries(entries)
}
