// A Sync Gateway session, and the devices that its person is signed in on.

/** `expiresAt` in milliseconds since 1970; a session that is used lives longer. Couchbase Lite takes `sessionId` and `cookieName` as they are. */
export type Session = { sessionId: string; cookieName: string; expiresAt: number; user: string; profile: string; syncUrl: string }

/** Times in seconds since 1970. */
export type Device = { device: string; created: number; last_used: number; current: boolean }

export const sessionOf = (json: Record<string, unknown>): Session => {
  const text = (name: string) => String(json[name])
  return {
    sessionId: text('session_id'), cookieName: text('cookie_name'), expiresAt: Date.parse(text('expires')),
    user: text('user'), profile: text('profile'), syncUrl: text('sync_url'),
  }
}
