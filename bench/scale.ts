// Scale: the cost of each step among ten, ten thousand and a million accounts, and sixty-four sandboxes at once.
import { fork } from 'node:child_process'
import { bundles } from './bundles.ts'
import { fleet } from './fleet.ts'
import { person, type Json } from './person.ts'
import { table, type Section } from './report.ts'
import type { ScaleResult, StepCost } from './scale-process.ts'
import { stage } from './stage.ts'

export type ScaleOptions = { accounts: number[] }

const sandboxes = 64
// A million accounts fill 5 GiB of it.
const heapMebibytes = 12_000

export const scale = async ({ accounts }: ScaleOptions): Promise<Section> => {
  const results: ScaleResult[] = []
  for (const count of accounts) results.push(await among(count))
  const crowd = await atOnce()
  const [first, last] = [results[0]!, results.at(-1)!]
  const differences = first.steps.map((step) => difference(step, last.steps.find((other) => other.step === step.step)!))
  const most = (values: number[]) => Math.max(...values)
  return {
    title: 'Scale',
    text: [`Requests and bytes of each step, in warm sandboxes, with limits as they are unless set. Bytes are those of HTTP to Sync Gateway, Twilio and Secrets Manager, both ways with headers: medians of eight sign-ins of newcomers, and of eight people out of the crowd.`, stepTable(results), crowdText(crowd)].join('\n\n'),
    budgets: [
      { name: `requests of any step among ${last.accounts.toLocaleString('en')} accounts, more than among ${first.accounts}`, limit: 0, value: most(differences.map(({ requests }) => requests)) },
      { name: 'bytes of any step, in those of the fewest accounts', limit: 1.01, value: most(differences.map(({ bytes }) => bytes)) },
      { name: `sign-ups that failed, of ${sandboxes} at once in ${sandboxes} sandboxes`, limit: 0, value: crowd.failed },
      { name: 'numbers that two of them got', limit: 0, value: crowd.duplicates },
    ],
  }
}

const among = (count: number) =>
  new Promise<ScaleResult>((resolve, reject) => {
    const child = fork(`${import.meta.dirname}/scale-process.ts`, [String(count)], { execArgv: [`--max-old-space-size=${heapMebibytes}`, '--max-semi-space-size=128'] })
    child.once('message', resolve)
    child.once('exit', () => reject(new Error(`Nothing was measured among ${count} accounts.`)))
  })

const total = ({ requests }: StepCost) => Object.values(requests).reduce((sum, value) => sum + value, 0)

const difference = (before: StepCost, now: StepCost) => ({ requests: total(now) - total(before), bytes: now.bytes / before.bytes })

const stepTable = (results: ScaleResult[]) => {
  const names = results[0]!.steps.map(({ step }) => step)
  const cell = (result: ScaleResult, name: string) => {
    const step = result.steps.find((one) => one.step === name)!
    return [`${total(step)}`, step.bytes.toFixed(0), step.milliseconds.toFixed(1)]
  }
  const heads = results.flatMap(({ accounts }) => [`requests, ${accounts.toLocaleString('en')} accounts`, 'bytes', 'ms'])
  return table(['step', ...heads], names.map((name) => [name, ...results.flatMap((result) => cell(result, name))]))
}

type Crowd = { failed: number; duplicates: number; seconds: number }

/** As many newcomers as sandboxes, all at once from call to session. */
const atOnce = async (): Promise<Crowd> => {
  const made = await bundles()
  let everywhere: ReturnType<typeof fleet> | undefined
  const here = await stage({ elsewhere: (name) => (event) => everywhere!.invoke(name)(event) })
  everywhere = fleet(sandboxes, made.of, here.environment)
  try {
    const begun = performance.now()
    const signUps = await Promise.allSettled(Array.from({ length: sandboxes }, (_, at) => signUp(here, `+1416556${1_000 + at}`)))
    const seconds = (performance.now() - begun) / 1_000
    const profiles = signUps.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    for (const outcome of signUps) if (outcome.status === 'rejected') console.error(outcome.reason)
    return { failed: sandboxes - profiles.length, duplicates: profiles.length - new Set(profiles).size, seconds }
  } finally {
    everywhere.close()
    await here.close()
    await made.remove()
  }
}

const signUp = async (here: Parameters<typeof person>[0], number: string) => {
  const newcomer = person(here, number)
  const session: Json = await newcomer.session(await newcomer.signIn())
  return String(session['profile'])
}

const crowdText = ({ failed, duplicates, seconds }: Crowd) =>
  `${sandboxes} people signed up at once, ${sandboxes} sandboxes of each function (loaded bundles with their own secrets, sockets and Couchbase connections, in four processes) taking the requests in turn, all cold, on one Sync Gateway: ${failed} failed, ${duplicates} got a number that another has, and the last had a session after ${seconds.toFixed(1)} s.`
