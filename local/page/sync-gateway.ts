// What the app itself asks of Sync Gateway's public port; the notes are PouchDB's affair. The session's cookie must be set.
import type { OpenedSession } from './callgate.ts'
import { fields } from './fields.ts'
import type { Refused } from './refused.ts'
import { request } from './request.ts'

/** When the account was made, from the person's own profile. */
export const readBirth = ({ syncUrl, profile }: OpenedSession): Promise<{ bornAt: string } | Refused> =>
  request(`${syncUrl}/${encodeURIComponent(profile)}`, { credentials: 'include' }, (json) => ({ bornAt: fields(json).text('createdAt') }))

/** Ends the session whose cookie is set. */
export const leaveSyncGateway = ({ syncUrl }: OpenedSession): Promise<{ ended: true } | Refused> => {
  const { origin, pathname } = new URL(syncUrl)
  // Sessions belong to the database, whatever the collection.
  const database = pathname.split('/')[1]?.split('.')[0] ?? ''
  return request(`${origin}/${database}/_session`, { method: 'DELETE', credentials: 'include' }, () => ({ ended: true }))
}
