// What the front serves where no route answers: the page of the local run, its modules, PouchDB, and where everything is.
import { readdir, readFile } from 'node:fs/promises'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { extname } from 'node:path'
import { build, transform } from 'esbuild'

/** Names and URLs of what runs beside the functions. */
export type Places = Readonly<Record<'sync-gateway' | 'twilio', string>>

type Page = { type: string; body: string | Uint8Array }

const folder = `${import.meta.dirname}/page`
// The app signs in with the client that any app would use, as it is in its folder.
const clientFolder = `${import.meta.dirname}/../client`
const script = 'text/javascript; charset=utf-8'

// What has no type here is not served. A browser goes by the type, not by the name: the modules keep theirs, and lose their types.
const types: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.ts': script }

/** Reads and bundles everything once. Rejects with what esbuild found wrong. */
export const pages = async (places: Places): Promise<RequestListener> => {
  const served = new Map<string, Page>([
    ...(await filesOf(folder, '/')),
    ...(await filesOf(clientFolder, '/client/')),
    ['/pouchdb.js', { type: script, body: await pouchdb() }],
    ['/places.json', { type: 'application/json', body: JSON.stringify(places) }],
  ])
  const policy = contentSecurityPolicy(places)
  return (request, response) => {
    const path = pathOf(request)
    const page = served.get(path === '/' ? '/index.html' : path)
    answer(request, response, page, policy)
  }
}

const answer = ({ method }: IncomingMessage, response: ServerResponse, page: Page | undefined, policy: string) => {
  const sentence = page ? 'Only GET and HEAD are answered here.' : 'There is no page here: the app and the telephone are at /.'
  const reads = method === 'GET' || method === 'HEAD'
  const { type, body } = page && reads ? page : { type: 'text/plain; charset=utf-8', body: `${sentence}\n` }
  response.writeHead(page ? (reads ? 200 : 405) : 404, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-cache',
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...(page && !reads ? { allow: 'GET, HEAD' } : {}),
  })
  response.end(method === 'HEAD' ? undefined : body)
}

const pathOf = ({ url = '/' }: IncomingMessage) => url.split('?', 1)[0]!

const filesOf = async (from: string, at: string) => {
  const names = (await readdir(from)).filter((name) => types[extname(name)] && !name.endsWith('.d.ts'))
  return Promise.all(names.map(async (name): Promise<[string, Page]> => [`${at}${name}`, { type: types[extname(name)]!, body: await bodyOf(from, name) }]))
}

const bodyOf = async (from: string, name: string) => {
  const text = await readFile(`${from}/${name}`, 'utf8')
  return name.endsWith('.ts') ? (await transform(text, { loader: 'ts', format: 'esm', target: 'es2022', charset: 'utf8', sourcefile: name })).code : text
}

const pouchdb = async () => {
  const { outputFiles } = await build({
    absWorkingDir: folder, stdin: { contents: "export { default as PouchDB } from 'pouchdb-browser'", resolveDir: folder },
    bundle: true, platform: 'browser', format: 'esm', target: 'es2022', minify: true, legalComments: 'inline', write: false, logLevel: 'warning',
  })
  return outputFiles[0]!.contents
}

/** Nothing from elsewhere, and words only: neither scripts nor markup can come in as text. */
const contentSecurityPolicy = (places: Places) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${new URL(places['sync-gateway']).origin} ${new URL(places.twilio).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
