// The app's patience while it waits for the digits: how often it asks, what it outlasts, and what ends it.
import { describe, expect, test } from '@jest/globals'
import { awaitGrant } from '../../local/page/patience.ts'
import type { Grant } from '../../local/page/callgate.ts'
import type { Refused } from '../../local/page/refused.ts'

const call = { authReqId: 'a', matchCode: '724', intervalSeconds: 2, expiresAt: 180_000 }
const grant: Grant = { accessToken: 'token' }
const refused = (code: string, retryAfterSeconds?: number): Refused => ({ refused: code, sentence: `${code}.`, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) })
const pending = refused('authorization_pending')

/** Answers the polls one after the other, the last one for ever; time passes only by waiting. */
const poller = (...answers: (Grant | Refused)[]) => {
  const waits: number[] = []
  const told: (string | undefined)[] = []
  let now = 0
  const outcome = awaitGrant(
    call,
    () => Promise.resolve((answers.length > 1 ? answers.shift() : answers[0])!),
    {
      now: () => now,
      wait: (seconds) => {
        waits.push(seconds)
        now += seconds * 1000
        return Promise.resolve()
      },
      tell: (trouble) => told.push(trouble?.refused),
    },
  )
  return { outcome, waits, told }
}

describe('an app that waits for the digits', () => {
  test('waits one interval before each poll, and takes the grant', async () => {
    const { outcome, waits } = poller(pending, pending, grant)
    expect(await outcome).toEqual(grant)
    expect(waits).toEqual([2, 2, 2])
  })

  test('polls five seconds slower after each slow_down, for good', async () => {
    const { outcome, waits } = poller(refused('slow_down'), pending, refused('slow_down'), pending, grant)
    await outcome
    expect(waits).toEqual([2, 7, 7, 12, 12])
  })

  test.each(['access_denied', 'expired_token', 'invalid_grant', 'server_error', 'invalid_client'])('ends with %s', async (code) => {
    const { outcome, waits } = poller(pending, refused(code), grant)
    expect(await outcome).toEqual(refused(code))
    expect(waits).toHaveLength(2)
  })

  test('outlasts a network that is away and a service that asks for time, and says so until it goes on', async () => {
    const { outcome, waits, told } = poller(refused('offline'), refused('temporarily_unavailable', 5), pending, grant)
    expect(await outcome).toEqual(grant)
    expect(waits).toEqual([2, 3, 5, 2])
    expect(told).toEqual(['offline', 'temporarily_unavailable', undefined, undefined])
  })

  test.each([['authorization_pending', 'expired_token'], ['offline', 'offline']])('gives up when the time of the call is over: %s for ever ends as %s', async (answer, end) => {
    const { outcome, waits } = poller(refused(answer))
    expect(await outcome).toMatchObject({ refused: end })
    expect(waits.reduce((sum, seconds) => sum + seconds, 0)).toBeLessThan(185)
  })

  test('is stopped by a wait that nobody waits for any more', async () => {
    const left = new Error('left')
    const outcome = awaitGrant(call, () => Promise.resolve(grant), { now: () => 0, wait: () => Promise.reject(left), tell: () => {} })
    await expect(outcome).rejects.toBe(left)
  })
})
