// What a request carries in its framing extras: a durability level, and the wish to keep the expiry.
import { status } from './status.ts'

export type FrameInfo = { durable: boolean; keepExpiry: boolean }

const id = { barrier: 0, durability: 1, preserveExpiry: 5 } as const

/**
 * The wishes of a request, or the status that refuses them. Each entry is a byte of id and length, four bits each, where
 * 15 means that another byte is added (couchbase/kv_engine, docs/BinaryProtocol.md).
 */
export const frameInfo = (framing: Buffer, allowed: FrameInfo): FrameInfo | number => {
  const info = { durable: false, keepExpiry: false }
  for (const entry of entries(framing)) {
    if (!entry) return status.invalid
    if (entry.id === id.durability) {
      const refusal = durabilityRefusal(entry.content)
      if (refusal !== undefined) return refusal
      if (!allowed.durable) return status.invalid
      info.durable = true
    } else if (entry.id === id.preserveExpiry) {
      if (entry.content.length > 0) return status.invalid
      if (!allowed.keepExpiry) return status.notSupported
      info.keepExpiry = true
    } else if (entry.id !== id.barrier) return status.unknownFrameInfo
    else if (entry.content.length > 0) return status.invalid
  }
  return info
}

const durabilityRefusal = (content: Buffer): number | undefined => {
  if (content.length !== 1 && content.length !== 3) return status.invalid
  const level = content.readUInt8(0)
  if (level > 3) return status.durabilityLevelInvalid
  return level === 0 ? status.invalid : undefined
}

// The entries in order; after undefined, which stands for one that is cut off, nothing can be read any more.
function* entries(framing: Buffer): Generator<{ id: number; content: Buffer } | undefined, void> {
  let at = 0
  const extended = (nibble: number) => (nibble < 15 ? nibble : 15 + (framing[at++] ?? Infinity))
  while (at < framing.length) {
    const first = framing.readUInt8(at++)
    const entryId = extended(first >> 4)
    const end = extended(first & 15) + at
    const whole = entryId < Infinity && end <= framing.length
    yield whole ? { id: entryId, content: framing.subarray(at, end) } : undefined
    at = end
  }
}
