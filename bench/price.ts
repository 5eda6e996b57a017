// node bench/price.ts: the two tables of docs/scale.md.
import { demand, dollars, signInCost, type SignInCost } from './plan.ts'
import { table } from './report.ts'

export const rates = [1, 100, 10_000]

// Sums of fractions are off by a hair.
const whole = (value: number) => Math.ceil(value - 1e-3).toLocaleString('en')
const heads = rates.map((rate) => `${rate.toLocaleString('en')} a second`)

export const demandTable = (signIn: SignInCost) => {
  const plans = rates.map((rate) => demand(signIn, rate))
  const row = (name: string, of: (plan: (typeof plans)[number]) => number) => [name, ...plans.map((plan) => whole(of(plan)))]
  return table(['sign-ins', ...heads], [
    row('functions that run at once', ({ concurrency }) => concurrency),
    row('requests a second at API Gateway', ({ apiRequests }) => apiRequests),
    row('calls a second at Twilio', ({ callsASecond }) => callsASecond),
    row('calls at once', ({ callsAtOnce }) => callsAtOnce),
    row('requests a second at Sync Gateway', ({ syncGatewayRequests }) => syncGatewayRequests),
    row('Sync Gateway nodes', ({ syncGatewayNodes }) => syncGatewayNodes),
    row('Couchbase operations a second', ({ couchbaseOperations }) => couchbaseOperations),
    row('Couchbase nodes', ({ couchbaseNodes }) => couchbaseNodes),
  ])
}

export const priceTable = (signIn: SignInCost) => {
  const prices = rates.map((rate) => dollars(signIn, rate))
  const money = (value: number) => `$${value.toFixed(3)}`
  const total = prices.map((price) => Object.values(price).reduce((sum, value) => sum + value, 0))
  return table(['dollars for a thousand', ...heads], [
    ...Object.keys(prices[0] ?? {}).map((part) => [part, ...prices.map((price) => money(price[part] ?? NaN))]),
    ['all', ...total.map(money)],
  ])
}

if (import.meta.main) {
  const signIn = await signInCost()
  console.log(`${demandTable(signIn)}\n\n${priceTable(signIn)}`)
}
