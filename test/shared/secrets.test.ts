// Secrets as a function reads them, from the stand-in over real HTTP.
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, jest, test } from '@jest/globals'
import { secretsManager, type SecretsManagerOptions } from '../../local/secrets-manager/secrets-manager.ts'
import { ConfigurationError } from '../../shared/configuration-error.ts'
import { shapesOf } from '../../shared/secret-shapes.ts'
import { secrets, type SecretsConfig } from '../../shared/secrets.ts'
import { UpstreamError } from '../../shared/upstream-error.ts'
import { manualClock } from '../manual-clock.ts'

const credentials = { accessKeyId: 'ASIATEST', secretAccessKey: 'private', sessionToken: 'session' }
const login = (password: string) => JSON.stringify({ username: 'callgate', password })
const content = { 'p/sync-gateway': login('first'), 'p/test-numbers': '{"+12025550123":"1234"}' }
const live = () => new AbortController().signal
const minutes = (count: number) => count * 60_000

type Given = Partial<SecretsManagerOptions> & { config?: Partial<SecretsConfig> }

/** A clock, a stand-in under it, and the two secrets of one function; `asked` counts requests, and `fate` decides what becomes of them. */
const setting = async ({ config, ...options }: Given, run: (world: Awaited<ReturnType<typeof build>>) => Promise<void>) => {
  const world = await build(options, config)
  try {
    await run(world)
  } finally {
    await world.local.close()
  }
}

const build = async (options: Partial<SecretsManagerOptions>, config: Partial<SecretsConfig> = {}) => {
  const clock = manualClock()
  const seen = { asked: 0, fate: 'go' as ReturnType<NonNullable<SecretsManagerOptions['intercept']>> }
  const intercept = () => {
    seen.asked += 1
    return seen.fate
  }
  const local = await secretsManager({ clock, secrets: content, ...credentials, intercept, ...options })
  const settings = { prefix: 'p', endpoint: local.url, region: 'us-east-1', credentials: () => credentials, now: clock.now, ...config }
  return { clock, local, seen, settings, mine: secrets(settings, shapesOf('sync-gateway', 'test-numbers')) }
}

const password = async ({ mine }: Awaited<ReturnType<typeof build>>) => (await mine.read(live()))['sync-gateway'].password

test('all secrets of a function come in one request each', () =>
  setting({}, async ({ mine, seen }) => {
    expect(await mine.read(live())).toEqual({ 'sync-gateway': { username: 'callgate', password: 'first' }, 'test-numbers': { '+12025550123': '1234' } })
    expect(seen.asked).toBe(2)
  }))

test('credentials without a session token work as well', () =>
  setting({ sessionToken: undefined, config: { credentials: () => ({ ...credentials, sessionToken: '' }) } }, async ({ mine }) => {
    expect(await mine.read(live())).toHaveProperty('sync-gateway')
  }))

describe('age', () => {
  test('a copy is good for just under five minutes', () =>
    setting({}, async (world) => {
      await password(world)
      world.local.set('p/sync-gateway', login('second'))
      world.clock.advance(minutes(5) - 1)
      expect(await password(world)).toBe('first')
      world.clock.advance(1)
      expect(await password(world)).toBe('second')
      expect(world.seen.asked).toBe(4)
    }))

  test('a rotation is seen at once by reading again, which happens at most once a minute', () =>
    setting({}, async (world) => {
      await password(world)
      world.local.set('p/sync-gateway', login('second'))
      expect(await world.mine.reread(live())).toBe(true)
      expect(await password(world)).toBe('second')
      world.local.set('p/sync-gateway', login('third'))
      world.clock.advance(minutes(1) - 1)
      expect([await world.mine.reread(live()), await password(world)]).toEqual([false, 'second'])
      world.clock.advance(1)
      expect([await world.mine.reread(live()), await password(world)]).toEqual([true, 'third'])
    }))
})

describe('those who ask at the same time', () => {
  test('share the requests', () =>
    setting({}, async (world) => {
      expect(await Promise.all([password(world), password(world), world.mine.reread(live())])).toEqual(['first', 'first', true])
      expect(world.seen.asked).toBe(2)
    }))

  test('are not hurt when the first of them gives up', () =>
    setting({}, async (world) => {
      const first = new AbortController()
      const gone = world.mine.read(first.signal)
      const second = password(world)
      first.abort()
      await expect(gone).rejects.toMatchObject({ name: 'UpstreamError', system: 'secrets-manager', failure: 'lost_reply' })
      expect(await second).toBe('first')
      expect(world.seen.asked).toBe(2)
    }))

  test.each([['lose_reply', 'lost_reply', 4], [{ status: 400, body: { __type: 'AccessDeniedException' } }, 'login_refused', 2]] as const)(
    'where that fails by %j, the second asks for itself only if nobody was there: %s after %i requests', (fate, failure, asked) =>
      setting({}, async (world) => {
        world.seen.fate = fate
        const both = [world.mine.read(live()), world.mine.read(live())]
        for (const each of both) await expect(each).rejects.toMatchObject({ failure })
        expect(world.seen.asked).toBe(asked)
      }))

  test('and does so no more when it has given up itself', () =>
    setting({}, async (world) => {
      const second = new AbortController()
      world.seen.fate = 'lose_reply'
      const [first, abandoned] = [world.mine.read(live()), world.mine.read(second.signal)]
      second.abort()
      await expect(abandoned).rejects.toMatchObject({ failure: 'lost_reply' })
      await expect(first).rejects.toMatchObject({ failure: 'lost_reply' })
      await delay(20)
      expect(world.seen.asked).toBe(2)
    }))

  test('and one whose time is over before it asks is told so', () =>
    setting({}, async ({ mine }) => expect(mine.read(AbortSignal.abort())).rejects.toMatchObject({ failure: 'lost_reply' })))
})

describe('failure', () => {
  test.each([
    ['refuse', 'lost_reply'], ['lose_reply', 'lost_reply'],
    [{ status: 500, body: { __type: 'InternalServiceError' } }, 'unavailable'],
    [{ status: 400, body: { __type: 'ThrottlingException' } }, 'unavailable'],
    [{ status: 400, body: { __type: 'com.amazon.coral.service#AccessDeniedException' } }, 'login_refused'],
    [{ status: 400, body: { __type: 'ValidationException' } }, 'unexpected'],
    [{ status: 200, body: 'nothing' }, 'unexpected'],
    [{ status: 200, body: { SecretString: 1 } }, 'unexpected'],
  ] as const)('%j is %s, and forgotten', (fate, failure) =>
    setting({}, async (world) => {
      world.seen.fate = fate
      await expect(world.mine.read(live())).rejects.toMatchObject({ name: 'UpstreamError', failure })
      world.seen.fate = 'go'
      expect(await password(world)).toBe('first')
    }))

  test('nobody there is unreachable', () =>
    setting({}, async ({ mine, local }) => {
      await local.close()
      await expect(mine.read(live())).rejects.toMatchObject({ failure: 'unreachable' })
    }))

  test.each([
    ['another key', { secretAccessKey: 'other' }], ['no session token', { sessionToken: '' }],
  ])('%s is a refused login', (_what, given) =>
    setting({ config: { credentials: () => ({ ...credentials, ...given }) } }, async ({ mine }) => expect(mine.read(live())).rejects.toMatchObject({ failure: 'login_refused', status: 400 })))

  test('no answer within three seconds is a lost reply', () => {
    const arrived = Promise.withResolvers<void>()
    const intercept = () => {
      arrived.resolve()
      return 'hang' as const
    }
    return setting({ intercept }, async ({ mine }) => {
      jest.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] } as unknown as Parameters<typeof jest.useFakeTimers>[0])
      try {
        const reading = expect(mine.read(live())).rejects.toMatchObject({ failure: 'lost_reply', cause: new Error('No answer within 3000 ms.') })
        await arrived.promise
        jest.advanceTimersByTime(3_000)
        await reading
      } finally {
        jest.useRealTimers()
      }
    })
  })

  test('while the service is down an old copy stays good, for an hour in all, and is tried anew each minute', () =>
    setting({}, async (world) => {
      await password(world)
      world.seen.fate = { status: 503, body: {} }
      world.clock.advance(minutes(5))
      expect([await password(world), await password(world), world.seen.asked]).toEqual(['first', 'first', 4])
      world.clock.advance(minutes(1))
      expect([await password(world), world.seen.asked]).toEqual(['first', 6])
      expect(await world.mine.reread(live())).toBe(false)
      world.clock.advance(minutes(54) - 1)
      expect(await password(world)).toBe('first')
      world.clock.advance(1)
      await expect(password(world)).rejects.toMatchObject({ failure: 'unavailable' })
    }))

  test('a refused login does not keep an old copy good', () =>
    setting({}, async (world) => {
      await password(world)
      world.seen.fate = { status: 400, body: { __type: 'AccessDeniedException' } }
      world.clock.advance(minutes(5))
      await expect(password(world)).rejects.toMatchObject({ failure: 'login_refused' })
      await expect(world.mine.reread(live())).rejects.toMatchObject({ failure: 'login_refused' })
    }))

  test('no error carries a secret, nor what the service said of the request', () =>
    setting({ secrets: { 'p/sync-gateway': '{"username":"hush-name","password":7}', 'p/test-numbers': '{"+1202":"hush-code"' } }, async (world) => {
      const malformed = await world.mine.read(live()).catch((error: unknown) => error)
      world.seen.fate = { status: 400, body: { __type: 'InvalidSignatureException', message: `should have been ${credentials.sessionToken}` } }
      const refused = await world.mine.read(live()).catch((error: unknown) => error)
      expect([malformed, refused]).toEqual([expect.any(ConfigurationError), expect.any(UpstreamError)])
      const text = [malformed, refused].map((error) => `${(error as Error).stack} ${String((error as Error).cause)} ${JSON.stringify(error)}`).join()
      expect(text).toContain('The secret p/sync-gateway is malformed at password. The secret p/test-numbers is malformed.')
      expect(text).not.toMatch(/hush|1202|session|private/)
    }))
})
