// From a call that was placed to a session: the grant, the session and its cookie, and when the account was made.
import { openSession, pollToken, type Grant, type PlacedCall } from './callgate.ts'
import { setCookie } from './cookie.ts'
import { awaitGrant, insist, type Patience } from './patience.ts'
import { isRefused, type Refused } from './refused.ts'
import type { Session } from './session.ts'
import { readBirth } from './sync-gateway.ts'

// The access token is good for ten minutes; by then a session should have come of it.
const sessionPatienceMilliseconds = 120_000

/** The session, or what ended the sign-in. */
export const signIn = async (placed: PlacedCall, patience: Patience): Promise<Session | Refused> => {
  const grant = await awaitGrant(placed, pollToken, patience)
  return isRefused(grant) ? grant : sessionOf(grant, patience)
}

const sessionOf = async (grant: Grant, patience: Patience): Promise<Session | Refused> => {
  const until = patience.now() + sessionPatienceMilliseconds
  const opened = await insist(() => openSession(grant), until, patience)
  if (isRefused(opened)) return opened
  setCookie(opened)
  const birth = await insist(() => readBirth(opened), until, patience)
  return isRefused(birth) ? birth : { ...opened, ...grant, ...birth }
}
