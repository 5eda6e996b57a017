// Copies every document of one keyspace into another, with its revisions, its expiry and its attachments, through the admin port.
import type { AdminPort } from './admin-port.ts'
import { problem } from './problem.ts'

export type Copied = { documents: number; /** What the operator's function is to be told, so that everybody is a user there too. */ orders: { action: 'enable' | 'disable'; user: string }[] }

const pageSize = 500
const atOnce = 8

/** May be repeated, also after it died: what is there already is left as it is. Deleted documents are not copied. */
export const copyKeyspace = async (admin: AdminPort, from: string, to: string): Promise<Copied> => {
  const copied: Copied = { documents: 0, orders: [] }
  for await (const ids of pages(admin, from)) {
    for (let at = 0; at < ids.length; at += atOnce) {
      const bodies = await Promise.all(ids.slice(at, at + atOnce).map((id) => copyDocument(admin, from, to, id)))
      for (const body of bodies) copied.orders.push(...ordersFor(body))
      copied.documents += bodies.filter(Boolean).length
    }
  }
  return copied
}

const pages = async function* (admin: AdminPort, keyspace: string) {
  let last: string | undefined
  for (;;) {
    const query = new URLSearchParams({ limit: String(pageSize), ...(last === undefined ? {} : { startkey: JSON.stringify(last) }) })
    const { rows } = JSON.parse((await admin('GET', `${keyspace}/_all_docs?${query.toString()}`, { wanted: [200] })).text) as { rows: { id: string }[] }
    const ids = rows.map(({ id }) => id).filter((id) => id !== last)
    if (ids.length === 0) return
    yield ids
    last = ids.at(-1)
  }
}

const copyDocument = async (admin: AdminPort, from: string, to: string, id: string): Promise<Record<string, unknown> | undefined> => {
  const path = encodeURIComponent(id)
  const { status, text } = await admin('GET', `${from}/${path}?revs=true&show_exp=true&attachments=true`, { wanted: [200, 404] })
  if (status === 404) return undefined // It expired, or was deleted, after it was listed.
  // The version of a document counts in its own keyspace alone.
  const { _cv, ...body } = JSON.parse(text) as Record<string, unknown>
  const written = await admin('PUT', `${to}/${path}?new_edits=false`, { json: body, wanted: [201, 409] })
  if (written.status === 409) throw problem(`${id} is in ${to} already, and differs there. Copy into an empty keyspace.`)
  return body
}

const ordersFor = (body: Record<string, unknown> | undefined): Copied['orders'] => {
  const user = /^signin::(u::\d+)$/.exec(String(body?.['_id']))?.[1]
  if (!user || body?.['type'] !== 'account' || body['status'] === 'spent') return []
  return [{ action: body['status'] === 'active' ? 'enable' : 'disable', user }]
}
