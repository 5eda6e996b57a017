// DescribeSecret, ListSecrets and ListSecretVersionIds: everything but the content.
import * as z from 'zod/mini'
import { action, members } from '../action.ts'
import { filters, fits, page, paging } from '../page.ts'
import { notFound } from '../service-error.ts'
import { labelsOf, type Secret, type Store } from '../store.ts'

export const DescribeSecret = action(z.object({ SecretId: members.secretId }), (store, { SecretId }) => {
  const secret = known(store, SecretId)
  return { ...description(secret), ...(secret.versions.size > 0 ? { VersionIdsToStages: labelled(secret) } : {}) }
})

export const ListSecrets = action(
  z.object({ Filters: z.optional(filters), IncludePlannedDeletion: z.optional(z.boolean()), SortOrder: z.optional(z.enum(['asc', 'desc'])), ...paging }),
  (store, { Filters = [], IncludePlannedDeletion = false, SortOrder = 'desc', MaxResults = 100, NextToken }) => {
    const listed = store.all().filter((secret) => (IncludePlannedDeletion || secret.deletedAt === undefined) && fits(secret, Filters))
    listed.sort((a, b) => (SortOrder === 'asc' ? a.createdAt - b.createdAt : b.createdAt - a.createdAt))
    const { items, next } = page(listed, MaxResults, NextToken)
    return { SecretList: items.map((secret) => ({ ...description(secret), SecretVersionsToStages: labelled(secret) })), ...next }
  },
)

export const ListSecretVersionIds = action(
  z.object({ SecretId: members.secretId, IncludeDeprecated: z.optional(z.boolean()), ...paging }),
  (store, { SecretId, IncludeDeprecated = false, MaxResults = 100, NextToken }) => {
    const secret = known(store, SecretId)
    const versions = [...secret.versions.values()]
      .map(({ id, createdAt, accessedAt }) => ({ VersionId: id, VersionStages: labelsOf(secret, id), CreatedDate: createdAt / 1_000, ...dayOf(accessedAt) }))
      .filter(({ VersionStages }) => IncludeDeprecated || VersionStages.length > 0)
    const { items, next } = page(versions, MaxResults, NextToken)
    return { ARN: secret.arn, Name: secret.name, Versions: items, ...next }
  },
)

// These three see secrets that wait for their deletion, too.
const known = (store: Store, id: string) => {
  const secret = store.find(id)
  if (!secret) throw notFound()
  return secret
}

// The service tells only the day of the last access.
const dayOf = (time: number | undefined) => (time === undefined ? {} : { LastAccessedDate: Math.floor(time / 86_400_000) * 86_400 })

const labelled = (secret: Secret) =>
  Object.fromEntries([...secret.versions.keys()].map((id) => [id, labelsOf(secret, id)] as const).filter(([, labels]) => labels.length > 0))

const description = ({ arn, name, description: text, kmsKeyId, tags, createdAt, changedAt, accessedAt, deletedAt }: Secret) => ({
  ARN: arn,
  Name: name,
  ...(text === undefined ? {} : { Description: text }),
  ...(kmsKeyId === undefined ? {} : { KmsKeyId: kmsKeyId }),
  ...(tags.length > 0 ? { Tags: tags } : {}),
  CreatedDate: createdAt / 1_000,
  LastChangedDate: changedAt / 1_000,
  ...dayOf(accessedAt),
  ...(deletedAt === undefined ? {} : { DeletedDate: deletedAt / 1_000 }),
})
