// Sequences of a changes feed: a number, or `trigger:number` while a channel that was granted later is sent from its beginning. Source: db/sequence_id.go.
import { HttpError } from './http-error.ts'
import type { Json } from './json.ts'
import { isNumber, literal } from './json.ts'

export type SequenceId = { low: number; trigger: number; seq: number }

export const plainSequence = (seq: number): SequenceId => ({ low: 0, trigger: 0, seq })

/** Throws a 400. An empty text is the beginning. */
export const parseSequence = (text: string): SequenceId => {
  const parts = (/^".*"$/.test(text) ? text.slice(1, -1) : text).split(':')
  if (parts.length === 1 && parts[0] === '') return plainSequence(0)
  const [seq, trigger, low] = parts.toReversed()
  const numbers = [component(low ?? '0', false), component(trigger ?? '0', parts.length === 3), component(seq ?? '', false)]
  const [first, second, third] = numbers
  if (parts.length > 3 || first === undefined || second === undefined || third === undefined) throw new HttpError(400, 'Invalid sequence')
  return { low: first, trigger: second, seq: third }
}

const component = (text: string, mayBeEmpty: boolean) => {
  if (text === '' && mayBeEmpty) return 0
  return /^\d{1,19}$/.test(text) ? Number(text) : undefined
}

export const sequenceFrom = (value: Json | undefined) => {
  if (value === undefined || typeof value === 'string') return parseSequence(value ?? '')
  return parseSequence(isNumber(value) ? literal(value) : 'none')
}

export const sequenceText = ({ low, trigger, seq }: SequenceId) => {
  if (low > 0 && low < seq) return `${low}:${trigger > 0 ? trigger : ''}:${seq}`
  return trigger > 0 ? `${trigger}:${seq}` : String(seq)
}

export const sequenceJson = (id: SequenceId): Json => (id.trigger > 0 || (id.low > 0 && id.low < id.seq) ? sequenceText(id) : id.seq)

export const safeSequence = ({ low, seq }: SequenceId) => (low > 0 && low < seq ? low : seq)

/** What is triggered comes just before its trigger. */
export const isBefore = (a: SequenceId, b: SequenceId) => {
  if (a.trigger === b.trigger) return safeSequence(a) < safeSequence(b)
  if (a.trigger === 0) return safeSequence(a) < b.trigger
  if (b.trigger === 0) return a.trigger <= safeSequence(b)
  return a.trigger < b.trigger
}
