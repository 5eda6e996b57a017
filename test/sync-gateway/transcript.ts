// Replays what a real Sync Gateway was asked, and blurs the answers as the transcripts are blurred.
import { randomBytes } from 'node:crypto'
import type { Answer } from './request.ts'
import { request } from './request.ts'

type Step = {
  note?: string
  wait_ms?: number
  request: { on: 'admin' | 'public'; method: string; path: string; headers?: Record<string, string>; body?: unknown; session_of?: string }
  save?: Record<string, string>
  response: { status: number; headers: Record<string, string>; body?: unknown; text?: string }
}
export type Transcript = { name: string; title: string; sync?: string; database_config?: Record<string, unknown>; steps: Step[] }

export type Server = {
  adminUrl: string
  publicUrl: string
  pass: (milliseconds: number) => Promise<void>
  /** Waits for the answer to a long poll, letting time pass if nothing else happens. */
  patiently: (answer: Promise<Answer>) => Promise<Answer>
}

export type Outcome = { step: string; answer: Step['response']; expected: Step['response'] }

const compared = [
  'content-type', 'set-cookie', 'www-authenticate', 'etag', 'location', 'access-control-allow-origin', 'access-control-allow-credentials',
  'access-control-allow-headers', 'access-control-allow-methods', 'access-control-max-age',
]

/** Every step of the transcript on a fresh database, with the answer as it was and as it should have been. */
export const replay = async (server: Server, { sync, database_config: config, steps }: Transcript): Promise<Outcome[]> => {
  const db = `t${randomBytes(6).toString('hex')}`
  await makeDatabase(server, db, { ...(sync === undefined ? {} : { sync }), ...config })
  const saved = new Map<string, string>()
  const outcomes: Outcome[] = []
  for (const [index, step] of steps.entries()) {
    if (step.wait_ms !== undefined) await server.pass(step.wait_ms)
    const answer = await ask(server, step, filler(db, saved))
    outcomes.push({ step: `${index + 1} ${step.request.method} ${step.request.path}`, answer: blurred(answer, db, saved), expected: step.response })
    for (const [name, member] of Object.entries(step.save ?? {})) saved.set(name, String((answer.body as Record<string, unknown> | undefined)?.[member]))
  }
  await request(server.adminUrl, `/${db}/`, { method: 'DELETE' })
  return outcomes
}

const makeDatabase = async (server: Server, db: string, config: Record<string, unknown>) => {
  const made = await request(server.adminUrl, `/${db}/`, { method: 'PUT', body: { bucket: db, num_index_replicas: 0, use_views: true, ...config } })
  if (made.status !== 201) throw new Error(`The database was not made: ${made.status} ${made.text}`)
  for (let tries = 0; tries < 100; tries += 1) {
    const { body } = await request(server.adminUrl, `/${db}/`)
    if ((body as { state?: unknown }).state === 'Online') return
    await server.pass(100)
  }
  throw new Error('The database did not come online.')
}

const ask = (server: Server, { request: { on, method, path, headers = {}, body, session_of: session } }: Step, fill: (text: string) => string) => {
  const cookie: Record<string, string> = session === undefined ? {} : { cookie: `SyncGatewaySession=${fill(`{{${session}}}`)}` }
  const filled = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)]))
  const text = body === undefined ? undefined : fill(typeof body === 'string' ? body : JSON.stringify(body))
  const answer = request(on === 'admin' ? server.adminUrl : server.publicUrl, fill(path), { method, headers: { ...cookie, ...filled }, body: text })
  return path.includes('feed=longpoll') ? server.patiently(answer) : answer
}

const filler = (db: string, saved: Map<string, string>) => (text: string) =>
  text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => (name === 'db' ? db : (saved.get(name) ?? whole)))

const blurs: [RegExp, string][] = [
  [/\b(\d+)-[0-9a-f]{32}\b/g, '<rev $1>'],
  [/\b[0-9a-f]{58,64}\b/g, '<boundary>'],
  [/\b[0-9a-f]{40}\b/g, '<session id>'],
  [/\b[0-9a-f]{32}\b/g, '<digest>'],
  [/\b[0-9a-f]{8,16}@[A-Za-z0-9+/]{20,24}={0,2}/g, '<cv>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<timestamp>'],
  [/\b\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, '<http date>'],
]

const blurred = ({ status, headers, text, body }: Answer, db: string, saved: Map<string, string>): Step['response'] => {
  const blur = (value: string) => {
    const known = [...saved].filter(([, secret]) => secret.length > 8).reduce((shown, [name, secret]) => shown.replaceAll(secret, `{{${name}}}`), value)
    return blurs.reduce((shown, [pattern, word]) => shown.replaceAll(pattern, word), known.replaceAll(db, '{{db}}'))
  }
  const shown = compared.flatMap((name) => {
    const value = headers[name]
    return value === undefined ? [] : [[name, blur(Array.isArray(value) ? value.join(', ') : value)]]
  })
  const content = text === '' ? {} : body === undefined ? { text: blur(text) } : { body: withoutNumbers(blur(text)) }
  return { status, headers: Object.fromEntries(shown) as Record<string, string>, ...content }
}

const withoutNumbers = (text: string): unknown =>
  JSON.parse(text, (member, value: unknown) => (member === 'instance_start_time' || member === 'time' ? '<number>' : value))
