// npm run bench: measures, prints, and writes RESULTS.md; ends with how many budgets were kept, and with exit code 1 if one was not.
import { writeFile } from 'node:fs/promises'
import { coldStart } from './cold-start.ts'
import { results } from './results.ts'
import { budgetTable, verdict, type Section } from './report.ts'
import { scale } from './scale.ts'
import { sharedStart } from './shared-start.ts'
import { waiting } from './waiting.ts'
import { warm } from './warm.ts'

const quick = process.argv.includes('--quick')
const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))

const parts: Record<string, () => Promise<Section>> = {
  cold: () => coldStart({ rounds: quick ? 5 : 50 }),
  share: () => sharedStart({ rounds: quick ? 5 : 20 }),
  warm: () => warm({ blocks: quick ? 10 : 100, perBlock: 1_000 }),
  waiting: () => waiting({ signIns: quick ? 20 : 50 }),
  scale: () => scale({ accounts: quick ? [10, 1_000] : [10, 10_000, 1_000_000] }),
}

const sections: Section[] = []
for (const [name, run] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  const section = await run()
  console.log(`\n## ${section.title}\n\n${section.text}`)
  sections.push(section)
}
const budgets = sections.flatMap((section) => section.budgets)
// Part of a run is no result.
if (chosen.length === 0 && !quick) await writeFile(`${import.meta.dirname}/RESULTS.md`, results(sections))
const { line, failed } = verdict(budgets)
console.log(`\n${budgetTable(budgets)}\n\n${line}`)
process.exit(failed === 0 ? 0 : 1)
