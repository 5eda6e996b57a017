// RESULTS.md: what was measured, on what, and how to read it.
import { cpus, totalmem } from 'node:os'
import { budgetTable, verdict, type Section } from './report.ts'

export const results = (sections: Section[]) => {
  const budgets = sections.flatMap((section) => section.budgets)
  return [
    '# What Callgate costs',
    'Written by `npm run bench`. Compare numbers within one run only: another machine, and the same machine at another hour, is faster or slower as a whole. So the budgets are ratios and counts, never milliseconds.',
    `Node.js ${process.version} on ${process.platform} ${process.arch}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB; ${new Date().toISOString().slice(0, 10)}. All servers are the stand-ins of \`local/\`, on the same machine, over plain HTTP unless it says TLS.`,
    '## Budgets',
    budgetTable(budgets),
    verdict(budgets).line,
    ...sections.flatMap(({ title, text }) => [`## ${title}`, text]),
  ].join('\n\n') + '\n'
}
