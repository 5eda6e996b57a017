// Who this browser is signed in as: kept in its storage, so that all its windows are one device of one person.
import { fields } from './fields.ts'
import type { Grant, OpenedSession } from './callgate.ts'

/** `bornAt` is when the account was made: where servers start anew, the same number may become another person's. */
export type Session = OpenedSession & Grant & { bornAt: string }

const key = 'callgate.session'

export const keptSession = {
  /** Undefined where nobody is signed in. */
  read: (): Session | undefined => parsed(localStorage.getItem(key)),
  keep: (session: Session) => {
    localStorage.setItem(key, JSON.stringify(session))
  },
  forget: () => {
    localStorage.removeItem(key)
  },
  /** Called when another window signed in or out. */
  onChange: (changed: () => void) => {
    // Without a key, everything was cleared.
    addEventListener('storage', (event) => { if (event.key === key || event.key === null) changed() })
  },
}

const parsed = (text: string | null): Session | undefined => {
  try {
    const { text: member, number } = fields(JSON.parse(text ?? 'null'))
    return {
      accessToken: member('accessToken'), bornAt: member('bornAt'), sessionId: member('sessionId'), cookieName: member('cookieName'),
      expiresAt: number('expiresAt'), user: member('user'), profile: member('profile'), syncUrl: member('syncUrl'),
    }
  } catch {
    return undefined
  }
}
