// UpdateSecretVersionStage: moves a staging label, adds one or takes one away.
import * as z from 'zod/mini'
import { action, members } from '../action.ts'
import { invalidParameter, noValue } from '../service-error.ts'
import { moveLabel } from '../store.ts'

export const UpdateSecretVersionStage = action(
  z.object({ SecretId: members.secretId, VersionStage: members.label, RemoveFromVersionId: z.optional(members.versionId), MoveToVersionId: z.optional(members.versionId) }),
  (store, { SecretId, VersionStage, RemoveFromVersionId: from, MoveToVersionId: to }) => {
    const secret = store.get(SecretId)
    const holder = secret.labels.get(VersionStage)
    for (const id of [from, to]) if (id !== undefined && !secret.versions.has(id)) throw noValue(`VersionId: ${id}`)
    if (from !== undefined && from !== holder) throw invalidParameter(`Staging label ${VersionStage} is not attached to version ${from}.`)
    if (from === undefined && holder !== undefined && holder !== to) {
      throw invalidParameter(`The parameter RemoveFromVersionId can't be empty. Staging label ${VersionStage} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`)
    }
    if (to === undefined && VersionStage === 'AWSCURRENT') {
      throw invalidParameter(`You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.`)
    }
    if (to === undefined) secret.labels.delete(VersionStage)
    else moveLabel(secret, VersionStage, to)
    secret.changedAt = store.now()
    return { ARN: secret.arn, Name: secret.name }
  },
)
