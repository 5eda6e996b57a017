// Every request with which functions start up, for their secrets and to connect to Couchbase, fails in turn in every way, and then the person signs in again.
// A promise that dangles fails the test as well: Jest ends it at the first rejection that nobody handles.
import { beforeAll, expect, jest, test } from '@jest/globals'
import { everyFault } from './every-fault.ts'
import { startingUp } from './journey.ts'

// The SDK writes there that a bucket did not open.
beforeAll(() => void jest.spyOn(console, 'error').mockImplementation(() => {}))

test.each(['start-call', 'receive-callback', 'issue-jwt', 'create-session'])('%s, starting up, leaves nothing wrong behind, whichever request fails, and however', async (name) => {
  const { found, report } = await everyFault(startingUp(name))
  process.stdout.write(`${name}, starting up: ${report}\n`)
  expect(found).toEqual({})
}, 300_000)
