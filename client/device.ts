// This device of a person: its tokens, its sessions, and how it is signed out.
import { CallgateError, hasCode, isPassing } from './callgate-error.ts'
import type { Call } from './call.ts'
import type { Kept } from './kept.ts'
import type { Requests } from './request.ts'
import { sessionOf, type Device, type Session } from './session.ts'
import { isGood, refreshed, type Tokens } from './tokens.ts'

/** `leaving` is a refresh token of which the service may not have heard that it is given up. */
export type Values = { call: Call; tokens: Tokens; session: Session; leaving: string }

export type DeviceConfig = { clientId: string; request: Requests; values: Kept<Values>; locked: <T>(work: () => Promise<T>) => Promise<T>; now: () => number }

const marginMilliseconds = 60_000

export const device = ({ clientId, request, values, locked, now }: DeviceConfig) => {
  const renew = async (tokens: Tokens) => {
    const next = await refreshed(tokens, clientId, request, now)
    await values.write('tokens', next)
    return next
  }

  // This and what uses it run under the lock, so that no two refresh at once, in whatever window.
  const access = async () => {
    const tokens = await values.read('tokens')
    if (!tokens) throw new CallgateError('signed_out', 'Nobody is signed in.')
    return isGood(tokens, now()) ? tokens : renew(tokens)
  }

  /** Forgets the sign-in when the service has. */
  const asMember = async <T>(work: (token: Tokens) => Promise<T>) => {
    try {
      return await work(await access())
    } catch (error) {
      if (isSignedOut(error)) await values.forget('tokens', 'session')
      throw error
    }
  }

  const authorized = (method: 'GET' | 'POST' | 'DELETE', path: string) =>
    asMember((token) =>
      request.ask(path, { method, token }).catch(async (error: unknown) => {
        // Where the clocks disagree, a token ends sooner than it seems.
        if (isSignedOut(error)) return request.ask(path, { method, token: await renew(token) })
        throw error
      }))

  const revoke = (refreshToken: string) => request.ask('/revoke', { form: { client_id: clientId, token: refreshToken } })

  /** Tells the service of a sign-out that it may not have heard of. */
  const settle = async () => {
    const leaving = await values.read('leaving')
    if (leaving === undefined) return
    const isHeard = await revoke(leaving).then(() => true, (error: unknown) => !isPassing(error))
    if (isHeard) await values.forget('leaving')
  }

  return {
    revoke,
    settle,
    /** A session to sync with. After a 401, give the one that was refused: so many windows get one new session and not many. */
    session: (instead?: Pick<Session, 'sessionId'>) =>
      locked(async () => {
        const known = await values.read('session')
        if (known && known.sessionId !== instead?.sessionId && known.expiresAt > now() + marginMilliseconds) return known
        const opened = sessionOf(await authorized('POST', '/session'))
        await values.write('session', opened)
        return opened
      }),
    /** Good for half a minute at least: for the app's other services, which check it by the issuer's keys. */
    accessToken: () => locked(() => asMember(async (token) => token.accessToken)),
    devices: () => locked(async () => (await authorized('GET', '/session'))['devices'] as Device[]),
    /**
     * `here` at once, even without a network: the service is told when there is one. `everywhere` and another device of this person need the service. Sessions of
     * all devices end with any of these; those that stay signed in get new ones.
     */
    signOut: (which: 'here' | 'everywhere' | { device: string } = 'here') =>
      locked(async () => {
        const tokens = await values.read('tokens')
        if (which === 'here') {
          if (tokens) await values.write('leaving', tokens.refreshToken)
        } else {
          await authorized('DELETE', which === 'everywhere' ? '/session?all=true' : `/session?device=${encodeURIComponent(which.device)}`)
        }
        if (typeof which === 'string') await values.forget('call', 'tokens', 'session')
        await settle()
      }),
  }
}

const isSignedOut = (error: unknown) => hasCode(error, 'signed_out')
