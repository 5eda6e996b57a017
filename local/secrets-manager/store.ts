// The secrets of one region: names, versions, and the staging labels that each point at one version.
import { markedForDeletion, notFound } from './service-error.ts'

export type Content = { SecretString: string } | { SecretBinary: string }
export type Version = { id: string; content: Content; createdAt: number; accessedAt?: number }
export type Tag = { Key: string; Value: string }
export type Secret = {
  arn: string
  name: string
  description?: string
  kmsKeyId?: string
  tags: Tag[]
  createdAt: number
  changedAt: number
  accessedAt?: number
  deletedAt?: number
  goneAt?: number
  versions: Map<string, Version>
  /** Label to version: so a label is on one version at most. */
  labels: Map<string, string>
}

export type StoreConfig = {
  region: string
  now: () => number
  /** Six letters or digits: so that a new secret of an old name has another ARN. */
  suffix: () => string
}

export const secretStore = ({ region, now, suffix }: StoreConfig) => {
  const secrets = new Map<string, Secret>()
  const all = () => {
    for (const { name, goneAt } of secrets.values()) if (goneAt !== undefined && now() >= goneAt) secrets.delete(name)
    return [...secrets.values()]
  }
  const arn = (name: string) => `arn:aws:secretsmanager:${region}:123456789012:secret:${name}-${suffix()}`
  /** By name, by ARN, or by ARN without its suffix. */
  const find = (id: string) => all().find((secret) => [secret.name, secret.arn, secret.arn.slice(0, -7)].includes(id))

  return {
    now,
    all,
    arn,
    find,
    /** Throws ResourceNotFoundException, and InvalidRequestException for one that waits for its deletion. */
    get: (id: string) => {
      const secret = find(id)
      if (!secret) throw notFound()
      if (secret.deletedAt !== undefined) throw markedForDeletion()
      return secret
    },
    create: (name: string) => {
      const secret: Secret = { arn: arn(name), name, tags: [], createdAt: now(), changedAt: now(), versions: new Map(), labels: new Map() }
      secrets.set(name, secret)
      return secret
    },
    remove: ({ name }: Secret) => secrets.delete(name),
    addVersion: (secret: Secret, id: string, content: Content, labels: string[]) => {
      secret.versions.set(id, { id, content, createdAt: now() })
      for (const label of labels) moveLabel(secret, label, id)
      secret.changedAt = now()
    },
  }
}

export type Store = ReturnType<typeof secretStore>

/** The version that loses AWSCURRENT becomes AWSPREVIOUS, as the service does by itself. */
export const moveLabel = ({ labels }: Secret, label: string, to: string) => {
  const from = labels.get(label)
  labels.set(label, to)
  if (label === 'AWSCURRENT' && from !== undefined && from !== to) labels.set('AWSPREVIOUS', from)
}

export const labelsOf = ({ labels }: Secret, versionId: string) => [...labels].filter(([, id]) => id === versionId).map(([label]) => label)
