// A plugin of esbuild: large tables stay text beside the bundle, of which a function reads the rows that it is asked for. As code in the bundle the numbering
// plans of the world take 5 ms of a cold start, and what the telephone says in every language 2 ms.
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Plugin } from 'esbuild'

type Rows = Record<string, unknown>
/** The file that it comes from, and which of its members are the rows; all of them where none is named. */
type Table = { file: RegExp; source: (path: string) => string; name: string; rows?: string }

const tables: Table[] = [
  { name: 'phrases.txt', file: /[\\/]shared[\\/]phrases\.json$/, source: (path) => path },
  // The package wraps it in JavaScript for Node's sake.
  { name: 'phone-metadata.txt', file: /[\\/]libphonenumber-js[\\/]metadata\.max\.json\.js$/, source: (path) => path.replace(/\.js$/, ''), rows: 'countries' },
]

export const tablesBeside: Plugin = {
  name: 'tables-beside',
  setup: (bundling) => {
    const folder = dirname(bundling.initialOptions.outfile ?? '')
    const texts = new Map<string, string>()
    for (const { file, source, name, rows } of tables) {
      bundling.onLoad({ filter: file }, async ({ path }) => {
        const whole = JSON.parse(await readFile(source(path), 'utf8')) as Rows
        const { text, places } = laidOut((rows === undefined ? whole : whole[rows]) as Rows)
        texts.set(name, text)
        return { contents: moduleOf(name, places, rows === undefined ? undefined : { ...whole, [rows]: undefined }, rows), loader: 'js' }
      })
    }
    bundling.onEnd(async () => {
      for (const [name, text] of texts) await writeFile(join(folder, name), text)
    })
  },
}

/** One row a line, and where each begins and ends. */
const laidOut = (rows: Rows) => {
  const lines = Object.entries(rows).map(([key, row]) => [key, `${JSON.stringify(row)}\n`] as const)
  let end = 0
  const places = Object.fromEntries(lines.map(([key, line]) => [key, [end, (end += Buffer.byteLength(line))]]))
  return { text: lines.map(([, line]) => line).join(''), places }
}

const moduleOf = (name: string, places: object, rest: Rows | undefined, rows: string | undefined) => `
  import { readFileSync } from 'node:fs'
  let file
  const places = ${JSON.stringify(places)}
  const read = new Map()
  const row = (key) => {
    file ??= readFileSync(__dirname + '/${name}')
    if (!read.has(key)) read.set(key, JSON.parse(file.toString('utf8', ...places[key])))
    return read.get(key)
  }
  const rows = new Proxy(places, { get: (_, key) => (Object.hasOwn(places, key) ? row(key) : Reflect.get(places, key)) })
  export default ${rest === undefined ? 'rows' : `{ ...${JSON.stringify(rest)}, ${rows}: rows }`}`
