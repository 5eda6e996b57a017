// Ends a run with one line that a person and a CI can read: N passed, N failed. A file that cannot be loaded counts as one failure.
import type { AggregatedResult, Reporter } from '@jest/reporters'

export default class ClosingLine implements Pick<Reporter, 'onRunComplete'> {
  onRunComplete(_contexts: unknown, results: AggregatedResult) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const skipped = results.numPendingTests + results.numTodoTests
    // Written by hand and last: jest's own summary goes to standard error.
    process.on('exit', () => process.stdout.write(`${results.numPassedTests} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`))
  }
}
