// The difference of two texts, line by line: what goes, what comes, and one line of what stays around it.

/** Lines that begin with `-`, `+` or a space; `…` stands for what is left out. Empty if the texts are the same. */
export const lineDifference = (before: string, after: string): string[] => {
  const lines = merged(before.split('\n'), after.split('\n'))
  const isNear = (at: number) => [at - 1, at, at + 1].some((near) => lines[near] !== undefined && !lines[near].startsWith(' '))
  return lines.flatMap((line, at) => (isNear(at) ? [line] : isNear(at - 1) ? ['…'] : []))
}

// By the longest common subsequence: a sync function has hundreds of lines, so a table of all pairs is small.
const merged = (before: string[], after: string[]): string[] => {
  const common = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1))
  const at = (i: number, j: number) => common[i]?.[j] ?? 0
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) common[i]![j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  }
  const lines: string[] = []
  let [i, j] = [0, 0]
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push(` ${before[i]}`)
      i += 1
      j += 1
    } else if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1))) lines.push(`-${before[i++]}`)
    else lines.push(`+${after[j++]}`)
  }
  return lines
}
