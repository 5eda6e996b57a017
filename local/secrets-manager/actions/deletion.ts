// DeleteSecret, which waits for days unless forced, and RestoreSecret.
import * as z from 'zod/mini'
import { action, members } from '../action.ts'
import { invalidParameter, invalidRequest, notFound } from '../service-error.ts'

export const DeleteSecret = action(
  z.object({ SecretId: members.secretId, RecoveryWindowInDays: z.optional(z.number()), ForceDeleteWithoutRecovery: z.optional(z.boolean()) }),
  (store, { SecretId, RecoveryWindowInDays, ForceDeleteWithoutRecovery = false }) => {
    if (ForceDeleteWithoutRecovery && RecoveryWindowInDays !== undefined) throw invalidParameter(`You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.`)
    const days = RecoveryWindowInDays ?? 30
    if (days < 7 || days > 30) throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).')
    const secret = store.find(SecretId)
    if (ForceDeleteWithoutRecovery) {
      if (secret) store.remove(secret)
      // A forced deletion of nothing succeeds, so that it can be repeated.
      return { ARN: secret?.arn ?? store.arn(SecretId), Name: secret?.name ?? SecretId, DeletionDate: store.now() / 1_000 }
    }
    if (!secret) throw notFound()
    if (secret.deletedAt !== undefined) throw invalidRequest(`You can't perform this operation on the secret because it was already scheduled for deletion.`)
    secret.deletedAt = store.now()
    secret.goneAt = store.now() + days * 86_400_000
    return { ARN: secret.arn, Name: secret.name, DeletionDate: secret.goneAt / 1_000 }
  },
)

export const RestoreSecret = action(z.object({ SecretId: members.secretId }), (store, { SecretId }) => {
  const secret = store.find(SecretId)
  if (!secret) throw notFound()
  delete secret.deletedAt
  delete secret.goneAt
  return { ARN: secret.arn, Name: secret.name }
})
