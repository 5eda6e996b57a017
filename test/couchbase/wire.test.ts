// The stand-in byte by byte: frames in pieces and in heaps, requests that no SDK sends, and garbage.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { couchbase } from '../../local/couchbase/couchbase.ts'
import { opcode } from '../../local/couchbase/opcode.ts'
import type { Running } from '../../local/server.ts'
import { frame, rawClient, type Frame } from './raw-client.ts'

let running: Running
beforeAll(async () => {
  running = await couchbase({ buckets: ['b'], collections: ['app.users'], logins: [{ username: 'u', password: 'p' }] })
})
afterAll(() => running.close())

const login: Frame = { opcode: opcode.saslAuth, key: 'PLAIN', value: '\0u\0p' }
const select: Frame = { opcode: opcode.selectBucket, key: 'b' }
const hello = (...features: number[]): Frame => ({ opcode: opcode.hello, value: Buffer.from(features.flatMap((one) => [0, one])) })
const collectionsFeature = 0x12
const mutationExtras = Buffer.alloc(8)
const counterExtras = (delta: bigint, initial: bigint, expiry = 0) => {
  const extras = Buffer.alloc(20)
  extras.writeBigUInt64BE(delta, 0)
  extras.writeBigUInt64BE(initial, 8)
  extras.writeUInt32BE(expiry, 16)
  return extras
}

const ready = async (...first: Frame[]) => {
  const client = await rawClient(running.port)
  for (const one of [...first, login, select]) expect((await client.ask(one))?.status).toBe(0)
  return client
}

describe('frames', () => {
  test('a request that comes byte by byte is answered once it is whole', async () => {
    const client = await rawClient(running.port)
    for (const byte of frame({ ...login, opaque: 7 })) client.write(Buffer.from([byte]))
    expect(await client.answers(1)).toMatchObject([{ opcode: opcode.saslAuth, status: 0, opaque: 7 }])
    client.close()
  })

  test('requests in one heap are answered in their order', async () => {
    const client = await ready()
    const numbers = Array.from({ length: 200 }, (_, index) => index)
    client.write(Buffer.concat(numbers.map((opaque) => frame({ opcode: opcode.increment, key: 'heap', extras: counterExtras(1n, 0n), opaque }))))
    const answers = await client.answers(200)
    expect(answers.map(({ opaque, value }) => [opaque, Number(value.readBigUInt64BE())])).toEqual(numbers.map((number) => [number, number]))
    client.close()
  })

  test('a request cut in two between two others is none the less one', async () => {
    const client = await ready()
    const bytes = Buffer.concat([1, 2, 3].map((opaque) => frame({ opcode: opcode.noop, opaque })))
    client.write(bytes.subarray(0, 30))
    expect(await client.answers(1)).toMatchObject([{ opaque: 1 }])
    client.write(bytes.subarray(30))
    expect(await client.answers(2)).toMatchObject([{ opaque: 2 }, { opaque: 3 }])
    client.close()
  })

  test.each([
    ['an unknown magic', Buffer.alloc(24, 0x47)],
    ['a body shorter than its parts', (() => { const bytes = frame({ opcode: opcode.get, key: 'key' }); bytes.writeUInt32BE(2, 8); return bytes })()],
    ['a body of four gigabytes', (() => { const bytes = frame({ opcode: opcode.set }); bytes.writeUInt32BE(0xffff_ffff, 8); return bytes })()],
  ])('%s ends the connection, after what came before it is answered', async (_, garbage) => {
    const client = await rawClient(running.port)
    client.write(Buffer.concat([frame({ opcode: opcode.noop, opaque: 9 }), garbage]))
    expect(await client.answers(2)).toMatchObject([{ opaque: 9 }])
    await client.closed
  })

  test('garbage never harms anybody else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 24, maxLength: 200 }), async (bytes) => {
        const client = await rawClient(running.port)
        client.write(Buffer.from(bytes))
        const other = await rawClient(running.port)
        expect((await other.ask({ opcode: opcode.noop }))?.status).toBe(0)
        client.close()
        other.close()
      }),
      { numRuns: 100 },
    )
  })

  test('whatever a whole request holds, it is answered', async () => {
    const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array))
    const anything = fc.record({
      opcode: fc.oneof(fc.constantFrom(...Object.values(opcode)), fc.integer({ min: 0, max: 255 })),
      framing: bytes(20),
      extras: fc.oneof(bytes(24), fc.constantFrom(0, 1, 4, 8, 20).map((length) => Buffer.alloc(length))),
      key: fc.oneof(bytes(40).map((key) => key.toString('latin1')), fc.constantFrom('\0key', 'SCRAM-SHA1', 'PLAIN', 'b')),
      value: fc.oneof(bytes(60), fc.constantFrom('n,,n=u,r=1', 'c=biws,r=1,p=', '\0u\0p', 'app.users', '5')),
      cas: fc.constantFrom(0n, 1n),
      datatype: fc.constantFrom(0, 1, 2),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 20 }), async (requests) => {
        const client = await ready(hello(collectionsFeature))
        client.write(Buffer.concat(requests.map((request, opaque) => frame({ ...request, opaque }))))
        const answers = await client.answers(requests.length)
        expect(answers.map((answer) => [answer.opcode, answer.opaque])).toEqual(requests.map((request, opaque) => [request.opcode, opaque]))
        client.close()
      }),
      { numRuns: 100 },
    )
  })
})

describe('rights', () => {
  test.each(['get', 'increment', 'selectBucket', 'clusterConfig', 'collectionId', 'observeSequence'] as const)('%s before login is refused', async (name) => {
    const client = await rawClient(running.port)
    expect(await client.ask({ opcode: opcode[name], key: name === 'selectBucket' ? 'b' : 'key' })).toMatchObject({ status: 0x24 })
    client.close()
  })

  test('a document without a bucket is refused', async () => {
    const client = await rawClient(running.port)
    await client.ask(login)
    expect(await client.ask({ opcode: opcode.get, key: 'key' })).toMatchObject({ status: 0x08 })
    client.close()
  })

  test('a login that fails ends the one before it', async () => {
    const client = await ready()
    expect(await client.ask({ ...login, value: '\0u\0wrong' })).toMatchObject({ status: 0x20 })
    expect(await client.ask({ opcode: opcode.get, key: 'key' })).toMatchObject({ status: 0x24 })
    client.close()
  })

  test.each([
    ['an unknown mechanism', { opcode: opcode.saslAuth, key: 'GSSAPI' }, 0x20],
    ['a SCRAM message that makes no sense', { opcode: opcode.saslAuth, key: 'SCRAM-SHA512', value: 'n' }, 0x04],
    ['a second step without a first', { opcode: opcode.saslStep, key: 'SCRAM-SHA512', value: 'c=biws,r=1,p=AAAA' }, 0x04],
  ])('%s is refused', async (_, request, status) => {
    const client = await rawClient(running.port)
    expect(await client.ask(request)).toMatchObject({ status })
    client.close()
  })
})

describe('what a request may carry', () => {
  const set: Frame = { opcode: opcode.set, key: 'carried', extras: mutationExtras, value: '1' }
  test.each<[string, Frame, number]>([
    ['an increment with a cas', { opcode: opcode.increment, key: 'carried', extras: counterExtras(1n, 1n), cas: 1n }, 0x04],
    ['an increment with a value', { opcode: opcode.increment, key: 'carried', extras: counterExtras(1n, 1n), value: '1' }, 0x04],
    ['an increment without its extras', { opcode: opcode.increment, key: 'carried' }, 0x04],
    ['a get with extras', { opcode: opcode.get, key: 'carried', extras: Buffer.alloc(4) }, 0x04],
    ['an add with a cas', { ...set, opcode: opcode.add, cas: 1n }, 0x04],
    ['a set with a cas of a document that is not there', { ...set, key: 'absent', cas: 1n }, 0x01],
    ['an unlock without a cas', { opcode: opcode.unlock, key: 'carried' }, 0x04],
    ['no key', { ...set, key: '' }, 0x04],
    ['a datatype that was not granted', { ...set, datatype: 2 }, 0x04],
    ['an unknown opcode', { opcode: 0x77 }, 0x81],
    ['a majority', { ...set, framing: Buffer.from([0x11, 1]) }, 0x00],
    ['a majority with a timeout', { ...set, framing: Buffer.from([0x13, 1, 0, 100]) }, 0x00],
    ['an unknown durability level', { ...set, framing: Buffer.from([0x11, 4]) }, 0xa0],
    ['no durability level', { ...set, framing: Buffer.from([0x11, 0]) }, 0x04],
    ['a durable read', { opcode: opcode.get, key: 'carried', framing: Buffer.from([0x11, 1]) }, 0x04],
    ['a kept expiry and a majority', { ...set, framing: Buffer.from([0x11, 1, 0x50]) }, 0x00],
    ['a read that keeps the expiry', { opcode: opcode.get, key: 'carried', framing: Buffer.from([0x50]) }, 0x83],
    ['framing extras that are cut off', { ...set, framing: Buffer.from([0x13, 1]) }, 0x04],
    ['framing extras nobody knows', { ...set, framing: Buffer.from([0xe0]) }, 0x80],
    ['framing extras with a long id nobody knows', { ...set, framing: Buffer.from([0xf1, 5, 0]) }, 0x80],
  ])('%s', async (_, request, status) => {
    const client = await ready()
    expect(await client.ask(request)).toMatchObject({ opcode: request.opcode, status })
    client.close()
  })
})

describe('features', () => {
  test('only what is asked for and known is granted', async () => {
    const client = await rawClient(running.port)
    expect((await client.ask(hello(0x0a, 0x12, 0x99, 0x04)))?.value).toEqual(Buffer.from([0, 0x12, 0, 0x04]))
    client.close()
  })

  test('mutation tokens come only where they were asked for', async () => {
    const set: Frame = { opcode: opcode.set, key: '\0token', extras: mutationExtras, value: '1' }
    const without = await ready(hello(collectionsFeature))
    expect((await without.ask(set))?.extras).toHaveLength(0)
    const withTokens = await ready(hello(collectionsFeature, 0x04))
    expect((await withTokens.ask(set))?.extras).toHaveLength(16)
    without.close()
    withTokens.close()
  })

  test('a key names its collection only where collections were granted', async () => {
    const plain = await ready()
    await plain.ask({ opcode: opcode.set, key: 'shared', extras: mutationExtras, value: '1' })
    const prefixed = await ready(hello(collectionsFeature))
    expect(await prefixed.ask({ opcode: opcode.get, key: '\0shared' })).toMatchObject({ status: 0 })
    expect(await prefixed.ask({ opcode: opcode.get, key: '\x08shared' })).toMatchObject({ status: 0x01 })
    plain.close()
    prefixed.close()
  })

  test.each([
    ['a collection nobody made', '\x09key', 0x88],
    ['a prefix alone', '\0', 0x04],
    ['a prefix that does not end', '\xff\xff\xff\xff\xff\xff', 0x04],
    ['a prefix longer than it must be', '\x88\0key', 0x04],
    ['246 bytes in a named collection', `\x08${'k'.repeat(246)}`, 0x01],
    ['247 bytes in a named collection', `\x08${'k'.repeat(247)}`, 0x04],
  ])('%s', async (_, key, status) => {
    const client = await ready(hello(collectionsFeature))
    expect(await client.ask({ opcode: opcode.get, key })).toMatchObject({ status })
    client.close()
  })

  test.each([
    ['app.users', 0, 8],
    ['_default._default', 0, 0],
    ['.', 0, 0],
    ['app.nobody', 0x88, undefined],
    ['nowhere.users', 0x8c, undefined],
    ['users', 0x04, undefined],
  ])('the collection %s: status %i, id %p', async (value, status, id) => {
    const client = await ready(hello(collectionsFeature))
    const answer = await client.ask({ opcode: opcode.collectionId, value })
    expect([answer?.status, answer?.extras.length === 12 ? answer.extras.readUInt32BE(8) : undefined]).toEqual([status, id])
    client.close()
  })
})
