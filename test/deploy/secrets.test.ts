// npm run secrets, against the stand-in of Secrets Manager, by AWS's own client.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { secretsCommand, type SecretsOrder } from '../../deploy/secrets-command.ts'
import { signingKey } from '../../local/keys.ts'
import { secretsManager } from '../../local/secrets-manager/secrets-manager.ts'
import { surroundings, type Surroundings } from '../../local/surroundings.ts'
import { parseSecrets, secretShapes, type SecretName } from '../../shared/secret-shapes.ts'
import { manualClock } from '../manual-clock.ts'

const prefix = 'callgate/test'
const hours = (count: number) => count * 3_600_000

let around: Surroundings
beforeAll(async () => { around = await surroundings({ issuer: 'http://localhost:1', given: { SECRETS_MANAGER_SECRET_ACCESS_KEY: 'rehearsal' } }) })
afterAll(() => around.close())

const filledIn = {
  'sync-gateway': { username: 'callgate', password: 'callgate-local' },
  couchbase: { username: 'callgate', password: 'callgate-local' },
  'twilio-api': { account_sid: 'AC00000000000000000000000000000001', api_key_sid: 'SK00000000000000000000000000000001', api_key_secret: 'callgate-local' },
  'twilio-webhook': { auth_tokens: ['callgate-local'] },
}

/** One stage's secrets, with a clock, and what the command says. */
const stage = async (secrets: Record<string, string> = {}) => {
  const clock = manualClock(Date.now())
  const local = await secretsManager({ clock, secrets: Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`${prefix}/${name}`, value])) })
  const said: string[] = []
  const clients: SecretsManagerClient[] = []
  const client = () => {
    const made = new SecretsManagerClient({
      endpoint: local.url, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, systemClockOffset: clock.now() - Date.now(),
    })
    clients.push(made)
    return made
  }
  const close = async () => {
    for (const made of clients) made.destroy()
    await local.close()
  }
  const run = async (order: Partial<SecretsOrder> = {}, input: unknown = {}) => {
    said.length = 0
    return secretsCommand(
      { client: client(), prefix, settings: around.environment, now: clock.now, write: (line) => said.push(line) },
      { kind: 'EC', input: async () => JSON.stringify(input), ...order },
    )
  }
  const read = async (name: SecretName) => JSON.parse((await client().send(new GetSecretValueCommand({ SecretId: `${prefix}/${name}` }))).SecretString!) as Record<string, unknown>
  const kids = async (name: 'signing-keys' | 'public-keys') => ((await read(name))['keys'] as { kid: string }[]).map(({ kid }) => kid)
  const ready = async () => {
    await run()
    for (const [name, value] of Object.entries(filledIn)) local.set(`${prefix}/${name}`, JSON.stringify(value))
  }
  return { clock, local, said, run, read, kids, ready, close }
}
type Stage = Awaited<ReturnType<typeof stage>>

let here: Stage
beforeEach(async () => { here = await stage() })
afterEach(() => here.close())
const line = (name: string) => here.said.filter((text) => text.startsWith(`${name}: `)).at(-1)

describe('a new stage', () => {
  test('gets every secret, of which four are to be filled in, and is well when they are', async () => {
    expect(await here.run()).toBe(false)
    expect(Object.keys(secretShapes).filter((name) => here.said.some((text) => text.startsWith(`${name}: created`)))).toEqual(Object.keys(secretShapes))
    for (const name of Object.keys(filledIn)) expect(line(name)).toContain(`is not filled in yet: --set ${name} < FILE`)
    for (const [name, value] of Object.entries(filledIn)) await here.run({ set: name }, value)
    expect(here.said.slice(1)).toEqual(Object.keys(secretShapes).map((name) => `${name}: fine.`))
    expect(await here.run()).toBe(true)
  })

  test('has secrets in the form in which the functions read them', async () => {
    await here.ready()
    const contents = new Map(await Promise.all((Object.keys(secretShapes) as SecretName[]).map(async (name) => [`${prefix}/${name}`, JSON.stringify(await here.read(name))] as const)))
    expect(Object.keys(parseSecrets(prefix, secretShapes, contents))).toEqual(Object.keys(secretShapes))
  })

  test.each([['EC', 'EC'], ['RSA', 'RSA'], ['OKP', 'OKP']] as const)('can have a signing key of the kind %s', async (kind, kty) => {
    await here.run({ kind })
    expect((await here.read('public-keys'))['keys']).toMatchObject([{ kty }])
    expect(line('public-keys')).toBe('public-keys: fine.')
  })

  test('that was half made is made whole, and nothing that is there is made anew', async () => {
    await here.run()
    const before = await here.read('phone-pepper')
    await here.run()
    expect(here.said.filter((text) => text.includes('created'))).toEqual([])
    expect(await here.read('phone-pepper')).toEqual(before)
  })
})

describe('a stage in use', () => {
  test.each(['phone-pepper', 'line-key'] as const)('that has lost its %s gets no new one, which would orphan every account', async (lost) => {
    await here.ready()
    const secrets = Object.fromEntries(await Promise.all((Object.keys(secretShapes) as SecretName[]).filter((name) => name !== lost).map(async (name) => [name, JSON.stringify(await here.read(name))] as const)))
    const backup = await here.read(lost)
    await here.close()
    here = await stage(secrets)
    await expect(here.run()).rejects.toThrow(`${lost} is missing, but this stage is in use`)
    expect(await here.run({ set: lost }, backup)).toBe(true)
    await expect(here.run({ set: lost }, backup)).rejects.toThrow(`${lost} is there and is never changed`)
  })

  test('is told which login does not work, and which server is not there', async () => {
    await here.ready()
    await here.run({ set: 'couchbase' }, { username: 'callgate', password: 'wrong-password' })
    expect(line('couchbase')).toBe('couchbase: couchbase refuses this login, or does not let it do what the functions do.')
    await here.run({ set: 'twilio-api' }, { ...filledIn['twilio-api'], api_key_secret: 'wrong-password' })
    expect(line('twilio-api')).toBe('twilio-api: twilio refuses this login, or does not let it do what the functions do.')
    here.local.set(`${prefix}/sync-gateway`, '{"username":1}')
    await here.run()
    expect(line('sync-gateway')).toBe('sync-gateway: The secret callgate/test/sync-gateway is malformed at username.')
    expect(here.said.join('\n')).not.toContain('wrong-password')
  })

  test.each(['EC', 'RSA', 'OKP'] as const)('is told when the halves of a key of type %s do not belong together', async (kind) => {
    const [mine, other] = [signingKey(kind), signingKey(kind)]
    await here.ready()
    here.local.set(`${prefix}/signing-keys`, JSON.stringify({ keys: [mine.private] }))
    await here.run()
    expect(line('signing-keys')).toBe('signing-keys: fine.')
    here.local.set(`${prefix}/signing-keys`, JSON.stringify({ keys: [{ ...other.private, ...mine.public }] }))
    expect(await here.run()).toBe(false)
    expect(line('signing-keys')).toContain('holds a key whose public half is not that of its private one')
  })

  test('is told when the key that signs is not among those that are shown', async () => {
    await here.ready()
    const other = await stage()
    await other.run()
    here.local.set(`${prefix}/public-keys`, JSON.stringify(await other.read('public-keys')))
    await other.close()
    expect(await here.run()).toBe(false)
    expect(line('public-keys')).toContain('does not hold the key that signs')
  })

  test('takes no secret of another form, and no other name', async () => {
    await here.ready()
    await expect(here.run({ set: 'couchbase' }, { username: 'callgate' })).rejects.toThrow('The secret callgate/test/couchbase is malformed at password.')
    await expect(here.run({ set: 'coachbase' })).rejects.toThrow('There is no secret coachbase.')
  })
})

describe('the signing key is rotated', () => {
  test('in three steps with three hours between, and at any moment the key that signs is shown', async () => {
    await here.ready()
    const [old] = await here.kids('signing-keys')
    const signerIsShown = async () => expect(await here.kids('public-keys')).toContain((await here.kids('signing-keys'))[0])
    const rotate = async () => {
      expect(await here.run({ rotate: 'signing-keys' })).toBe(true)
      await signerIsShown()
      return here.said[0]
    }
    expect(await rotate()).toContain('the next key is shown')
    const [, next] = await here.kids('signing-keys')
    expect([await here.kids('signing-keys'), await here.kids('public-keys')]).toEqual([[old, next], [old, next]])
    here.clock.advance(hours(3) - 2_000)
    expect(await rotate()).toContain('too soon to sign')
    here.clock.advance(2_000)
    expect(await rotate()).toContain('the new key signs')
    expect([await here.kids('signing-keys'), await here.kids('public-keys')]).toEqual([[next], [old, next]])
    here.clock.advance(hours(3) - 2_000)
    expect(await rotate()).toContain('too soon to forget')
    here.clock.advance(2_000)
    expect(await rotate()).toContain('The rotation is done.')
    expect([await here.kids('signing-keys'), await here.kids('public-keys')]).toEqual([[next], [next]])
    expect(await rotate()).toContain('the next key is shown')
  })

  test('also when the announcement died between its two writings', async () => {
    await here.ready()
    const before = await here.read('public-keys')
    await here.run({ rotate: 'signing-keys' })
    const announced = await here.kids('signing-keys')
    here.local.set(`${prefix}/public-keys`, JSON.stringify(before))
    await here.run({ rotate: 'signing-keys' })
    expect([await here.kids('signing-keys'), await here.kids('public-keys')]).toEqual([announced, announced])
  })
})

test('the token key is rotated at once, and no more than once within the sixty days that a device may be idle', async () => {
  await here.ready()
  const [old] = (await here.read('token-key'))['keys'] as string[]
  await here.run({ rotate: 'token-key' })
  const [next, ...others] = (await here.read('token-key'))['keys'] as string[]
  expect([next === old, others]).toEqual([false, [old]])
  here.clock.advance(hours(60 * 24) - 2_000)
  await expect(here.run({ rotate: 'token-key' })).rejects.toThrow('was rotated within 60 days')
  here.clock.advance(2_000)
  await here.run({ rotate: 'token-key' })
  expect(((await here.read('token-key'))['keys'] as string[]).slice(1)).toEqual([next])
})

describe('the command', () => {
  const command = (...given: string[]) =>
    promisify(execFile)(process.execPath, [`${import.meta.dirname}/../../deploy/secrets.ts`, ...given], {
      env: { ...process.env, ...around.environment, SECRETS_PREFIX: prefix, AWS_ENDPOINT_URL_SECRETS_MANAGER: here.local.url, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    }).catch((error: unknown) => error as { code: number; stdout: string; stderr: string })

  test('ends with 1 until all is well, then with 0, and never shows what a secret says', async () => {
    const shown = [await command('--stage', 'test')]
    expect(shown[0]).toMatchObject({ code: 1, stderr: '' })
    for (const [name, value] of Object.entries(filledIn)) here.local.set(`${prefix}/${name}`, JSON.stringify(value))
    shown.push(await command('--stage', 'test'), await command('--stage', 'test', '--rotate', 'signing-keys'))
    expect(shown.slice(1).map((result) => 'code' in result)).toEqual([false, false])
    const kept = (await Promise.all((Object.keys(secretShapes) as SecretName[]).map((name) => here.read(name)))).flatMap(leaves).filter((value) => value.length > 9)
    expect(kept.length).toBeGreaterThan(12)
    for (const { stdout, stderr } of shown) for (const value of kept) expect(stdout + stderr).not.toContain(value)
  })

  test.each([[[], 'Name the stage.'], [['--stage', 'test', '--rotate', 'line-key'], 'Only signing-keys and token-key are rotated here.'], [['--stage', 'test', '--print'], '--print']])(
    '%j is answered with how to use it', async (given, said) => expect(await command(...given)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(said) as unknown }))

  test('finds all well in a local run that was told a key', async () => {
    const { SECRETS_PREFIX: local, ...told } = around.environment
    const { stdout } = await promisify(execFile)(process.execPath, [`${import.meta.dirname}/../../deploy/secrets.ts`, '--stage', 'local'], { env: { ...process.env, ...told, AWS_SECRET_ACCESS_KEY: 'rehearsal' } })
    expect([local, stdout]).toEqual(['callgate/local', Object.keys(secretShapes).map((name) => `${name}: fine.\n`).join('')])
  })

  test('says that there are no credentials where there are none', async () => {
    const { stderr } = await promisify(execFile)(process.execPath, [`${import.meta.dirname}/../../deploy/secrets.ts`, '--stage', 'test'], {
      env: { PATH: process.env['PATH'], HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' },
    }).catch((error: unknown) => error as { stderr: string })
    expect(stderr).toBe('Could not load credentials from any providers: see to your AWS credentials.\n')
  })

  test('shows no session token when AWS refuses the signature', async () => {
    const refused = await secretsManager({ secrets: {}, accessKeyId: 'local', secretAccessKey: 'another', sessionToken: 'hush/session' })
    const { stderr } = await promisify(execFile)(process.execPath, [`${import.meta.dirname}/../../deploy/secrets.ts`, '--stage', 'test'], {
      env: { ...process.env, AWS_ENDPOINT_URL_SECRETS_MANAGER: refused.url, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_SESSION_TOKEN: 'hush/session' },
    }).catch((error: unknown) => error as { stderr: string })
    await refused.close()
    expect(stderr).toBe('InvalidSignatureException: see to your AWS credentials.\n')
  })
})

const leaves = (value: unknown): string[] => (typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [])
