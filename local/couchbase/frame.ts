// Frames of the key-value protocol: 24 bytes of header, then framing extras, extras, key and value.

export type Request = {
  opcode: number
  framing: Buffer
  extras: Buffer
  key: Buffer
  value: Buffer
  datatype: number
  opaque: number
  cas: bigint
}

export type Reply = { status: number; extras?: Buffer; value?: Buffer; cas?: bigint; datatype?: number }

const headerBytes = 24
const frameBytesMax = 30 * 1_048_576 // A real server ends a connection that announces more.
const magic = { request: 0x80, requestWithFraming: 0x08, reply: 0x81 } as const

export const encodeReply = ({ opcode, opaque }: Request, { status, extras, value, cas = 0n, datatype = 0 }: Reply): Buffer => {
  const header = Buffer.alloc(headerBytes)
  header[0] = magic.reply
  header[1] = opcode
  header[4] = extras?.length ?? 0
  header[5] = datatype
  header.writeUInt16BE(status, 6)
  header.writeUInt32BE((extras?.length ?? 0) + (value?.length ?? 0), 8)
  header.writeUInt32BE(opaque, 12)
  header.writeBigUInt64BE(cas, 16)
  return Buffer.concat([header, extras ?? Buffer.alloc(0), value ?? Buffer.alloc(0)])
}

/** Splits a stream of bytes into requests. After `malformed` the stream makes no sense any more and must end. */
export const frameReader = () => {
  let chunks: Buffer[] = []
  let bytes = 0
  let bytesWanted = headerBytes

  return (chunk: Buffer): { requests: Request[]; malformed: boolean } => {
    const requests: Request[] = []
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes < bytesWanted) return { requests, malformed: false }

    let rest = Buffer.concat(chunks)
    for (;;) {
      const length = rest.length < headerBytes ? headerBytes : frameLength(rest)
      if (length === undefined) return { requests, malformed: true }
      bytesWanted = length
      if (rest.length < length) break
      requests.push(decodeRequest(rest.subarray(0, length)))
      rest = rest.subarray(length)
    }
    chunks = [rest]
    bytes = rest.length
    return { requests, malformed: false }
  }
}

// Only with framing extras is the key length one byte, and the byte before it theirs.
const headLengths = (header: Buffer) =>
  header[0] === magic.requestWithFraming
    ? { framing: header.readUInt8(2), key: header.readUInt8(3), extras: header.readUInt8(4) }
    : { framing: 0, key: header.readUInt16BE(2), extras: header.readUInt8(4) }

const frameLength = (header: Buffer): number | undefined => {
  if (header[0] !== magic.request && header[0] !== magic.requestWithFraming) return undefined
  const { framing, key, extras } = headLengths(header)
  const body = header.readUInt32BE(8)
  return framing + key + extras > body || headerBytes + body > frameBytesMax ? undefined : headerBytes + body
}

const decodeRequest = (frame: Buffer): Request => {
  const { framing, key, extras } = headLengths(frame)
  const extrasAt = headerBytes + framing
  const keyAt = extrasAt + extras
  return {
    opcode: frame.readUInt8(1),
    framing: frame.subarray(headerBytes, extrasAt),
    extras: frame.subarray(extrasAt, keyAt),
    key: frame.subarray(keyAt, keyAt + key),
    value: frame.subarray(keyAt + key),
    datatype: frame.readUInt8(5),
    opaque: frame.readUInt32BE(12),
    cas: frame.readBigUInt64BE(16),
  }
}
