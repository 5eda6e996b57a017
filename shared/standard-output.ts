// Lines on standard output: written at once by the file descriptor, because opening `process.stdout` costs a cold start 1 to 2 ms.
import { writeSync } from 'node:fs'

// Lambda's pipe waits for room. One that does not, as another process or `process.stdout` may have made it, goes through Node's own queue once it was full.
let isQueued = false

/** A line and its end, whole, and in order with those before. Throws what the system says if standard output is closed. */
export const writeLine = (line: string) => {
  const bytes = Buffer.from(`${line}\n`)
  const rest = isQueued ? bytes : unwritten(bytes)
  if (rest.length > 0) process.stdout.write(rest)
}

/** Writes, and answers what did not fit. */
const unwritten = (bytes: Buffer) => {
  let rest = bytes
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(1, rest))
  } catch (error) {
    if (!isFull(error)) throw error
    isQueued = true
  }
  return rest
}

const isFull = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EAGAIN'
