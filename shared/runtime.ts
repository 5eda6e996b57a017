// What a function is given by the world around it: its settings, the time, chance, and a place to log.
import { randomBytes } from 'node:crypto'
import { processEnvironment } from './configuration.ts'
import { writeLine } from './standard-output.ts'

export type Runtime = {
  environment: () => Readonly<Record<string, string | undefined>>
  /** Milliseconds since 1970. */
  now: () => number
  /** So many bytes that nobody can guess. */
  random: (bytes: number) => Buffer
  /** Takes one line of the log. */
  write: (line: string) => void
}

/** Whole seconds since 1970, as documents, tokens and an `_exp` have them. */
export const nowSeconds = ({ now }: Runtime) => Math.floor(now() / 1000)

export const lambda: Runtime = {
  environment: processEnvironment,
  now: () => Date.now(),
  random: (bytes) => randomBytes(bytes),
  // Lambda's console puts words of its own before a line, and CloudWatch then finds no metrics in it.
  write: writeLine,
}
