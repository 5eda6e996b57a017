// A thousand sign-ins in flight, and what is left of them.
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { MessageChannel, Worker } from 'node:worker_threads'
import { expect, test } from '@jest/globals'
import { app } from '../app.ts'
import { signIn } from '../faults/walk.ts'
import { ledger } from '../ledger.ts'
import { world, type World } from '../world.ts'

const numbers = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${1_000 + index}`).filter(isOrdinary)
// 555-1212 is directory assistance.
const isOrdinary = (number: string) => !number.endsWith('5551212')

const everybody = async (here: World, people: string[]) => {
  const person = app(here)
  const walks = await Promise.all(people.map((number) => signIn(person, number)))
  expect(walks.flatMap(({ answers }) => answers).filter(({ answer }) => answer.status !== 200)).toEqual([])
  return walks.map(({ session }) => session?.json['profile'])
}

test('a thousand sign-ins in flight are a thousand accounts, without an error or a duplicate', async () => {
  const here = await world()
  try {
    const people = numbers('+1202556', 1_000)
    expect(new Set(await everybody(here, people)).size).toBe(1_000)
    expect(await ledger(here.places['sync-gateway-admin']).problems()).toEqual([])
  } finally {
    await here.close()
  }
}, 300_000)

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** A world whose stand-ins have a memory of their own. */
const apart = async () => {
  const { port1: port, port2 } = new MessageChannel()
  const thread = new Worker(`${import.meta.dirname}/stand-ins.ts`, { workerData: { port: port2 }, transferList: [port2] })
  const around = await new Promise<Record<string, string>>((resolve, reject) => {
    port.once('message', resolve)
    thread.once('error', reject)
  })
  const given = Object.fromEntries(['SYNC_GATEWAY_ADMIN_URL', 'SYNC_GATEWAY_PUBLIC_URL', 'COUCHBASE_URL', 'TWILIO_API_URL'].map((name) => [name, around[name]]))
  const here = await world({ given })
  const close = async () => {
    await here.close()
    await thread.terminate()
  }
  return { ...here, close }
}

test('the functions keep nothing of a sign-in that is over', async () => {
  const here = await apart()
  const groups = ['+1416556', '+1416557', '+1416558'].map((prefix) => numbers(prefix, 50))
  const bytesAfter = async (rounds: number, people: string[]) => {
    for (let round = 0; round < rounds; round++) await everybody(here, people)
    here.log.length = 0
    collect()
    await setImmediate()
    collect()
    return process.memoryUsage().heapUsed
  }
  try {
    let before = await bytesAfter(4, groups[0]!)
    const growths: number[] = []
    for (const people of groups) {
      const after = await bytesAfter(5, people)
      growths.push((after - before) / (5 * people.length))
      before = after
    }
    // What is kept of each is kept every time; compiled code and connections that wait come once.
    expect(Math.min(...growths)).toBeLessThan(3_000)
  } finally {
    await here.close()
  }
}, 300_000)
