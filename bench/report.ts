// What a benchmark has to say: sections of text with their budgets, and the count of those that were kept.

/** Kept when `value` is at most `limit`. A value that could not be measured is NaN, and is not kept. */
export type Budget = { name: string; limit: number; value: number }
/** `text` is Markdown, without its title. */
export type Section = { title: string; text: string; budgets: Budget[] }

export const isKept = ({ value, limit }: Budget) => value <= limit

/** A table of Markdown; the first column is aligned to the left, the others to the right. */
export const table = (heads: string[], rows: string[][]) =>
  [heads, heads.map((_, index) => (index === 0 ? '---' : '---:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

export const budgetTable = (budgets: Budget[]) =>
  table(['budget', 'at most', 'measured', ''], budgets.map((budget) => [budget.name, number(budget.limit), number(budget.value), isKept(budget) ? 'passed' : '**failed**']))

/** The line that a benchmark ends with. */
export const verdict = (budgets: Budget[]) => {
  const passed = budgets.filter(isKept).length
  return { line: `${passed} passed, ${budgets.length - passed} failed`, failed: budgets.length - passed }
}

const number = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(2))
