// A process with one bundle that answers blocks of events, and tells what they cost it.
import { fork } from 'node:child_process'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'

/** All events, `times` over. */
export type Block = { events: APIGatewayProxyEventV2[]; times: number }
/** CPU of a request; memory after a collection of garbage at the end of the block. */
export type BlockCost = { cpuMilliseconds: number; heapBytes: number; residentBytes: number }

/** Rejects a block in which an answer was not 200. */
export const warmSandbox = (bundle: string, environment: Record<string, string>) => {
  // What is logged goes nowhere: whoever reads it would have to be woken, and that is no cost of the function's.
  const child = fork(`${import.meta.dirname}/warm-process.ts`, [bundle], { env: environment, execArgv: ['--expose-gc'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  return {
    run: (block: Block) =>
      new Promise<BlockCost>((resolve, reject) => {
        const answered = (answer: { cost: BlockCost } | { error: string }) => {
          child.off('exit', ended)
          if ('cost' in answer) resolve(answer.cost)
          else reject(new Error(answer.error))
        }
        const ended = () => reject(new Error(`The sandbox of ${bundle} ended.`))
        child.once('message', answered)
        child.once('exit', ended)
        child.send(block)
      }),
    close: () => child.kill(),
  }
}
