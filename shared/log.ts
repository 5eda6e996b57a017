// The log: one JSON record a line, with named safe fields and no field that a secret, digit, token or phone number could go into.
import { ConfigurationError } from './configuration-error.ts'
import { embedded, type Metrics } from './metric.ts'
import { UpstreamError } from './upstream-error.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export type LogFields = {
  function?: string
  requestId?: string
  route?: string
  status?: number
  code?: string
  durationMilliseconds?: number
  system?: string
  operation?: string
  failure?: string
  country?: string
  callId?: string
  callState?: string
  reason?: string
  attempt?: number
  userId?: string
  problem?: string
  errorName?: string
  frames?: string[]
}

const order: LogLevel[] = ['debug', 'info', 'warn', 'error']

export type Log = (level: LogLevel, event: string, fields?: LogFields, metrics?: Metrics) => void

export type LoggerConfig = {
  least: LogLevel
  now: () => number
  /** Where CloudWatch puts the metrics. */
  namespace: string
  write: (line: string) => void
}

/** Writes records at or above the least level, and those with metrics at any. CloudWatch takes standard output line by line. */
export const logger = ({ least, now, namespace, write }: LoggerConfig): Log =>
  (level, event, fields = {}, metrics) => {
    if (order.indexOf(level) < order.indexOf(least) && !metrics) return
    const time = now()
    write(JSON.stringify({ time: new Date(time).toISOString(), level, event, ...fields, ...(metrics ? embedded(namespace, metrics, time) : {}) }))
  }

/** One record, by which it is counted for the alarm of that system. */
export const logUpstreamFailure = (log: Log, error: UpstreamError) => log('error', 'upstream_failed', errorFields(error), { UpstreamErrors: 1 })

/** What failed, or else an error's name and where it happened, without a message that is not ours: a parser's quotes what it could not read. */
export const errorFields = (error: unknown): LogFields => {
  if (error instanceof UpstreamError) {
    const { system, operation, failure, status } = error
    return { system, operation, failure, ...(status === undefined ? {} : { status }) }
  }
  if (!(error instanceof Error)) return { errorName: typeof error }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 8).map((line) => line.trim())
  return { errorName: error.name, frames, ...(error instanceof ConfigurationError ? { problem: error.message } : {}) }
}
