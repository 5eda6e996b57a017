// Cold starts as Lambda gives its processors: a whole one until the sandbox has started, and after that a part, by its memory.
import { among, measure, type Measured } from './cold-start.ts'
import { assumed } from './plan.ts'
import { processorShare } from './processor-share.ts'
import { table, type Section } from './report.ts'
import { median } from './statistics.ts'
import { deployedMegabytes } from './waiting-price.ts'

const title = "Cold start with Lambda's share of a processor"

/** `rounds` are those that count. */
export const sharedStart = async ({ rounds }: { rounds: number }): Promise<Section> => {
  const megabytes = await deployedMegabytes()
  const share = megabytes / assumed.processorMegabytes
  const group = await processorShare(share)
  if (!group) return { title, text: 'Not measured here: it takes a control group for processors, which this process may not make.', budgets: [] }
  try {
    const measured = await among(({ hello, ours, runtime }) => measure([hello, ...ours.filter(({ name }) => name.endsWith(' over TLS'))], { runtime: runtime.file, rounds, started: group.confine }))
    return { title, text: textOf(measured, { rounds, megabytes, share }), budgets: [] }
  } finally {
    await group.remove()
  }
}

const textOf = (measured: Measured[], { rounds, megabytes, share }: { rounds: number; megabytes: number; share: number }) => {
  const rows = measured.map(({ name, answers }) => {
    const [started, answered] = [median(answers.map(({ startMilliseconds }) => startMilliseconds)), median(answers.map(({ milliseconds }) => milliseconds))]
    return [name, ...[started, answered - started, answered].map((value) => value.toFixed(0))]
  })
  return [
    `A whole processor until the sandbox asks for its first event, and ${(share * 100).toFixed(0)} % of it from then on, as Lambda gives to ${megabytes} MB (a whole one at ${assumed.processorMegabytes} MB): medians of ${rounds} rounds, in milliseconds.`,
    table(['', 'started', 'from there to the answer', 'answered'], rows),
  ].join('\n\n')
}
