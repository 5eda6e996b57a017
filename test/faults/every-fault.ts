// Strikes every request of a journey in every way, in several worlds at once because most of that time is waiting.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Journey } from './journey.ts'
import { laboratory, type Laboratory } from './laboratory.ts'
import { systemOf, type Strike, type Target } from './seam.ts'

const roomsMax = 8
const strikesWorthARoom = 7
const faults = ['hang', 'refuse', 'lose_reply', 'cut', 'empty', 'nonsense', 500, 503, 'outage'] as const

// A reply that promises success and is empty is for no network to make, and the SDK's native code ends the process at it.
const isFair = ({ name, fault }: Strike) => systemOf(name) !== 'couchbase' || fault !== 'empty'

const strikesOn = (targets: Target[]) => {
  const all = targets.flatMap((target) => faults.map((fault): Strike => ({ ...target, fault }))).filter(isFair)
  // The longest come first, so that none is left alone at the end.
  return all.sort((left, right) => Number(right.fault === 'hang') - Number(left.fault === 'hang'))
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What went wrong, by fault, and how many faults there were. A journey that goes wrong by itself throws. */
export const everyFault = async (journey: Journey) => {
  const rooms = [await laboratory()]
  try {
    const healthy = await rooms[0]!.run(journey)
    if (healthy.problems.length) throw new Error(`Without any fault: ${healthy.problems.join('; ')}`)
    const targets = healthy.seen.filter(journey.strikes ?? (() => true))
    const strikes = strikesOn(targets)
    const wanted = Math.min(roomsMax, Math.ceil(strikes.length / strikesWorthARoom))
    rooms.push(...(await Promise.all(Array.from({ length: wanted - 1 }, laboratory))))
    const found = new Map<string, string[]>()
    const ahead = [...strikes]
    await Promise.all(rooms.map((room) => work(room, journey, ahead, found)))
    const books = (await Promise.all(rooms.map((room) => room.books()))).flat()
    return { found: { ...Object.fromEntries(found), ...(books.length ? { books } : {}) }, report: `${strikes.length} faults in ${targets.length} requests` }
  } finally {
    await Promise.all(rooms.map((room) => room.close()))
  }
}

const work = async ({ run }: Laboratory, journey: Journey, ahead: Strike[], found: Map<string, string[]>) => {
  for (let strike = ahead.shift(); strike; strike = ahead.shift()) {
    const { problems } = await run(journey, strike)
    if (problems.length) found.set(`${strike.fault} at ${strike.name} ${strike.nth}`, problems)
    // The Couchbase connections of functions that are forgotten end when their memory is collected.
    if (journey.cold && ahead.length % 40 === 0) collect()
  }
}
