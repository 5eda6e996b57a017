// The log: one JSON record a line, with named safe fields and no field that a secret, digit, token or phone number could go into.

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

export type Log = (level: LogLevel, event: string, fields?: LogFields) => void

/** Writes records at or above the least level. CloudWatch takes standard output line by line. */
export const logger = ({ least, now, write = (line: string) => console.log(line) }: { least: LogLevel; now: () => number; write?: (line: string) => void }): Log =>
  (level, event, fields = {}) => {
    if (order.indexOf(level) >= order.indexOf(least)) write(JSON.stringify({ time: new Date(now()).toISOString(), level, event, ...fields }))
  }

/** An error's name and where it happened, without its message: a parser's message quotes what it could not read. */
export const errorFields = (error: unknown): LogFields =>
  error instanceof Error
    ? { errorName: error.name, frames: (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 8).map((line) => line.trim()) }
    : { errorName: typeof error }
