// The documents of one bucket, and the rules by which they change; the order of the checks is the one of couchbase/kv_engine.
import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { expiresAt } from './expiry.ts'
import { status } from './status.ts'

/** `expiresAt` and the lock's `until` are milliseconds since 1970; an `expiresAt` of 0 is never. */
export type Document = {
  readonly value: Buffer
  readonly flags: number
  readonly expiresAt: number
  readonly cas: bigint
  readonly sequence: bigint
  readonly revision: number
  readonly modifiedAt: number
  readonly lock: { readonly cas: bigint; readonly until: number } | undefined
}

export type Outcome = { status: number; document?: Document }

/** `expiry` is the field of the wire: seconds from now up to 30 days, seconds since 1970 above that, 0 for never. */
export type Write = { value: Buffer; flags: number; expiry: number; cas: bigint; keepExpiry: boolean }
export type Count = { sign: 1n | -1n; delta: bigint; initial: bigint; expiry: number }

const valueBytesMax = 20 * 1_048_576
const lockSeconds = { standard: 15, max: 30 }
const neverCreate = 0xffff_ffff
const uint64 = (number: bigint) => BigInt.asUintN(64, number)

/** What a reader sees of a locked document's cas: only who locked it knows the one that opens it. */
export const visibleCas = (document: Document) => (document.lock ? uint64(-1n) : document.cas)

export const bucket = (clock: Clock) => {
  const documents = new Map<string, Document>()
  const uuid = randomBytes(8).readBigUInt64BE()
  let lastCas = 0n
  let sequence = 0n

  // Like a real server's: nanoseconds, with a counter in the lowest 16 bits.
  const nextCas = () => {
    const now = (BigInt(Math.floor(clock.now())) * 1_000_000n) & ~0xffffn
    lastCas = now > lastCas ? now : lastCas + 1n
    return lastCas
  }

  const find = (id: string): Document | undefined => {
    const document = documents.get(id)
    if (!document) return undefined
    if (document.expiresAt !== 0 && document.expiresAt <= clock.now()) {
      documents.delete(id)
      return undefined
    }
    return document.lock && document.lock.until <= clock.now() ? { ...document, lock: undefined } : document
  }

  const put = (id: string, old: Document | undefined, fields: Pick<Document, 'value' | 'flags' | 'expiresAt'>): Outcome => {
    sequence += 1n
    const written = { cas: nextCas(), sequence, revision: (old?.revision ?? 0) + 1, modifiedAt: clock.now(), lock: undefined }
    const document = { ...fields, ...written }
    documents.set(id, document)
    return { status: status.success, document }
  }

  const get = (id: string): Outcome => {
    const document = find(id)
    return document ? { status: status.success, document } : { status: status.notFound }
  }

  const store = (id: string, mode: 'set' | 'add' | 'replace', { value, flags, expiry, cas, keepExpiry }: Write): Outcome => {
    const old = find(id)
    if (value.length > valueBytesMax) return { status: status.tooBig }
    if (mode === 'add' && old) return { status: status.exists }
    if (mode === 'replace' && !old) return { status: status.notFound }
    const refusal = writeRefusal(old, cas)
    if (refusal !== undefined) return { status: refusal }
    // A copy, because what came over the wire is a slice of a larger chunk.
    return put(id, old, { value: Buffer.from(value), flags, expiresAt: keepExpiry && old ? old.expiresAt : expiresAt(expiry, clock.now()) })
  }

  const remove = (id: string, cas: bigint): Outcome => {
    const old = find(id)
    if (!old) return { status: status.notFound }
    const refusal = writeRefusal(old, cas)
    if (refusal !== undefined) return { status: refusal }
    documents.delete(id)
    sequence += 1n
    return { status: status.success, document: { ...old, cas: nextCas(), sequence } }
  }

  const join = (id: string, side: 'before' | 'after', value: Buffer, cas: bigint): Outcome => {
    const old = find(id)
    if (!old) return { status: status.notStored }
    const refusal = writeRefusal(old, cas)
    if (refusal !== undefined) return { status: refusal }
    if (old.value.length + value.length > valueBytesMax) return { status: status.tooBig }
    return put(id, old, { ...old, value: Buffer.concat(side === 'before' ? [value, old.value] : [old.value, value]) })
  }

  const count = (id: string, { sign, delta, initial, expiry }: Count): Outcome => {
    const old = find(id)
    if (!old) {
      if (expiry === neverCreate) return { status: status.notFound }
      return put(id, old, { value: Buffer.from(String(initial)), flags: 0, expiresAt: expiresAt(expiry, clock.now()) })
    }
    const current = counterValue(old.value)
    if (current === undefined) return { status: status.deltaInvalid }
    if (old.lock) return { status: status.locked }
    const sum = current + sign * delta
    return put(id, old, { ...old, value: Buffer.from(String(sum < 0n ? 0n : uint64(sum))) })
  }

  const touch = (id: string, expiry: number): Outcome => {
    const old = find(id)
    if (!old) return { status: status.notFound }
    if (old.lock) return { status: status.locked }
    const until = expiresAt(expiry, clock.now())
    return until === old.expiresAt ? { status: status.success, document: old } : put(id, old, { ...old, expiresAt: until })
  }

  const lock = (id: string, seconds: number): Outcome => {
    const old = find(id)
    if (!old) return { status: status.notFound }
    if (old.lock) return { status: status.locked }
    const held = seconds === 0 || seconds > lockSeconds.max ? lockSeconds.standard : seconds
    const document = { ...old, lock: { cas: nextCas(), until: clock.now() + held * 1_000 } }
    documents.set(id, document)
    return { status: status.success, document }
  }

  const unlock = (id: string, cas: bigint): Outcome => {
    const old = find(id)
    if (!old) return { status: status.notFound }
    if (!old.lock) return { status: status.notLocked }
    if (old.lock.cas !== cas) return { status: status.locked }
    documents.set(id, { ...old, lock: undefined })
    return { status: status.success }
  }

  return { uuid, sequence: () => sequence, get, store, remove, join, count, touch, lock, unlock }
}

export type Bucket = ReturnType<typeof bucket>

// A write that holds the cas of the lock goes through, and opens it.
const writeRefusal = (old: Document | undefined, cas: bigint): number | undefined => {
  if (!old) return cas === 0n ? undefined : status.notFound
  if (old.lock) return cas === old.lock.cas ? undefined : status.locked
  return cas === 0n || cas === old.cas ? undefined : status.exists
}

const counterValue = (value: Buffer): bigint | undefined => {
  const text = value.toString('latin1')
  if (!/^\d{1,20}$/.test(text)) return undefined
  const number = BigInt(text)
  return number === uint64(number) ? number : undefined
}
