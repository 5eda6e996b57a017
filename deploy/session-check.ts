// Whether a session that the admin port makes opens the public port, and whether that is shut to everybody else.
import { randomBytes } from 'node:crypto'
import type { AdminPort } from './admin-port.ts'
import { problem } from './problem.ts'

/** Leaves nothing behind. Throws a sentence when it is not so. */
export const checkSession = async (admin: AdminPort, publicUrl: string, database: string) => {
  const name = `callgate-check-${randomBytes(8).toString('hex')}`
  await admin('POST', `${database}/_user/`, { json: { name, password: randomBytes(32).toString('base64url'), admin_channels: [] }, wanted: [201] })
  try {
    const { text } = await admin('POST', `${database}/_session`, { json: { name, ttl: 60 }, wanted: [200] })
    const { session_id, cookie_name } = JSON.parse(text) as { session_id: string; cookie_name: string }
    const inside = await ask(`${publicUrl}/${database}/_session`, `${cookie_name}=${session_id}`)
    if (inside.status !== 200 || nameIn(inside.text) !== name) throw problem(`A session made on the admin port does not open ${publicUrl}/${database}: it answers ${inside.status}. Is that the public port of the same Sync Gateway?`)
    const outside = await ask(`${publicUrl}/${database}/`, undefined)
    if (outside.status !== 401) throw problem(`${publicUrl}/${database} answers ${outside.status} to somebody without a session, where 401 is right.`)
  } finally {
    await admin('DELETE', `${database}/_user/${name}`, { wanted: [200, 404] })
  }
}

const ask = async (url: string, cookie: string | undefined) => {
  const response = await fetch(url, { headers: cookie ? { cookie } : {}, signal: AbortSignal.timeout(30_000) }).catch((cause: unknown) => {
    throw problem(`Nobody answers at ${url}.`, cause)
  })
  return { status: response.status, text: await response.text() }
}

const nameIn = (text: string): unknown => {
  try {
    return (JSON.parse(text) as { userCtx?: { name?: unknown } }).userCtx?.name
  } catch {
    return undefined
  }
}
