// npm run smoke, at a deployment that is well and at others that are not.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { signInOnce } from '../../deploy/smoke-sign-in.ts'
import { realClock } from '../../local/clock.ts'
import { faultyServer, type Fault } from '../faulty-server.ts'
import { world, type World } from '../world.ts'

const number = '+12025550177'
const code = 'review-code'
let here: World
beforeAll(async () => {
  here = await world({ clock: realClock })
  here.setSecret('test-numbers', { [number]: code })
})
afterAll(() => here.close())

const smoke = (change: object = {}) => {
  const said: string[] = []
  return signInOnce({ issuer: here.url, client: 'app', number, code, ...change }, (line) => said.push(line)).then(() => said)
}
const steps = ['discovery', 'call', 'token', 'session', 'profile', 'sign-out']

describe('a smoke test', () => {
  test('signs in and out again and again, and rings nobody', async () => {
    for (let round = 0; round < 2; round += 1) expect(await smoke()).toEqual(steps.map((step) => `${step}: fine.`))
    expect(await (await fetch(`${here.places.twilio}/phones/${encodeURIComponent(number)}`)).json()).toMatchObject({ state: 'idle' })
  })

  test.each([
    [{ code: 'else' }, /^call: .* answers 400: .*invalid_user_code/],
    [{ client: 'nobody' }, /^call: .* answers 401: .*invalid_client/],
    [{ issuer: 'http://127.0.0.1:9' }, /^discovery: nobody answers at http:\/\/127\.0\.0\.1:9\.$/],
  ])('with %j fails in a sentence that holds no code', async (change, said) => {
    const failed = (await smoke(change).catch((error: unknown) => error)) as Error
    expect(failed.message).toMatch(said)
    expect(failed.message).not.toMatch(/review-code|2025550177/)
  })

  test('names the step that fails when Sync Gateway is down', async () => {
    let fault: Fault = 'go'
    const between = await faultyServer(here.places['sync-gateway-admin'], ({ path }) => (path.includes('_session') ? fault : 'go'))
    here.environment['SYNC_GATEWAY_ADMIN_URL'] = between.url
    here.restart()
    fault = 503
    await expect(smoke()).rejects.toThrow(/^session: .* answers 503/)
    here.environment['SYNC_GATEWAY_ADMIN_URL'] = here.places['sync-gateway-admin']
    here.restart()
    await between.close()
  })

  test('is a command that ends with 0, or with 1 and the sentence', async () => {
    const command = (environment: Record<string, string>) =>
      promisify(execFile)(process.execPath, [`${import.meta.dirname}/../../deploy/smoke.ts`, '--url', here.url], { env: { ...process.env, ...environment } })
        .catch((error: unknown) => error as { code: number; stdout: string; stderr: string })
    expect(await command({ SMOKE_NUMBER: number, SMOKE_CODE: code })).toMatchObject({ stdout: steps.map((step) => `${step}: fine.\n`).join(''), stderr: '' })
    expect(await command({ SMOKE_NUMBER: number, SMOKE_CODE: 'else' })).toMatchObject({ code: 1, stderr: expect.stringMatching(/^call: /) as unknown })
    // As the stage's first client.
    expect(await command({ SMOKE_NUMBER: number, SMOKE_CODE: code, CLIENTS: 'nobody, app' })).toMatchObject({ code: 1, stderr: expect.stringContaining('invalid_client') as unknown })
    expect(await command({})).toMatchObject({ code: 1, stderr: expect.stringContaining('Name the deployment, a number and a code.') as unknown })
  })
})
