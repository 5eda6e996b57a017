// What it costs to hold an answer until a person has decided, beside polling. Prints the table of the README.
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { table } from './report.ts'

// Assumed: what AWS asked in us-east-1 in November 2026, for x86 and without free tiers.
export const assumed = { where: 'us-east-1', month: 'November 2026', gibibyteSecondDollars: 0.0000166667, millionInvocationsDollars: 0.2, millionRequestsDollars: 1 } as const
// Assumed as well: an undecided poll reads one document.
export const pollMilliseconds = 20
const intervalSeconds = 2
const waitSecondsMax = 20
const signIns = 1_000

type Cost = { requests: number; runningSeconds: number; dollars: number }

/** Of one sign-in, whose person takes so long from the call to the last digit: the first poll comes after one interval either way. */
export const waitingPrice = (personSeconds: number, memoryMegabytes: number): { held: Cost; polled: Cost } => {
  const cost = (requests: number, runningSeconds: number): Cost => ({
    requests, runningSeconds,
    dollars: (requests * (assumed.millionInvocationsDollars + assumed.millionRequestsDollars)) / 1_000_000 + (runningSeconds * memoryMegabytes * assumed.gibibyteSecondDollars) / 1_024,
  })
  const heldSeconds = personSeconds - intervalSeconds
  const polls = Math.ceil(personSeconds / intervalSeconds)
  return { held: cost(Math.ceil(heldSeconds / waitSecondsMax), heldSeconds), polled: cost(polls, (polls * pollMilliseconds) / 1_000) }
}

const row = (personSeconds: number, memoryMegabytes: number) => {
  const { held, polled } = waitingPrice(personSeconds, memoryMegabytes)
  const money = ({ dollars }: Cost) => `$${(dollars * signIns).toFixed(3)}`
  return [`${personSeconds} s`, money(held), money(polled), held.runningSeconds.toFixed(1), polled.runningSeconds.toFixed(1)]
}

export const waitingPrices = (memoryMegabytes: number) =>
  table(['the person takes', 'dollars, held', 'dollars, polled', 'running, held', 'running, polled'], [10, 20, 40].map((seconds) => row(seconds, memoryMegabytes)))

export const deployedMegabytes = async () =>
  (parse(await readFile(`${import.meta.dirname}/../serverless.yml`, 'utf8'), { logLevel: 'silent' }) as { provider: { memorySize: number } }).provider.memorySize

if (import.meta.main) console.log(waitingPrices(await deployedMegabytes()))
