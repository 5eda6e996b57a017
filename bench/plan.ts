// What so many sign-ins a second ask of everything, and what a thousand of them cost: computed from the README's budget and from assumptions that are named.
import { readFile } from 'node:fs/promises'
import { assumed as paid, deployedMegabytes } from './waiting-price.ts'

/** Everything here is an assumption: measure your own, and ask your provider. */
export const assumed = {
  // Lambda gives a whole processor at 1,769 MB, and its share below.
  processorMegabytes: 1_769,
  // As create-session has by `npm run bench`: 1 ms for two requests.
  cpuMillisecondsARequest: 0.5,
  cpuMillisecondsAnInvocation: 1,
  // Within a region, over kept connections; Twilio from us-east-1.
  syncGatewayMilliseconds: 5,
  couchbaseMilliseconds: 2,
  twilioMilliseconds: 200,
  // From the ring to the last digit, and one poll each two seconds meanwhile.
  callSeconds: 20,
  pollSeconds: 2,
  shareOfNewcomers: 0.1,
  // Of four cores each, at half their load.
  syncGatewayRequestsANode: 2_000,
  // A read of Sync Gateway's is one operation, a write up to four: the document, its sequence, and what it keeps of both.
  operationsASyncGatewayRequest: 3,
  couchbaseOperationsANode: 20_000,
  syncGatewayNodeDollarsAnHour: 0.15,
  couchbaseNodeDollarsAnHour: 0.3,
  callDollarsAMinute: 0.014,
  logBytesAnInvocation: 500,
  logDollarsAGigabyte: 0.5,
  secretsStored: 10,
  secretDollarsAMonth: 0.4,
} as const

const hour = 3_600
const hoursAMonth = 730

/** The steps of one sign-in, each with how often it is asked for. Throws where the README no longer names one. */
const stepsOf = (budget: Map<string, number[]>) => {
  const step = (title: string, times: number) => {
    const [syncGateway, couchbase, twilio] = budget.get(title) ?? []
    if (syncGateway === undefined || couchbase === undefined || twilio === undefined) throw new Error(`The README has no budget for ${title}.`)
    return { title, times, syncGateway, couchbase, twilio }
  }
  const { shareOfNewcomers: newcomers, callSeconds, pollSeconds } = assumed
  return [
    step('`POST /call`', 1),
    step('`POST /call/status`, answered', 1),
    step('`POST /token`, not decided', callSeconds / pollSeconds - 1),
    // Two invocations share what that line counts.
    step('`POST /call/keys` and `/call/status`', 1),
    step('`POST /token`, first sign-in', newcomers),
    step('`POST /token`, returning sign-in', 1 - newcomers),
    step('`POST /session`', 1),
  ]
}

type Part = ReturnType<typeof stepsOf>[number]

const invocationsOf = ({ title, times }: Part) => times * (title.includes(' and ') ? 2 : 1)
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)

const secondsOf = (part: Part, megabytes: number) => {
  const { syncGateway, couchbase, twilio, times } = part
  const cpu = ((syncGateway + couchbase + twilio) * assumed.cpuMillisecondsARequest * times + invocationsOf(part) * assumed.cpuMillisecondsAnInvocation) / (megabytes / assumed.processorMegabytes)
  const waited = times * (syncGateway * assumed.syncGatewayMilliseconds + couchbase * assumed.couchbaseMilliseconds + twilio * assumed.twilioMilliseconds)
  return (cpu + waited) / 1_000
}

/** Of one sign-in, polled and warm. */
export const signInCost = async () => {
  const readme = await readFile(`${import.meta.dirname}/../README.md`, 'utf8')
  const rows = [...readme.matchAll(/^\| (`POST .*?) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)]
  const parts = stepsOf(new Map(rows.map(([, title = '', ...counts]) => [title, counts.map(Number)] as const)))
  const megabytes = await deployedMegabytes()
  const syncGateway = sum(parts.map((part) => part.times * part.syncGateway))
  return {
    invocations: sum(parts.map(invocationsOf)),
    lambdaSeconds: sum(parts.map((part) => secondsOf(part, megabytes))),
    gibibyteSeconds: sum(parts.map((part) => secondsOf(part, megabytes))) * (megabytes / 1_024),
    syncGateway,
    couchbase: sum(parts.map((part) => part.times * part.couchbase)) + syncGateway * assumed.operationsASyncGatewayRequest,
    calls: sum(parts.map((part) => part.times * part.twilio)),
  }
}

export type SignInCost = Awaited<ReturnType<typeof signInCost>>

/** At a steady rate. Nodes are two at least, so that one may fail, and three for Couchbase, where a majority must be left. */
export const demand = (signIn: SignInCost, signInsASecond: number) => ({
  concurrency: signIn.lambdaSeconds * signInsASecond,
  apiRequests: signIn.invocations * signInsASecond,
  callsASecond: signIn.calls * signInsASecond,
  callsAtOnce: signIn.calls * signInsASecond * assumed.callSeconds,
  syncGatewayRequests: signIn.syncGateway * signInsASecond,
  syncGatewayNodes: Math.max(2, Math.ceil((signIn.syncGateway * signInsASecond) / assumed.syncGatewayRequestsANode)),
  couchbaseOperations: signIn.couchbase * signInsASecond,
  couchbaseNodes: Math.max(3, Math.ceil((signIn.couchbase * signInsASecond) / assumed.couchbaseOperationsANode)),
})

/** Dollars for a thousand sign-ins at a steady rate, by part. */
export const dollars = (signIn: SignInCost, signInsASecond: number): Record<string, number> => {
  const { syncGatewayNodes, couchbaseNodes } = demand(signIn, signInsASecond)
  const anHour = (perHour: number) => (perHour * 1_000) / (signInsASecond * hour)
  const million = (count: number, price: number) => (count * 1_000 * price) / 1_000_000
  return {
    'Twilio, a minute each': 1_000 * assumed.callDollarsAMinute,
    'Lambda, its time': 1_000 * signIn.gibibyteSeconds * paid.gibibyteSecondDollars,
    'Lambda, its requests': million(signIn.invocations, paid.millionInvocationsDollars),
    'API Gateway': million(signIn.invocations, paid.millionRequestsDollars),
    'logs': (1_000 * signIn.invocations * assumed.logBytesAnInvocation * assumed.logDollarsAGigabyte) / 1e9,
    'secrets': anHour((assumed.secretsStored * assumed.secretDollarsAMonth) / hoursAMonth),
    'Sync Gateway nodes': anHour(syncGatewayNodes * assumed.syncGatewayNodeDollarsAnHour),
    'Couchbase nodes': anHour(couchbaseNodes * assumed.couchbaseNodeDollarsAnHour),
  }
}
