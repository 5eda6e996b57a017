// A sandbox of Lambda from nothing: starts the runtime over a bundle, gives it one event, and takes its first answer.
import { spawn } from 'node:child_process'
import { basename, dirname } from 'node:path'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { processCost, type ProcessCost } from './process-cost.ts'
import { runtimeApi } from './runtime-api.ts'

export type Sandboxed = {
  /** Exports `handler`. */
  bundle: string
  /** All that the process gets, besides what Lambda adds. */
  environment: Readonly<Record<string, string>>
}
/** From the start of the process until it asked for an event and to its answer, and what it had used by then. */
export type FirstAnswer = ProcessCost & { startMilliseconds: number; milliseconds: number; answer: APIGatewayProxyStructuredResultV2 }

export type SandboxOptions = {
  /** The file of the runtime. */
  runtime: string
  /** Is told of the process before it gets its event. */
  started?: (pid: number) => Promise<void>
}

const secondsMax = 60

/** Rejects with what the sandbox said if it answered nothing. */
export const coldSandbox = async ({ runtime, started }: SandboxOptions, { bundle, environment }: Sandboxed, event: unknown): Promise<FirstAnswer> => {
  let startMilliseconds = NaN
  const api = await runtimeApi(event, async () => {
    startMilliseconds = performance.now() - begun
    await started?.(child.pid ?? 0)
  })
  const folder = dirname(bundle)
  const handler = `${basename(bundle).replace(/\.[cm]?js$/, '')}.handler`
  const begun = performance.now()
  const child = spawn(process.execPath, [runtime, handler], {
    cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: secondsMax * 1_000, env: { ...environment, ...lambdaEnvironment(api.host, folder, handler) },
  })
  const said: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`The sandbox of ${bundle} ended without an answer.`)))
  })
  try {
    const answer = await Promise.race([api.answer, ended])
    const milliseconds = performance.now() - begun
    return { startMilliseconds, milliseconds, ...processCost(child.pid ?? 0), answer: JSON.parse(answer) as APIGatewayProxyStructuredResultV2 }
  } catch (cause) {
    throw new Error(`${bundle}: ${Buffer.concat(said).toString()}`, { cause })
  } finally {
    ended.catch(() => undefined)
    child.kill('SIGKILL')
    await api.close()
  }
}

const lambdaEnvironment = (host: string, folder: string, handler: string) => ({
  AWS_LAMBDA_RUNTIME_API: host,
  LAMBDA_TASK_ROOT: folder,
  _HANDLER: handler,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/bench',
  AWS_LAMBDA_LOG_STREAM_NAME: 'bench',
  TZ: ':UTC',
})
