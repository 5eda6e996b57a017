// The header Range, with Sync Gateway's leniency: what it does not understand it ignores.

/** First and last byte; undefined for the whole. */
export const byteRange = (header: string | undefined, length: number): { start: number; end: number } | 'unsatisfiable' | undefined => {
  const [, first = '', last = ''] = /^bytes=(\d+)?-(\d+)?$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return undefined
  if (first === '' && Number(last) === 0) return 'unsatisfiable'
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined
  if (first === '' && length === 0) return undefined
  const start = first === '' ? Math.max(0, length - Number(last)) : Number(first)
  const end = first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1)
  if (start >= length) return 'unsatisfiable'
  return start === 0 && end === length - 1 ? undefined : { start, end }
}
