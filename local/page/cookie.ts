// The session's cookie. Cookies know hosts but no ports, so what this page sets goes to Sync Gateway on the same host.
import type { Session } from '../../client/callgate.ts'

export const setCookie = ({ cookieName, sessionId, expiresAt, syncUrl }: Session) => {
  document.cookie = cookie(cookieName, sessionId, syncUrl, new Date(expiresAt))
}

export const dropCookie = ({ cookieName, syncUrl }: Session) => {
  document.cookie = cookie(cookieName, '', syncUrl, new Date(0))
}

const cookie = (name: string, value: string, syncUrl: string, expires: Date) =>
  `${name}=${value}; path=${new URL(syncUrl).pathname}; expires=${expires.toUTCString()}; samesite=strict`
