// A plugin of esbuild: large tables stay text beside the bundle, of which a function reads the rows that it is asked for. As code in the bundle the numbering
// plans of the world take 5 ms of a cold start, and what the telephone says in every language 2 ms.
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Plugin } from 'esbuild'
import { callingCodes, plans } from '../shared/numbering-plans.ts'

type Rows = Readonly<Record<string, unknown>>
/** A module that exports rows by the key, and perhaps something small besides. */
type Table = { file: RegExp; name: string; rows: string; read: (path: string) => Promise<Rows>; besides?: Rows }

const tables: Table[] = [
  { file: /[\\/]shared[\\/]phrases\.json$/, name: 'phrases.txt', rows: 'default', read: async (path) => JSON.parse(await readFile(path, 'utf8')) as Rows },
  { file: /[\\/]shared[\\/]numbering-plans\.ts$/, name: 'numbering-plans.txt', rows: 'plans', read: async () => plans, besides: { callingCodes } },
]

export const tablesBeside: Plugin = {
  name: 'tables-beside',
  setup: (bundling) => {
    const folder = dirname(bundling.initialOptions.outfile ?? '')
    const texts = new Map<string, string>()
    for (const table of tables) {
      bundling.onLoad({ filter: table.file }, async ({ path }) => {
        const { text, places } = laidOut(await table.read(path))
        texts.set(table.name, text)
        return { contents: moduleOf(table, places), loader: 'js' }
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

const moduleOf = ({ name, rows, besides = {} }: Table, places: object) => `
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
  export { rows as ${rows} }
  ${Object.entries(besides).map(([key, value]) => `export const ${key} = ${JSON.stringify(value)}`).join('\n')}`
