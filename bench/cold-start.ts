// Cold starts: every contender in turn, round after round, each in a process of its own, and how they compare with hello world.
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { bundles, type Bundles } from './bundles.ts'
import { coldSandbox, type FirstAnswer, type SandboxOptions } from './cold-sandbox.ts'
import { helloWorld, otherContenders, ourContenders, type Contender } from './contenders.ts'
import { bundlePeer, installPeers, runtimeHere, versionsIn, type Runtime } from './peers.ts'
import { table, type Section } from './report.ts'
import { stage, type Stage } from './stage.ts'
import { best, median, shuffled } from './statistics.ts'

// Thrown away: by then the stand-ins are as warm as servers are.
const roundsBefore = 5
// In each round, because whatever the first contender's median is off, every ratio is.
const turnsOfHello = 4

export type Measured = Contender & { bytes: number; answers: FirstAnswer[] }

const peerNames = ['middy-sdk', 'better-auth', 'oidc-provider', 'express-twilio']

/** `rounds` are those that count. */
export const coldStart = async ({ rounds }: { rounds: number }): Promise<Section> => {
  const versions = `Ours have ${(await versionsIn(`${import.meta.dirname}/..`)).join(', ')}; the peers ${(await versionsIn()).join(', ')}.`
  return among(async ({ hello, ours, here, made, runtime }) => {
    const peers = Object.fromEntries(await Promise.all(peerNames.map(async (name) => [name, await bundlePeer(name, `${made.folder}/peers`)] as const)))
    const files: Record<string, string> = { ...peers, floor: await made.own('floor') }
    const measured = await measure([hello, ...ours, ...otherContenders(here, (name) => files[name]!, await here.keys())], { runtime: runtime.file, rounds })
    return sectionOf(measured, { runtime: runtime.name, rounds, versions })
  })
}

type Arena = { hello: Contender; ours: Contender[]; here: Stage; made: Bundles; runtime: Runtime }

/** Runs with ours and with whom they are compared, and with all that they need. */
export const among = async <T>(run: (arena: Arena) => Promise<T>): Promise<T> => {
  await installPeers()
  const runtime = await runtimeHere()
  const made = await bundles()
  const here = await stage()
  try {
    return await run({ hello: helloWorld(await bundlePeer('hello', `${made.folder}/peers`)), ours: ourContenders(here, made.of), here, made, runtime })
  } finally {
    await here.close()
    await made.remove()
  }
}

/** Hello world first. */
export const measure = async (contenders: Contender[], { rounds, ...options }: SandboxOptions & { rounds: number }): Promise<Measured[]> => {
  const measured = await Promise.all(contenders.map(async (contender) => ({ ...contender, bytes: await codeBytes(contender.bundle), answers: [] as FirstAnswer[] })))
  const turns = [...measured, ...Array.from({ length: turnsOfHello - 1 }, () => measured[0]!)]
  for (let round = 0; round < roundsBefore + rounds; round++) {
    // Whoever comes after a large one finds the processor's caches full of it.
    for (const { run, answers, name } of shuffled(turns)) {
      await run(async (sandboxed, event) => {
        const first = await coldSandbox(options, sandboxed, event)
        if (first.answer.statusCode !== 200) throw new Error(`${name} answered ${JSON.stringify(first.answer)}`)
        if (round >= roundsBefore) answers.push(first)
        return first
      })
    }
  }
  return measured
}

/** Of the bundle, and of the file beside it that it loads at once; what it loads later is not counted. */
const codeBytes = async (bundle: string) => {
  const names = (await readdir(dirname(bundle))).filter((name) => name === basename(bundle) || name === 'function.cjs')
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(dirname(bundle), name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

const sectionOf = (measured: Measured[], { runtime, rounds, versions }: { runtime: string; rounds: number; versions: string }): Section => {
  const hello = measured[0]!
  const of = ({ answers }: Measured, what: 'milliseconds' | 'cpuMilliseconds' | 'peakMebibytes') => median(answers.map((answer) => answer[what]))
  const ratio = (one: Measured, what: 'milliseconds' | 'cpuMilliseconds') => of(one, what) / of(hello, what)
  // The more tries, the better the best of them: hello world has no more than others.
  const bestOf = ({ answers }: Measured) => best(answers.filter((_, index) => index % (answers.length / rounds) === 0).map(({ milliseconds }) => milliseconds))
  const rows = measured.map((one) => [
    one.name, one.does, ...[ratio(one, 'milliseconds'), bestOf(one) / bestOf(hello), ratio(one, 'cpuMilliseconds')].map((value) => value.toFixed(2)),
    ...[of(one, 'milliseconds'), bestOf(one), of(one, 'cpuMilliseconds'), of(one, 'peakMebibytes'), one.bytes / 1_024].map((value) => value.toFixed(0)),
  ])
  return {
    title: 'Cold start',
    text: [
      `From the start of a process to its first answer, by ${runtime} against a Runtime API on this machine: medians of ${rounds} rounds after ${roundsBefore} that are not counted, in which all take turns, each time in another order; hello world, to which the ratios are, ${turnsOfHello} times a round.`,
      table(['', 'its first answer', 'ratio', 'ratio of bests', 'ratio of CPU', 'ms', 'best ms', 'CPU ms', 'peak MiB', 'bundle KiB'], rows),
      'CPU is that of the threads which live at the answer. The floor is a session by jose and node:http, without secrets, edge, checks and log; create-session does all of that, with sockets and signatures of its own. Everything is plain HTTP, as the budgets mean it, unless it says TLS: by that Secrets Manager is always asked in AWS.',
      couchbaseText(measured),
      versions,
    ].join('\n\n'),
    budgets: measured.flatMap((one) => (one.limit === undefined ? [] : [{ name: `cold start of ${one.name}, in hello worlds`, limit: one.limit, value: ratio(one, 'milliseconds') }])),
  }
}

const couchbaseText = (measured: Measured[]) => {
  const milliseconds = (name: string) => median(measured.find((one) => one.name === name)?.answers.map((answer) => answer.milliseconds) ?? [])
  const added = milliseconds('start-call with the Couchbase SDK') - milliseconds('start-call')
  return `Loading the Couchbase SDK, which a sandbox does as it starts, connecting and counting five limits add ${added.toFixed(0)} ms to the first call of a sandbox that places one.`
}
