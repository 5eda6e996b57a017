// Starts a bundle as Lambda does, and tells what it asked its environment for, and how much memory it took.
import { fork } from 'node:child_process'

type Answer = { id: number; result?: unknown; error?: string; asked: string[]; peakKilobytes: number }

export const sandbox = (file: string, environment: Record<string, string>) => {
  const output: string[] = []
  const child = fork(`${import.meta.dirname}/sandbox-process.ts`, [file], { env: environment, execArgv: [], silent: true })
  child.stdout?.on('data', (text: Buffer) => output.push(text.toString()))
  child.stderr?.on('data', (text: Buffer) => output.push(text.toString()))
  const waiting = new Map<number, (answer: Answer) => void>()
  let asked: string[] = []
  let peakKilobytes = 0
  let count = 0
  child.on('message', (answer: Answer) => {
    asked = answer.asked
    peakKilobytes = answer.peakKilobytes
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  child.on('exit', () => {
    for (const [id, answer] of waiting) answer({ id, error: output.join(''), asked, peakKilobytes })
  })
  return {
    invoke: async (event: unknown) => {
      const id = ++count
      const answer = await new Promise<Answer>((resolve) => {
        waiting.set(id, resolve)
        child.send({ id, event })
      })
      if (answer.error !== undefined) throw new Error(answer.error)
      return answer.result
    },
    asked: () => asked,
    peakMegabytes: () => peakKilobytes / 1_024,
    log: () => output.join('').split('\n').filter(Boolean),
    close: () =>
      new Promise<void>((resolve) => {
        child.once('exit', () => resolve())
        child.kill()
      }),
  }
}

export type Sandbox = ReturnType<typeof sandbox>
