// AWS's own client, pointed at a stand-in.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { secretsManager, type SecretsManagerOptions } from '../../local/secrets-manager/secrets-manager.ts'

export const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'a secret key', sessionToken: 'a/session+token==' }

export const sdk = (endpoint: string, given: Partial<typeof credentials> = {}, region = 'us-east-1') =>
  new SecretsManagerClient({ endpoint, region, maxAttempts: 1, credentials: { ...credentials, ...given } })

/** Runs one test against a stand-in and AWS's client for it, and closes both. */
export const withSdk = async (options: Partial<SecretsManagerOptions>, run: (client: SecretsManagerClient, local: Awaited<ReturnType<typeof secretsManager>>) => Promise<void>) => {
  const local = await secretsManager({ secrets: {}, ...credentials, ...options })
  const client = sdk(local.url)
  try {
    await run(client, local)
  } finally {
    client.destroy()
    await local.close()
  }
}
