// The stand-in for Secrets Manager, seen through AWS's own client.
import {
  BatchGetSecretValueCommand, CreateSecretCommand, DeleteSecretCommand, DescribeSecretCommand, GetRandomPasswordCommand, GetSecretValueCommand,
  ListSecretsCommand, ListSecretVersionIdsCommand, PutSecretValueCommand, RestoreSecretCommand, SecretsManagerClient, UpdateSecretCommand, UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { describe, expect, test } from '@jest/globals'
import { credentials, withSdk } from './sdk.ts'

const token = (digit: number) => String(digit).repeat(32)

describe('values', () => {
  test('a secret is read by name, by ARN, and by ARN without its suffix', () =>
    withSdk({ secrets: { 'app/one': 'uno' } }, async (client) => {
      const { ARN, VersionId, ...rest } = await client.send(new GetSecretValueCommand({ SecretId: 'app/one' }))
      expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:\d{12}:secret:app\/one-[A-Za-z0-9]{6}$/)
      expect(VersionId).toHaveLength(36)
      expect(rest).toMatchObject({ Name: 'app/one', SecretString: 'uno', VersionStages: ['AWSCURRENT'], CreatedDate: expect.any(Date) })
      for (const SecretId of [ARN, ARN?.slice(0, -7)]) expect(await client.send(new GetSecretValueCommand({ SecretId }))).toMatchObject({ ARN, VersionId })
    }))

  test('a batch answers what it found, and an error for each that it did not', () =>
    withSdk({ secrets: { a: '1', b: '2' } }, async (client) => {
      const { SecretValues, Errors } = await client.send(new BatchGetSecretValueCommand({ SecretIdList: ['a', 'none', 'b'] }))
      expect(SecretValues?.map(({ Name, SecretString }) => [Name, SecretString])).toEqual([['a', '1'], ['b', '2']])
      expect(Errors).toEqual([{ SecretId: 'none', ErrorCode: 'ResourceNotFoundException', Message: `Secrets Manager can't find the specified secret.` }])
    }))

  test('a batch by filter comes in pages', () =>
    withSdk({ secrets: { 'app/a': '1', 'app/b': '2', 'app/c': '3', other: '4' } }, async (client) => {
      const ask = { Filters: [{ Key: 'name' as const, Values: ['app/'] }], MaxResults: 2 }
      const first = await client.send(new BatchGetSecretValueCommand(ask))
      const second = await client.send(new BatchGetSecretValueCommand({ ...ask, NextToken: first.NextToken }))
      expect([...first.SecretValues ?? [], ...second.SecretValues ?? []].map(({ Name }) => Name)).toEqual(['app/a', 'app/b', 'app/c'])
      expect([first.NextToken, second.NextToken]).toEqual([expect.any(String), undefined])
    }))

  test.each([
    ['a name that is not there', new GetSecretValueCommand({ SecretId: 'none' }), 'ResourceNotFoundException', `Secrets Manager can't find the specified secret.`],
    ['a label that is nowhere', new GetSecretValueCommand({ SecretId: 'a', VersionStage: 'AWSPENDING' }), 'ResourceNotFoundException', `Secrets Manager can't find the specified secret value for staging label: AWSPENDING`],
    ['a version that is not there', new GetSecretValueCommand({ SecretId: 'a', VersionId: token(9) }), 'ResourceNotFoundException', `Secrets Manager can't find the specified secret value for VersionId: ${token(9)}`],
    ['no name', new GetSecretValueCommand({ SecretId: undefined }), 'ValidationException', `1 validation error detected: Value null at 'secretId' failed to satisfy constraint: Member must not be null`],
    ['21 names', new BatchGetSecretValueCommand({ SecretIdList: Array<string>(21).fill('a') }), 'ValidationException', expect.stringContaining('Member must have length less than or equal to 20')],
    ['neither names nor filters', new BatchGetSecretValueCommand({}), 'InvalidParameterException', expect.stringContaining('not both')],
  ] as const)('%s is refused', (_what, command, name, message) =>
    withSdk({ secrets: { a: '1' } }, async (client) => {
      await expect(client.send(command as GetSecretValueCommand)).rejects.toMatchObject({ name, message, $metadata: { httpStatusCode: 400 } })
    }))
})

describe('versions', () => {
  test('a new version is current, and the one before it previous', () =>
    withSdk({}, async (client) => {
      await client.send(new CreateSecretCommand({ Name: 'k', SecretString: 'one', ClientRequestToken: token(1) }))
      await client.send(new PutSecretValueCommand({ SecretId: 'k', SecretString: 'two', ClientRequestToken: token(2) }))
      await client.send(new UpdateSecretCommand({ SecretId: 'k', SecretString: 'three', ClientRequestToken: token(3) }))
      expect((await client.send(new DescribeSecretCommand({ SecretId: 'k' }))).VersionIdsToStages).toEqual({ [token(2)]: ['AWSPREVIOUS'], [token(3)]: ['AWSCURRENT'] })
      expect((await client.send(new GetSecretValueCommand({ SecretId: 'k', VersionStage: 'AWSPREVIOUS' }))).SecretString).toBe('two')
      const versions = await client.send(new ListSecretVersionIdsCommand({ SecretId: 'k', IncludeDeprecated: true }))
      expect(versions.Versions?.map(({ VersionId }) => VersionId)).toEqual([token(1), token(2), token(3)])
    }))

  test('a pending version becomes current by moving the label, which must name its holder', () =>
    withSdk({}, async (client) => {
      await client.send(new CreateSecretCommand({ Name: 'k', SecretString: 'one', ClientRequestToken: token(1) }))
      await client.send(new PutSecretValueCommand({ SecretId: 'k', SecretString: 'two', ClientRequestToken: token(2), VersionStages: ['AWSPENDING'] }))
      expect((await client.send(new GetSecretValueCommand({ SecretId: 'k' }))).SecretString).toBe('one')
      const move = { SecretId: 'k', VersionStage: 'AWSCURRENT', MoveToVersionId: token(2) }
      await expect(client.send(new UpdateSecretVersionStageCommand(move))).rejects.toMatchObject({ name: 'InvalidParameterException', message: expect.stringContaining(`currently attached to version ${token(1)}`) })
      await expect(client.send(new UpdateSecretVersionStageCommand({ ...move, RemoveFromVersionId: token(2) }))).rejects.toMatchObject({ name: 'InvalidParameterException' })
      await client.send(new UpdateSecretVersionStageCommand({ ...move, RemoveFromVersionId: token(1) }))
      await client.send(new UpdateSecretVersionStageCommand({ SecretId: 'k', VersionStage: 'AWSPENDING', RemoveFromVersionId: token(2) }))
      expect((await client.send(new DescribeSecretCommand({ SecretId: 'k' }))).VersionIdsToStages).toEqual({ [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSCURRENT'] })
      await expect(client.send(new UpdateSecretVersionStageCommand({ SecretId: 'k', VersionStage: 'AWSCURRENT', RemoveFromVersionId: token(2) }))).rejects.toMatchObject({ name: 'InvalidParameterException' })
    }))

  test('the same request token writes once, and another value under it is refused', () =>
    withSdk({}, async (client) => {
      const create = new CreateSecretCommand({ Name: 'k', SecretString: 'one', ClientRequestToken: token(1) })
      expect((await client.send(create)).ARN).toBe((await client.send(create)).ARN)
      const put = { SecretId: 'k', SecretString: 'two', ClientRequestToken: token(2) }
      await client.send(new PutSecretValueCommand(put))
      await client.send(new PutSecretValueCommand({ ...put, SecretString: 'three', ClientRequestToken: token(3) }))
      expect((await client.send(new PutSecretValueCommand(put))).VersionStages).toEqual(['AWSPREVIOUS'])
      await expect(client.send(new PutSecretValueCommand({ ...put, SecretString: 'other' }))).rejects.toMatchObject({ name: 'ResourceExistsException' })
      await expect(client.send(new CreateSecretCommand({ Name: 'k', SecretString: 'other', ClientRequestToken: token(4) }))).rejects.toMatchObject({ name: 'ResourceExistsException', message: 'The operation failed because the secret k already exists.' })
    }))

  test('a secret may begin without a value, and its first version is current whatever its labels', () =>
    withSdk({}, async (client) => {
      expect((await client.send(new CreateSecretCommand({ Name: 'k' }))).VersionId).toBeUndefined()
      await expect(client.send(new GetSecretValueCommand({ SecretId: 'k' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: expect.stringContaining('staging label: AWSCURRENT') })
      await client.send(new PutSecretValueCommand({ SecretId: 'k', SecretBinary: Buffer.from([0, 255]), VersionStages: ['AWSPENDING'] }))
      const read = await client.send(new GetSecretValueCommand({ SecretId: 'k' }))
      expect([read.SecretBinary, read.VersionStages]).toEqual([Uint8Array.from([0, 255]), ['AWSCURRENT', 'AWSPENDING']])
    }))
})

describe('deletion', () => {
  test('waits, can be undone, and frees the name when it is forced', () =>
    withSdk({ secrets: { k: 'one' } }, async (client) => {
      const { DeletionDate } = await client.send(new DeleteSecretCommand({ SecretId: 'k', RecoveryWindowInDays: 7 }))
      expect(Math.round((DeletionDate!.getTime() - Date.now()) / 86_400_000)).toBe(7)
      await expect(client.send(new GetSecretValueCommand({ SecretId: 'k' }))).rejects.toMatchObject({ name: 'InvalidRequestException', message: `You can't perform this operation on the secret because it was marked for deletion.` })
      await expect(client.send(new CreateSecretCommand({ Name: 'k', SecretString: 'x' }))).rejects.toMatchObject({ name: 'InvalidRequestException' })
      expect((await client.send(new BatchGetSecretValueCommand({ SecretIdList: ['k'] }))).Errors).toMatchObject([{ ErrorCode: 'InvalidRequestException' }])
      expect((await client.send(new ListSecretsCommand({}))).SecretList).toEqual([])
      expect((await client.send(new ListSecretsCommand({ IncludePlannedDeletion: true }))).SecretList).toMatchObject([{ Name: 'k', DeletedDate: expect.any(Date) }])
      await client.send(new RestoreSecretCommand({ SecretId: 'k' }))
      expect((await client.send(new GetSecretValueCommand({ SecretId: 'k' }))).SecretString).toBe('one')
      await client.send(new DeleteSecretCommand({ SecretId: 'k', ForceDeleteWithoutRecovery: true }))
      await expect(client.send(new DescribeSecretCommand({ SecretId: 'k' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
      await client.send(new CreateSecretCommand({ Name: 'k', SecretString: 'new' }))
    }))

  test.each([6, 31])('a recovery window of %i days is refused', (RecoveryWindowInDays) =>
    withSdk({ secrets: { k: 'one' } }, async (client) => {
      await expect(client.send(new DeleteSecretCommand({ SecretId: 'k', RecoveryWindowInDays }))).rejects.toMatchObject({ name: 'InvalidParameterException' })
    }))
})

test('passwords have the length and the kinds of characters that were asked for', () =>
  withSdk({}, async (client) => {
    const { RandomPassword } = await client.send(new GetRandomPasswordCommand({ PasswordLength: 3, ExcludePunctuation: true, ExcludeCharacters: 'abc' }))
    expect(RandomPassword).toMatch(/^(?=.*[d-z])(?=.*[A-Z])(?=.*\d)[A-Za-z\d]{3}$/)
  }))

test('the endpoint can come from the environment, as in Lambda', () =>
  withSdk({ secrets: { k: 'one' } }, async (_client, local) => {
    process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = local.url
    const client = new SecretsManagerClient({ region: 'us-east-1', credentials })
    try {
      expect((await client.send(new GetSecretValueCommand({ SecretId: 'k' }))).SecretString).toBe('one')
    } finally {
      client.destroy()
      delete process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER']
    }
  }))

test('a fault strikes before the work or after it', () => {
  const fates = ['refuse', 'lose_reply', { status: 503, body: { __type: 'ServiceUnavailable' } }, 'go'] as const
  let asked = 0
  return withSdk({ secrets: { k: 'one' }, intercept: () => fates[asked++] ?? 'go' }, async (client) => {
    const put = (value: string) => client.send(new PutSecretValueCommand({ SecretId: 'k', SecretString: value }))
    for (const value of ['refused', 'lost', 'unavailable']) await expect(put(value)).rejects.toThrow()
    expect((await client.send(new GetSecretValueCommand({ SecretId: 'k' }))).SecretString).toBe('lost')
  })
})
