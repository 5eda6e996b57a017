// The code blocks of the guides and of the README.
import { readdir, readFile } from 'node:fs/promises'

export const root = `${import.meta.dirname}/../..`

export type Block = { file: string; language: string; code: string }

export const guides = async () => ['README.md', ...(await readdir(`${root}/docs`)).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)]

export const readGuide = (file: string) => readFile(`${root}/${file}`, 'utf8')

export const blocksOf = async (file: string): Promise<Block[]> =>
  [...(await readGuide(file)).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({ file, language, code }))

/** The blocks of one language; throws if there is none, so that a guide that is renamed is noticed. */
export const codeOf = async (file: string, language: string) => {
  const found = (await blocksOf(file)).filter((block) => block.language === language).map(({ code }) => code)
  if (found.length === 0) throw new Error(`${file} has no block in ${language}.`)
  return found
}
