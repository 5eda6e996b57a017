// Few numbers about many.

/** NaN of nothing. */
export const median = (values: readonly number[]) => {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] ?? NaN : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2
}

export const best = (values: readonly number[]) => Math.min(...values)

/** The same in an order by chance. */
export const shuffled = <T>(values: readonly T[]): T[] => values.map((value) => ({ value, at: Math.random() })).sort((left, right) => left.at - right.at).map(({ value }) => value)
