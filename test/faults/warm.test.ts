// Every request of a sign-in to Sync Gateway, Couchbase and Twilio fails in turn in every way, and then the person signs in again.
// A promise that dangles fails the test as well: Jest ends it at the first rejection that nobody handles.
import { beforeAll, expect, jest, test } from '@jest/globals'
import { everyFault } from './every-fault.ts'
import { firstSignIn, goingOnAndOut, returningSignIn } from './journey.ts'

// The SDK writes there that a bucket did not open.
beforeAll(() => void jest.spyOn(console, 'error').mockImplementation(() => {}))

test.each([
  ['a first sign-in', firstSignIn],
  ['a returning sign-in', returningSignIn],
  ['a device that goes on and signs out', goingOnAndOut],
])('%s leaves nothing wrong behind, whichever request fails, and however', async (name, journey) => {
  const { found, report } = await everyFault(journey)
  process.stdout.write(`${name}: ${report}\n`)
  expect(found).toEqual({})
}, 300_000)
