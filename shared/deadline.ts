// How long an invocation may take.
import type { Context } from 'aws-lambda'

const longestMilliseconds = 27_000
// What is left before Lambda ends the sandbox, so that there is time to answer.
const answerMilliseconds = 1_000

/** Milliseconds from now until this invocation should have answered. */
export const millisecondsLeft = (context: Context) => Math.max(0, Math.min(longestMilliseconds, context.getRemainingTimeInMillis() - answerMilliseconds))
