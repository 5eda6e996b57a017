// What PouchDB 9 needs to have mended between it and Sync Gateway 4 when both meet in a page.

type Fetch = typeof fetch

/** To be PouchDB's `fetch` option. Sends the session's cookie. */
export const syncFetch = (syncUrl: string, ask: Fetch = fetch): Fetch => async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input)
  // Sync Gateway lets no page read its root, unless the whole server is configured so. PouchDB looks there for a server id, and manages without.
  if (url.pathname === '/') return Response.json({})
  const response = await ask(input, { ...init, credentials: 'include' }).catch(async (error: unknown) => {
    if (init?.signal?.aborted || !(await isSessionOver(syncUrl, ask))) throw error
    return Response.json({ error: 'unauthorized', reason: 'The session has ended.' }, { status: 401 })
  })
  return response.ok && url.searchParams.has('open_revs') ? withoutVersions(response) : response
}

/** Sync Gateway's 401 has no CORS headers, so to a page a session that has ended looks like a network that is down. */
const isSessionOver = async (syncUrl: string, ask: Fetch) => {
  const isAnswered = (mode: 'cors' | 'no-cors') => ask(`${syncUrl}/`, { mode, credentials: 'include' }).then(() => true, () => false)
  return !(await isAnswered('cors')) && isAnswered('no-cors')
}

/** Since 4.0 documents come with a `_cv`; PouchDB refuses a document with a special member that it does not know. */
const withoutVersions = async (response: Response) => {
  const revisions = (await response.json()) as { ok?: Record<string, unknown> }[]
  for (const { ok } of revisions) delete ok?.['_cv']
  return Response.json(revisions)
}
