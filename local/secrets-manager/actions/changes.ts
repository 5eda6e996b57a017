// CreateSecret, PutSecretValue and UpdateSecret. A version's id is the request's ClientRequestToken, so a repeat changes nothing.
import * as z from 'zod/mini'
import { action, members } from '../action.ts'
import { alreadyExists, front, invalidParameter, invalidRequest } from '../service-error.ts'
import { labelsOf, type Content, type Secret, type Store } from '../store.ts'

const written = { ClientRequestToken: z.optional(members.versionId), SecretString: z.optional(members.text), SecretBinary: z.optional(members.text) }
const described = { Description: z.optional(members.description), KmsKeyId: z.optional(members.secretId) }

export const CreateSecret = action(z.object({ Name: members.name, ...written, ...described, Tags: z.optional(members.tags) }), (store, input) => {
  const token = needed(input.ClientRequestToken)
  if (!/^[\w/+=.@!-]+$/.test(input.Name)) {
    throw front('ValidationException', 'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!')
  }
  const content = contentOf(input)
  const old = store.find(input.Name)
  if (old?.deletedAt !== undefined) throw invalidRequest(`You can't create this secret because a secret with this name is already scheduled for deletion.`)
  const version = content ? { VersionId: token } : {}
  if (old) {
    if (content && same(old, token, content)) return { ARN: old.arn, Name: old.name, ...version }
    throw alreadyExists(`The operation failed because the secret ${input.Name} already exists.`)
  }
  const secret = Object.assign(store.create(input.Name), { tags: input.Tags ?? [] })
  describe(secret, input)
  if (content) store.addVersion(secret, token, content, ['AWSCURRENT'])
  return { ARN: secret.arn, Name: secret.name, ...version }
})

export const PutSecretValue = action(
  z.object({ SecretId: members.secretId, ...written, VersionStages: z.optional(z.array(members.label).check(z.minLength(1), z.maxLength(20))) }),
  (store, input) => {
    const token = needed(input.ClientRequestToken)
    const content = contentOf(input)
    if (!content) throw invalidRequest('You must provide either SecretString or SecretBinary.')
    const secret = store.get(input.SecretId)
    // The first version is always current.
    put(store, secret, token, content, [...(secret.versions.size === 0 ? ['AWSCURRENT'] : []), ...(input.VersionStages ?? ['AWSCURRENT'])])
    return { ARN: secret.arn, Name: secret.name, VersionId: token, VersionStages: labelsOf(secret, token) }
  },
)

export const UpdateSecret = action(z.object({ SecretId: members.secretId, ...written, ...described }), (store, input) => {
  const token = needed(input.ClientRequestToken)
  const secret = store.get(input.SecretId)
  const content = contentOf(input)
  if (content) put(store, secret, token, content, ['AWSCURRENT'])
  describe(secret, input)
  secret.changedAt = store.now()
  return { ARN: secret.arn, Name: secret.name, ...(content ? { VersionId: token } : {}) }
})

// The SDKs make one up; the service itself does not.
const needed = (token: string | undefined) => {
  if (token === undefined) throw invalidRequest('You must provide a ClientRequestToken value. We recommend a UUID-type value.')
  return token
}

const contentOf = ({ SecretString, SecretBinary }: { SecretString?: string | undefined; SecretBinary?: string | undefined }): Content | undefined => {
  if (SecretString !== undefined && SecretBinary !== undefined) throw invalidParameter(`You can't specify both a binary secret value and a string secret value in the same secret.`)
  if (SecretString !== undefined) return { SecretString }
  return SecretBinary === undefined ? undefined : { SecretBinary }
}

const same = (secret: Secret, token: string, content: Content) => JSON.stringify(secret.versions.get(token)?.content) === JSON.stringify(content)

const put = (store: Store, secret: Secret, token: string, content: Content, labels: string[]) => {
  if (!secret.versions.has(token)) store.addVersion(secret, token, content, labels)
  else if (!same(secret, token, content)) throw alreadyExists(`You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${secret.arn}.`)
}

const describe = (secret: Secret, { Description, KmsKeyId }: { Description?: string | undefined; KmsKeyId?: string | undefined }) => {
  if (Description !== undefined) secret.description = Description
  if (KmsKeyId !== undefined) secret.kmsKeyId = KmsKeyId
}
