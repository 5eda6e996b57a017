// Warm requests: the CPU of a session beside the least that one can cost, and whether a sandbox that serves many of them grows.
import { bundles } from './bundles.ts'
import { table, type Section } from './report.ts'
import { sessionEvents } from './session-events.ts'
import { floorEnvironment, stage } from './stage.ts'
import { median } from './statistics.ts'
import { warmSandbox, type BlockCost } from './warm-sandbox.ts'

/** `blocks` of `perBlock` requests; the first tenth warms up and does not count. */
export type WarmOptions = { blocks: number; perBlock: number }

type Costs = { session: BlockCost[]; floor: BlockCost[]; bound: BlockCost[] }

// The floor and bound tokens need fewer: only their CPU is asked for.
const shareOfOthers = 4
const proofsPerBlock = 250

export const warm = async (options: WarmOptions): Promise<Section> => {
  const made = await bundles()
  const here = await stage()
  const events = sessionEvents(here)
  const session = warmSandbox(made.of('create-session'), here.environment)
  const bound = warmSandbox(made.of('create-session'), here.environment)
  const floor = warmSandbox(await made.own('floor'), { ...here.environment, ...floorEnvironment(await here.keys()) })
  const costs: Costs = { session: [], floor: [], bound: [] }
  try {
    for (let block = 0; block < options.blocks; block++) {
      const event = await events.bearer()
      costs.session.push(await session.run({ events: [event], times: options.perBlock }))
      if (block % shareOfOthers !== 0) continue
      costs.floor.push(await floor.run({ events: [event], times: options.perBlock }))
      costs.bound.push(await bound.run({ events: await events.bound(proofsPerBlock), times: 1 }))
    }
    return sectionOf(costs, options)
  } finally {
    for (const sandbox of [session, bound, floor]) sandbox.close()
    await here.close()
    await made.remove()
  }
}

const warmedUp = <T>(costs: T[]) => costs.slice(Math.ceil(costs.length / 10))

const sectionOf = ({ session, floor, bound }: Costs, { blocks, perBlock }: WarmOptions): Section => {
  const cpu = (costs: BlockCost[]) => median(warmedUp(costs).map(({ cpuMilliseconds }) => cpuMilliseconds))
  const ratio = (costs: BlockCost[]) => cpu(costs) / cpu(floor)
  const heap = warmedUp(session).map(({ heapBytes }) => heapBytes)
  const quarter = Math.ceil(heap.length / 4)
  const [first, last] = [median(heap.slice(0, quarter)), median(heap.slice(-quarter))]
  const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1)
  const row = (name: string, costs: BlockCost[]) => [name, cpu(costs).toFixed(2), ratio(costs).toFixed(2)]
  return {
    title: 'Warm requests',
    text: [
      `POST /session in one process, one request after the other, ${(blocks * perBlock).toLocaleString('en')} of them; the floor does one \`jwtVerify\`, one POST and one GET on kept connections to the same Sync Gateway, in a process of its own, in turns. CPU is user and system time of the process, the collector's included: medians of blocks of ${perBlock} requests, the first tenth not counted.`,
      table(['', 'CPU ms a request', 'in floors'], [row('floor', floor), row('create-session', session), row('create-session with DPoP', bound)]),
      `The heap after a collection was ${mebibytes(first)} MiB in the first quarter of the requests and ${mebibytes(last)} MiB in the last (medians); the process held ${mebibytes(session.at(-1)?.residentBytes ?? NaN)} MiB at the end.`,
    ].join('\n\n'),
    budgets: [
      { name: 'CPU of a warm create-session, in floors', limit: 1.2, value: ratio(session) },
      { name: `heap of the last quarter of ${(blocks * perBlock).toLocaleString('en')} requests, in first quarters`, limit: 1.05, value: last / first },
    ],
  }
}
