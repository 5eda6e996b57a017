// Reads an RFC 3339 time as Go's time.Parse does, with its error texts.

const layout = '2006-01-02T15:04:05Z07:00'
const elements: [string, RegExp][] = [
  ['2006', /\d{4}/y], ['-', /-/y], ['01', /\d{2}/y], ['-', /-/y], ['02', /\d{2}/y], ['T', /T/y],
  ['15', /\d{2}/y], [':', /:/y], ['04', /\d{2}/y], [':', /:/y], ['05', /\d{2}(?:[.,]\d+)?/y], ['Z07:00', /Z|[+-]\d{2}:\d{2}/y],
]
const ranges: Record<string, [string, number, number]> = {
  '01': ['month', 1, 12], '02': ['day', 1, 31], '15': ['hour', 0, 23], '04': ['minute', 0, 59], '05': ['second', 0, 59],
}

/** Milliseconds since 1970. Throws an Error with Go's text. */
export const parseTime = (text: string) => {
  let at = 0
  for (const [name, pattern] of elements) {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found === undefined) throw new Error(`parsing time ${JSON.stringify(text)} as "${layout}": cannot parse ${JSON.stringify(text.slice(at))} as "${name}"`)
    const range = ranges[name]
    if (range && (Math.trunc(Number(found)) < range[1] || Math.trunc(Number(found)) > range[2])) throw new Error(`parsing time ${JSON.stringify(text)}: ${range[0]} out of range`)
    at += found.length
  }
  if (at < text.length) throw new Error(`parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(text.slice(at))}`)
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))]
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) throw new Error(`parsing time ${JSON.stringify(text)}: day out of range`)
  return Date.parse(text.replace(',', '.'))
}
