// Sixty-four sandboxes of every function in four processes, that take the events in turn as Lambda's do.
import { fork, type ChildProcess } from 'node:child_process'
import type { Taker } from './stage.ts'

type Answer = Awaited<ReturnType<Taker>>
type Told = { id: number; answer?: Answer; error?: string }

const processes = 4

export const fleet = (sandboxes: number, bundleOf: (functionName: string) => string, environment: Record<string, string>) => {
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>()
  const children = Array.from({ length: processes }, () => started(environment, ({ id, answer, error }) => {
    const { resolve, reject } = waiting.get(id) ?? {}
    waiting.delete(id)
    if (error === undefined) resolve?.(answer)
    else reject?.(new Error(error))
  }))
  let count = 0
  const invoke = (functionName: string): Taker => (event) =>
    new Promise((resolve, reject) => {
      const id = count++
      const sandbox = id % sandboxes
      waiting.set(id, { resolve, reject })
      children[sandbox % processes]!.send({ id, sandbox, file: bundleOf(functionName), event })
    })
  return {
    invoke,
    close: () => {
      for (const child of children) child.kill()
    },
  }
}

const started = (environment: Record<string, string>, told: (answer: Told) => void): ChildProcess => {
  const child = fork(`${import.meta.dirname}/fleet-process.ts`, { env: environment, execArgv: [], silent: true })
  child.stdout?.resume()
  child.stderr?.pipe(process.stderr)
  return child.on('message', told)
}
