// What the README says of the price of waiting is what the benchmark computes, for the memory that is deployed.
import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { assumed, deployedMegabytes, pollMilliseconds, waitingPrice, waitingPrices } from '../../bench/waiting-price.ts'

test('the README has the table, and says what it assumes', async () => {
  const readme = await readFile(`${import.meta.dirname}/../../README.md`, 'utf8')
  expect(readme).toContain(waitingPrices(await deployedMegabytes()))
  const facts = [assumed.where, assumed.month, `${await deployedMegabytes()} MB`, `$${assumed.gibibyteSecondDollars} a GB-second`, `$${assumed.millionInvocationsDollars} and $${assumed.millionRequestsDollars} a million`, `${pollMilliseconds} ms`]
  for (const fact of facts) expect(readme.replace(/\s+/g, ' ')).toContain(fact)
})

test('a held sign-in runs a function while the person takes their time, and a polled one asks again and again', () => {
  const { held, polled } = waitingPrice(22, 1_024)
  expect(held).toEqual({ requests: 1, runningSeconds: 20, dollars: expect.closeTo(20 * 0.0000166667 + 0.0000012, 10) as unknown })
  expect(polled).toEqual({ requests: 11, runningSeconds: 0.22, dollars: expect.closeTo(0.22 * 0.0000166667 + 11 * 0.0000012, 10) as unknown })
})
