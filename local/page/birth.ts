// When a person's account was made: where servers start anew, the same number may become another person's, whose notes must not mix with the first one's.
import type { Session } from '../../client/callgate.ts'
import { fields } from './fields.ts'

const key = 'notes.birth'

/** From this browser's storage or the person's own profile. The session's cookie must be set. Rejects where neither answers. */
export const birthOf = async ({ syncUrl, profile }: Session, ask: typeof fetch): Promise<string> => {
  const kept = read(profile)
  if (kept !== undefined) return kept
  const response = await ask(`${syncUrl}/${encodeURIComponent(profile)}`, { credentials: 'include' })
  const bornAt = fields(await response.json()).text('createdAt')
  localStorage.setItem(key, JSON.stringify({ profile, bornAt }))
  return bornAt
}

export const forgetBirth = () => localStorage.removeItem(key)

const read = (profile: string) => {
  const { optionalText } = fields(JSON.parse(localStorage.getItem(key) ?? 'null'))
  return optionalText('profile') === profile ? optionalText('bornAt') : undefined
}
