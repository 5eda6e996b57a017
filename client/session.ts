// A Sync Gateway session, and the devices that its person is signed in on.

/** `expiresAt` in milliseconds since 1970; a session that is used lives longer. Couchbase Lite takes `sessionId` and `cookieName` as they are. */
export type Session = { sessionId: string; cookieName: string; expiresAt: number; user: string; profile: string; syncUrl: string }

/** Times in seconds since 1970. */
export type Device = { device: string; created: number; last_used: number; current: boolean }

export const sessionOf = (json: Record<string, unknown>): Session => {
  const { session_id, cookie_name, expires, user, profile, sync_url } = json as Record<string, string>
  return { sessionId: session_id!, cookieName: cookie_name!, expiresAt: Date.parse(expires!), user: user!, profile: profile!, syncUrl: sync_url! }
}
