// A world for trials: a journey with one request of it struck, and then the next sign-in with everything healthy.
import { app } from '../app.ts'
import { ledger } from '../ledger.ts'
import { manualClock } from '../manual-clock.ts'
import { world } from '../world.ts'
import type { Journey } from './journey.ts'
import { judge, unclear } from './judge.ts'
import { seam, systemOf, type Strike } from './seam.ts'
import { signIn, type Walk } from './walk.ts'

const callSecondsMax = 180

export const laboratory = async () => {
  const clock = manualClock(Date.now())
  // A limit that is out of reach, so that calls are counted in Couchbase.
  const here = await world({ clock, given: { LIMIT_NUMBER: '100000/1d' } })
  const network = await seam(here)
  here.restart()
  const person = app(here)
  const judged = judge(here)
  const numbers = numbersOf('+1202556')
  await signIn(person, numbers())

  /** A line that is busy with a call that came to nothing is free when its time is over. */
  const signInAgain = async (walk: Walk) => {
    const again = await signIn(person, walk.number)
    const [first] = again.answers
    if (walk.tokens || first?.answer.status !== 429) return again
    clock.advance(1_000 * Math.min(callSecondsMax, Number(first.answer.headers.get('retry-after'))))
    return signIn(person, walk.number)
  }

  /** The journey itself, with what it took on the network. */
  const struckWalk = async ({ cold, walk }: Journey, number: string, before: Walk | undefined, strike: Strike | undefined) => {
    if (cold) here.restart(cold)
    network.arm(strike)
    const walked = await walk(person, number, before)
    const taken = { walked, seen: network.seen(), happened: network.happened(), struck: network.struck() }
    network.arm()
    return taken
  }

  return {
    /** What was wrong, and every request that the journey took. */
    run: async (journey: Journey, strike?: Strike) => {
      const number = numbers()
      const before = await journey.before?.(person, number)
      const logged = here.log.length
      const { walked, seen, happened, struck } = await struckWalk(journey, number, before, strike)
      const after = (await journey.after?.(person, walked, judged)) ?? []
      const again = await signInAgain(walked)
      const asked = walked.answers.filter(({ step }) => step === 'POST /call').length
      const rang = happened.filter((name) => systemOf(name) === 'twilio').length
      const people = new Set([before, walked, again].flatMap((one) => (one?.session ? [one.session.json['profile']] : [])))
      const wrong: Record<string, boolean> = {
        'the request did not come, or came twice': strike !== undefined && struck !== 1,
        'Twilio was asked again': seen.filter(({ name }) => systemOf(name) === 'twilio').length > asked,
        'the phone rang twice': rang > 1,
        'one number became two people': people.size > 1,
        'the next sign-in met a refusal': again.answers.some(({ answer }) => answer.status !== 200),
      }
      const failed = here.log.slice(logged).filter((line) => line.includes('"event":"failed"')).map((line) => `a function failed: ${line}`)
      const problems = [...failed, ...unclear(walked, { mayWait: rang === 0 || strike?.fault === 'outage' }), ...after, ...Object.keys(wrong).filter((what) => wrong[what]), ...(await judged.unsound(again))]
      return { problems, seen }
    },
    /** What is wrong with all accounts together. */
    books: () => ledger(here.places['sync-gateway-admin']).problems(),
    close: async () => {
      await network.close()
      await here.close()
    },
  }
}

export type Laboratory = Awaited<ReturnType<typeof laboratory>>

const numbersOf = (prefix: string) => {
  let used = 1_000
  return () => `${prefix}${String(used++)}`
}
