// A client that speaks in bytes, to say what the SDK never would.
import { connect, type Socket } from 'node:net'

export type Frame = { opcode: number; framing?: Buffer; extras?: Buffer; key?: string; value?: Buffer | string; opaque?: number; cas?: bigint; datatype?: number }
export type Answer = { opcode: number; status: number; opaque: number; cas: bigint; extras: Buffer; value: Buffer }

export const frame = ({ opcode, framing = Buffer.alloc(0), extras = Buffer.alloc(0), key = '', value = '', opaque = 0, cas = 0n, datatype = 0 }: Frame) => {
  const body = Buffer.concat([framing, extras, Buffer.from(key, 'latin1'), Buffer.from(value)])
  const header = Buffer.alloc(24)
  header.writeUInt8(framing.length > 0 ? 0x08 : 0x80, 0)
  header.writeUInt8(opcode, 1)
  if (framing.length > 0) header.writeUInt16BE(framing.length * 256 + key.length, 2)
  else header.writeUInt16BE(key.length, 2)
  header.writeUInt8(extras.length, 4)
  header.writeUInt8(datatype, 5)
  header.writeUInt32BE(body.length, 8)
  header.writeUInt32BE(opaque, 12)
  header.writeBigUInt64BE(cas, 16)
  return Buffer.concat([header, body])
}

/** `answers` resolves with that many, or with fewer once the server has ended the connection. */
export const rawClient = async (port: number) => {
  const socket: Socket = connect(port, '127.0.0.1')
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.setNoDelay(true)
  let received = Buffer.alloc(0)
  let ended = false
  let wake = () => {}
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    wake()
  })
  socket.on('error', () => socket.destroy())
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      ended = true
      wake()
      resolve()
    })
  })
  const change = () => new Promise<void>((resolve) => { wake = resolve })

  const take = (): Answer | undefined => {
    if (received.length < 24 || received.length < 24 + received.readUInt32BE(8)) return undefined
    const body = received.subarray(24, 24 + received.readUInt32BE(8))
    const extrasBytes = received.readUInt8(4)
    const answer = {
      opcode: received.readUInt8(1), status: received.readUInt16BE(6), opaque: received.readUInt32BE(12), cas: received.readBigUInt64BE(16),
      extras: body.subarray(0, extrasBytes), value: body.subarray(extrasBytes),
    }
    received = received.subarray(24 + body.length)
    return answer
  }

  const answers = async (count: number) => {
    const all: Answer[] = []
    while (all.length < count) {
      const answer = take()
      if (answer) all.push(answer)
      else if (ended) break
      else await change()
    }
    return all
  }

  return {
    write: (bytes: Buffer) => socket.write(bytes),
    answers,
    ask: async (one: Frame) => {
      socket.write(frame(one))
      return (await answers(1))[0]
    },
    closed,
    close: () => socket.destroy(),
  }
}
