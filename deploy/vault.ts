// The secrets of one stage in AWS Secrets Manager, by their short names.
import { CreateSecretCommand, GetSecretValueCommand, PutSecretValueCommand, SecretsManagerServiceException, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { SecretName } from '../shared/secret-shapes.ts'
import { problem } from './problem.ts'

/** What a secret says now, and since when, in milliseconds since 1970. */
export type Held = { text: string; since: number }

export const vault = (client: SecretsManagerClient, prefix: string) => ({
  /** Undefined if there is no such secret. */
  read: async (name: SecretName): Promise<Held | undefined> => {
    try {
      const { SecretString, CreatedDate } = await client.send(new GetSecretValueCommand({ SecretId: `${prefix}/${name}` }))
      return { text: SecretString ?? '', since: CreatedDate?.getTime() ?? 0 }
    } catch (cause) {
      if (isKind(cause, 'ResourceNotFoundException')) return undefined
      throw isKind(cause, 'InvalidRequestException') ? waits(prefix, name, cause) : cause
    }
  },
  /** Throws if there is one: two who create at once must not both believe that theirs is in use. */
  create: async (name: SecretName, value: object) => {
    await client.send(new CreateSecretCommand({ Name: `${prefix}/${name}`, SecretString: JSON.stringify(value) }))
  },
  /** A new version, which is the current one at once. */
  put: async (name: SecretName, value: object) => {
    await client.send(new PutSecretValueCommand({ SecretId: `${prefix}/${name}`, SecretString: JSON.stringify(value) }))
  },
})

export type Vault = ReturnType<typeof vault>

const isKind = (cause: unknown, kind: string) => cause instanceof SecretsManagerServiceException && cause.name === kind

const waits = (prefix: string, name: string, cause: unknown) =>
  problem(`${prefix}/${name} waits for its deletion. To keep it: aws secretsmanager restore-secret --secret-id ${prefix}/${name}`, cause)
