// The settings of one stage: deploy/settings.yml, over which the environment wins.
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'

type Settings = Record<string, string | number | string[]>

export const stageSettings = async (stage: string, environment: Readonly<Record<string, string | undefined>>) => {
  const stages = parse(await readFile(`${import.meta.dirname}/settings.yml`, 'utf8')) as Record<string, Settings | null>
  const written = { ...stages['default'], ...stages[stage] }
  return { ...Object.fromEntries(Object.entries(written).map(([name, value]) => [name, String(value)])), ...environment }
}
