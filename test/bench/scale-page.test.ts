// docs/scale.md says what the command says, and what the settings of the deployment are.
import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { demand, dollars, signInCost, type SignInCost } from '../../bench/plan.ts'
import { demandTable, priceTable } from '../../bench/price.ts'

test('the page has the two tables as they are computed now', async () => {
  const page = await readFile(`${import.meta.dirname}/../../docs/scale.md`, 'utf8')
  const signIn = await signInCost()
  expect(page).toContain(`\n${demandTable(signIn)}\n`)
  expect(page).toContain(`\n${priceTable(signIn)}\n`)
})

const signIn: SignInCost = { invocations: 10, lambdaSeconds: 0.5, gibibyteSeconds: 0.25, syncGateway: 20, couchbase: 65, calls: 1 }

test('what runs and waits at once is the rate times the time', () =>
  expect(demand(signIn, 100)).toMatchObject({ concurrency: 50, apiRequests: 1_000, callsASecond: 100, callsAtOnce: 2_000, syncGatewayRequests: 2_000, couchbaseOperations: 6_500 }))

test.each([[1, 2, 3], [100, 2, 3], [200, 2, 3], [201, 3, 3], [10_000, 100, 33]])('%i sign-ins a second take %i and %i nodes, of which one may fail', (rate, syncGatewayNodes, couchbaseNodes) =>
  expect(demand(signIn, rate)).toMatchObject({ syncGatewayNodes, couchbaseNodes }))

test('what is paid by the hour is shared by those who sign in, and what is paid for each is not', () => {
  const [one, hundred] = [dollars(signIn, 1), dollars(signIn, 100)]
  expect(one['Sync Gateway nodes']).toBeCloseTo(100 * hundred['Sync Gateway nodes']!)
  expect(one['API Gateway']).toBe(hundred['API Gateway'])
  expect(one['API Gateway']).toBeCloseTo(0.01)
  expect(one['Twilio, a minute each']).toBe(14)
})
