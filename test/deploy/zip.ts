// Reads a zip file by its central directory (PKWARE APPNOTE sections 4.3.7, 4.3.12 and 4.3.16), as Lambda unpacks one.
import { inflateRawSync } from 'node:zlib'

export type Entry = { path: string; mode: number; content: () => Buffer }

const endSignature = 0x06054b50
const entrySignature = 0x02014b50

export const unzipped = (zip: Buffer): Entry[] => {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || zip.readUInt32LE(end) !== endSignature) throw new Error('This is no zip file.')
  const entries: Entry[] = []
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== entrySignature) throw new Error('The central directory is broken.')
    const [nameLength, extraLength, commentLength] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)]
    const [method, size, local] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 42)]
    const content = () => {
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
      const packed = zip.subarray(start, start + size)
      return method === 0 ? packed : inflateRawSync(packed)
    }
    entries.push({ path: zip.toString('utf8', at + 46, at + 46 + nameLength), mode: zip.readUInt32LE(at + 38) >>> 16, content })
    at += 46 + nameLength + extraLength + commentLength
  }
  return entries
}
