// Who goes next: an order that a seed decides, and that can be printed and played again.
import fc from 'fast-check'
import { actorsMax } from './town.ts'

/**
 * `picks` chooses among those who wait by its remainders. `ranks` lets the foremost go on until he is done, but for a few moments at which he goes to the
 * end: it finds what needs one to be far ahead of another (Burckhardt and others, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", 2010).
 */
export type Order = { picks: number[] } | { ranks: number[]; falls: number[] }
export type Choose = (waiting: number[], step: number) => number | undefined

const everybody = Array.from({ length: actorsMax }, (_, actor) => actor)
const stepsMax = 40

export const orders: fc.Arbitrary<Order> = fc.oneof(
  // 60 has all the remainders of up to six actors equally often.
  fc.record({ picks: fc.array(fc.nat(59), { minLength: 64, maxLength: 64 }) }),
  fc.record({ ranks: fc.shuffledSubarray(everybody, { minLength: actorsMax }), falls: fc.uniqueArray(fc.nat(stepsMax), { maxLength: 4 }) }),
)

export const chooser = (order: Order): Choose => {
  if ('picks' in order) return (waiting, step) => waiting[(order.picks[step % order.picks.length] ?? 0) % waiting.length]
  let ranks = order.ranks
  return (waiting, step) => {
    const foremost = () => ranks.find((actor) => waiting.includes(actor))
    const falling = order.falls.includes(step) ? foremost() : undefined
    if (falling !== undefined) ranks = [...ranks.filter((actor) => actor !== falling), falling]
    return foremost()
  }
}
