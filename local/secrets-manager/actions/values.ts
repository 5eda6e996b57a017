// GetSecretValue and BatchGetSecretValue.
import * as z from 'zod/mini'
import { action, members } from '../action.ts'
import { filters, fits, page, paging } from '../page.ts'
import { invalidParameter, invalidRequest, noValue, ServiceError } from '../service-error.ts'
import { labelsOf, type Secret, type Store } from '../store.ts'

export const GetSecretValue = action(
  z.object({ SecretId: members.secretId, VersionId: z.optional(members.versionId), VersionStage: z.optional(members.label) }),
  (store, { SecretId, VersionId, VersionStage }) => value(store, store.get(SecretId), VersionId, VersionStage),
)

/** By names, answers also what it could not get, each with its own error; the whole request succeeds. */
export const BatchGetSecretValue = action(
  z.object({ SecretIdList: z.optional(z.array(members.secretId).check(z.minLength(1), z.maxLength(20, 'Member must have length less than or equal to 20'))), Filters: z.optional(filters), ...paging }),
  (store, { SecretIdList, Filters, MaxResults, NextToken }) => {
    if ((SecretIdList === undefined) === (Filters === undefined)) throw invalidParameter(`Either 'SecretIdList' or 'Filters' must be provided, but not both.`)
    if (SecretIdList && MaxResults !== undefined) throw invalidParameter(`'MaxResults' can be used with 'Filters' only.`)
    const ids = SecretIdList ?? store.all().filter((secret) => secret.deletedAt === undefined && fits(secret, Filters ?? [])).map(({ name }) => name)
    const { items, next } = page(ids, MaxResults ?? 20, NextToken)
    const results = items.map((id) => attempt(store, id))
    return { SecretValues: results.flatMap(({ found }) => found ?? []), Errors: results.flatMap(({ error }) => error ?? []), ...next }
  },
)

const attempt = (store: Store, id: string) => {
  try {
    return { found: value(store, store.get(id)) }
  } catch (error) {
    if (error instanceof ServiceError) return { error: { SecretId: id, ErrorCode: error.type, Message: error.message } }
    throw error
  }
}

const value = (store: Store, secret: Secret, versionId?: string, stage = versionId === undefined ? 'AWSCURRENT' : undefined) => {
  const id = versionId ?? secret.labels.get(stage!)
  const version = secret.versions.get(id ?? '')
  if (!version) throw noValue(versionId === undefined ? `staging label: ${stage}` : `VersionId: ${versionId}`)
  if (stage !== undefined && secret.labels.get(stage) !== version.id) throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.')
  secret.accessedAt = version.accessedAt = store.now()
  return { ARN: secret.arn, Name: secret.name, VersionId: version.id, ...version.content, VersionStages: labelsOf(secret, version.id), CreatedDate: version.createdAt / 1_000 }
}
