// Who signed, and what the stand-in answers when nobody did, somebody else did, or something was changed on the way.
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { signatureOf } from '../../local/secrets-manager/canonical-request.ts'
import { secretsManager } from '../../local/secrets-manager/secrets-manager.ts'
import { verifySignature } from '../../local/secrets-manager/signature.ts'
import { credentials, sdk, withSdk } from './sdk.ts'

const now = Date.parse('2026-11-24T12:00:00Z')
const date = '20261124T120000Z'
const scope = { day: '20261124', region: 'us-east-1', service: 'secretsmanager' }
const signedHeaders = ['host', 'x-amz-date', 'x-amz-security-token', 'x-amz-target']
const unsigned = {
  method: 'POST', path: '/', query: '', body: Buffer.from('{}'),
  headers: { host: 'localhost', 'x-amz-date': date, 'x-amz-security-token': credentials.sessionToken, 'x-amz-target': 'secretsmanager.ListSecrets' } as Record<string, string>,
}
const credential = `${credentials.accessKeyId}/20261124/us-east-1/secretsmanager/aws4_request`
const signature = signatureOf(unsigned, signedHeaders, date, scope, credentials.secretAccessKey)
const authorization = (given: { credential?: string; signature?: string; signedHeaders?: string[]; scheme?: string } = {}) =>
  `${given.scheme ?? 'AWS4-HMAC-SHA256'} Credential=${given.credential ?? credential}, SignedHeaders=${(given.signedHeaders ?? signedHeaders).join(';')}, Signature=${given.signature ?? signature}`
const request = (headers: Record<string, string | undefined> = {}, body = unsigned.body) => ({ ...unsigned, body, headers: { ...unsigned.headers, authorization: authorization(), ...headers } })

test("a signature of AWS's published example comes out the same", () => {
  const headers = { host: 'iam.amazonaws.com', 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', 'x-amz-date': '20150830T123600Z' }
  const example = { method: 'GET', path: '/', query: 'Action=ListUsers&Version=2010-05-08', headers, body: Buffer.alloc(0) }
  expect(signatureOf(example, ['content-type', 'host', 'x-amz-date'], '20150830T123600Z', { day: '20150830', region: 'us-east-1', service: 'iam' }, 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'))
    .toBe('5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7')
})

describe('the check', () => {
  const check = (given: ReturnType<typeof request>, at = now, expireAt?: number) => () => verifySignature(given, 'us-east-1', { ...credentials, expireAt }, at)

  test('lets a good request pass', () => expect(check(request())).not.toThrow())

  test.each([
    ['no authorization', request({ authorization: undefined }), 'MissingAuthenticationTokenException'],
    ['another scheme', request({ authorization: 'Bearer token' }), 'MissingAuthenticationTokenException'],
    ['another algorithm', request({ authorization: authorization({ scheme: 'AWS4-HMAC-SHA1' }) }), 'IncompleteSignatureException'],
    ['no signature', request({ authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host` }), 'IncompleteSignatureException'],
    ['a bare word', request({ authorization: 'AWS4-HMAC-SHA256 Credential' }), 'IncompleteSignatureException'],
    ['no date', request({ 'x-amz-date': undefined }), 'IncompleteSignatureException'],
    ['a date that is none', request({ 'x-amz-date': 'today' }), 'IncompleteSignatureException'],
    ['a scope of four parts', request({ authorization: authorization({ credential: credential.replace('/aws4_request', '') }) }), 'IncompleteSignatureException'],
    ['another region', request({ authorization: authorization({ credential: credential.replace('us-east-1', 'us-west-2') }) }), 'InvalidSignatureException'],
    ['another service', request({ authorization: authorization({ credential: credential.replace('secretsmanager', 's3') }) }), 'InvalidSignatureException'],
    ['another day', request({ authorization: authorization({ credential: credential.replace('20261124', '20261123') }) }), 'InvalidSignatureException'],
    ['an unsigned host', request({ authorization: authorization({ signedHeaders: ['x-amz-date'] }) }), 'InvalidSignatureException'],
    ['an unsigned session token', request({ authorization: authorization({ signedHeaders: ['host', 'x-amz-date'] }) }), 'InvalidSignatureException'],
    ['an unknown key', request({ authorization: authorization({ credential: credential.replace('AKIATEST', 'AKIAOTHER') }) }), 'UnrecognizedClientException'],
    ['no session token', request({ 'x-amz-security-token': undefined }), 'UnrecognizedClientException'],
    ['another session token', request({ 'x-amz-security-token': 'other' }), 'UnrecognizedClientException'],
    ['another body', request({}, Buffer.from('{ }')), 'InvalidSignatureException'],
    ['another target', request({ 'x-amz-target': 'secretsmanager.DeleteSecret' }), 'InvalidSignatureException'],
    ['a signature of other letters', request({ authorization: authorization({ signature: 'é'.repeat(64) }) }), 'InvalidSignatureException'],
  ])('refuses %s', (_what, given, type) => expect(check(given)).toThrow(expect.objectContaining({ type })))

  test.each([
    [-300, undefined], [-301, 'Signature not yet current: 20261124T120000Z is still later than 20261124T115959Z (20261124T115459Z + 5 min.)'],
    [300, undefined], [301, 'Signature expired: 20261124T120000Z is now earlier than 20261124T120001Z (20261124T120501Z - 5 min.)'],
  ])('a signature that is %i seconds old gets: %s', (seconds, message) => {
    const checked = expect(check(request(), now + seconds * 1_000))
    if (message === undefined) checked.not.toThrow()
    else checked.toThrow(message)
  })

  test.each([[now + 1, false], [now, true]])('a token that ends at %i is expired: %s', (expireAt, expired) => {
    const checked = expect(check(request(), now, expireAt))
    if (expired) checked.toThrow(expect.objectContaining({ type: 'ExpiredTokenException' }))
    else checked.not.toThrow()
  })
})

describe("AWS's client", () => {
  test.each([
    [{ secretAccessKey: 'another' }, 'InvalidSignatureException'],
    [{ accessKeyId: 'AKIAOTHER' }, 'UnrecognizedClientException'],
    [{ sessionToken: 'another' }, 'UnrecognizedClientException'],
  ])('with %j is told %s', (given, name) =>
    withSdk({ secrets: { k: 'one' } }, async (_client, local) => {
      const other = sdk(local.url, given)
      await expect(other.send(new GetSecretValueCommand({ SecretId: 'k' }))).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } })
      other.destroy()
    }))
})

describe('over plain HTTP', () => {
  let local: Awaited<ReturnType<typeof secretsManager>>
  beforeAll(async () => { local = await secretsManager({ secrets: { k: 'one' } }) })
  afterAll(() => local.close())
  const send = async (method: string, headers: Record<string, string>) => {
    const reply = await fetch(local.url, { method, headers })
    return [reply.status, reply.headers.get('content-type'), await reply.json()]
  }

  test('nobody gets in without a signature', async () =>
    expect(await send('POST', { 'x-amz-target': 'secretsmanager.GetSecretValue' })).toEqual([400, 'application/x-amz-json-1.1', { __type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' }]))

  test.each([['GET', 'secretsmanager.GetSecretValue'], ['POST', 'secretsmanager.Nothing'], ['POST', 'DynamoDB.GetSecretValue'], ['POST', 'constructor']])('%s %s is no operation', async (method, target) =>
    expect(await send(method, { 'x-amz-target': target })).toMatchObject([400, 'application/x-amz-json-1.1', { __type: 'UnknownOperationException' }]))
})
