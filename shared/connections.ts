// How a function reaches its secrets and Sync Gateway: opened by what first needs them, kept by the sandbox.
import { configuration } from './configuration.ts'
import type { Runtime } from './runtime.ts'
import { secretShapes, shapesOf, type SecretName } from './secret-shapes.ts'
import { secrets, type Secrets } from './secrets.ts'
import { syncGateway } from './sync-gateway.ts'

export const openSecrets = <Name extends SecretName>(runtime: Runtime, ...names: Name[]) => {
  const environment = runtime.environment()
  const settings = configuration(environment, ['SECRETS_PREFIX', 'AWS_REGION', 'AWS_ENDPOINT_URL_SECRETS_MANAGER'])
  const credentials = () => {
    const found = configuration(runtime.environment(), ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
    return {
      accessKeyId: found.AWS_ACCESS_KEY_ID,
      secretAccessKey: found.AWS_SECRET_ACCESS_KEY,
      ...(found.AWS_SESSION_TOKEN ? { sessionToken: found.AWS_SESSION_TOKEN } : {}),
    }
  }
  return secrets(
    { prefix: settings.SECRETS_PREFIX, endpoint: settings.AWS_ENDPOINT_URL_SECRETS_MANAGER, region: settings.AWS_REGION, credentials, now: runtime.now },
    shapesOf(...names),
  )
}

/** The secrets of any function that talks to Sync Gateway. */
export type GatewaySecrets = Secrets<Pick<typeof secretShapes, 'sync-gateway'>>

export const openGateway = (runtime: Runtime, vault: GatewaySecrets) => {
  const settings = configuration(runtime.environment(), ['SYNC_GATEWAY_ADMIN_URL', 'SYNC_GATEWAY_KEYSPACE'])
  return syncGateway({
    adminUrl: settings.SYNC_GATEWAY_ADMIN_URL,
    keyspace: settings.SYNC_GATEWAY_KEYSPACE,
    login: async (signal) => (await vault.read(signal))['sync-gateway'],
    rereadLogin: (signal) => vault.reread(signal),
    random: runtime.random,
  })
}
