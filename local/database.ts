// The database that the local run syncs with: made with our sync function where it is absent, never altered where it is there.
import { readFile } from 'node:fs/promises'

export type AdminLogin = { username: string; password: string }

const readyMillisecondsMax = 30_000

/** Answers whether it was made. Throws what the server said against it. */
export const ensureDatabase = async ({ adminUrl, login, name, bucket, origins }: { adminUrl: string; login: AdminLogin; name: string; bucket: string; origins: string[] }) => {
  const authorization = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`
  const ask = (method: string, body?: object) =>
    fetch(`${adminUrl}/${name}/`, {
      method,
      headers: { authorization, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(readyMillisecondsMax),
    })
  const found = await ask('GET')
  if (found.ok) return false
  if (found.status !== 404 && found.status !== 403) throw new Error(`Sync Gateway answers ${found.status} for the database ${name}: ${await found.text()}`)
  const made = await ask('PUT', await configuration(bucket, origins))
  if (!made.ok) throw new Error(`Sync Gateway did not make the database ${name}: ${made.status} ${await made.text()}`)
  await online(ask, name)
  return true
}

const configuration = async (bucket: string, origins: string[]) => ({
  bucket,
  num_index_replicas: 0,
  use_views: true,
  import_docs: true,
  sync: await readFile(`${import.meta.dirname}/../sync-gateway/sync-function.js`, 'utf8'),
  guest: { disabled: true },
  disable_password_auth: true,
  disable_public_all_docs: true,
  send_www_authenticate_header: false,
  cors: { origin: origins, login_origin: origins, headers: ['Content-Type', 'Authorization'], max_age: 600 },
})

const online = async (ask: (method: string) => Promise<Response>, name: string) => {
  const until = Date.now() + readyMillisecondsMax
  while (Date.now() < until) {
    const { state } = (await (await ask('GET')).json()) as { state?: string }
    if (state === 'Online') return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`The database ${name} was made but is not online after ${readyMillisecondsMax / 1000} s.`)
}
