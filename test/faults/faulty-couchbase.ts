// A wire between the Couchbase SDK and a server of one node, that fails as networks and servers do, one way for each request.
import { connect, createServer, type Socket } from 'node:net'
import { opcode } from '../../local/couchbase/opcode.ts'
import { listen } from '../../local/server.ts'
import type { Fault } from '../faulty-server.ts'

const headerBytes = 24
const names = new Map<number, string>(Object.entries(opcode).map(([name, number]) => [number, name]))

/** `target` is a connection string with a port; `next` says what befalls a request, by its command. */
export const faultyCouchbase = async (target: string, next: (name: string) => Fault) => {
  const targetPort = Number(new URL(target).port)
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: targetPort, host: '127.0.0.1', noDelay: true })
    join(client, upstream)
    const { port = 0 } = client.address() as { port?: number }
    wire({ client, upstream, next, readdress: (frame) => readdressed(frame, targetPort, port) })
  })
  return listen(server, 0, 'couchbase')
}

const join = (left: Socket, right: Socket) => {
  for (const [one, other] of [[left, right], [right, left]] as const) {
    one.on('error', () => one.destroy())
    one.on('close', () => other.destroy())
  }
}

type Wire = { client: Socket; upstream: Socket; next: (name: string) => Fault; readdress: (frame: Buffer) => Buffer }

const wire = ({ client, upstream, next, readdress }: Wire) => {
  const afterwards = new Map<number, Fault>()
  const isPoll = pollOf()
  client.on('data', frames((request) => {
    const command = request.readUInt8(1)
    const fault = isPoll(command) ? 'go' : next(names.get(command) ?? `0x${command.toString(16)}`)
    const instead = answerInstead(fault, request)
    if (fault === 'refuse') client.destroy()
    else if (instead) client.write(instead)
    else if (fault !== 'hang') {
      afterwards.set(request.readUInt32BE(12), fault)
      upstream.write(request)
    }
  }))
  upstream.on('data', frames((reply) => {
    const fault = afterwards.get(reply.readUInt32BE(12))
    if (fault === 'lose_reply') client.destroy()
    else if (fault === 'cut') client.write(reply.subarray(0, reply.length / 2), () => client.destroy())
    else client.write(fault === 'empty' ? replyTo(reply, 0) : readdress(reply))
  }))
}

// Every few seconds the SDK asks each connection for the map again, whoever is doing what.
const pollOf = () => {
  let mapsAsked = 0
  return (command: number) => command === opcode.noop || (command === opcode.clusterConfig && ++mapsAsked > 1)
}

/** Calls back with each whole frame; its length is in its header, whoever sends it. */
const frames = (each: (frame: Buffer) => void) => {
  let rest = Buffer.alloc(0)
  return (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= headerBytes && rest.length >= headerBytes + rest.readUInt32BE(8)) {
      const end = headerBytes + rest.readUInt32BE(8)
      each(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
  }
}

// ETMPFAIL, which asks for patience, and EINTERNAL (couchbase/kv_engine, docs/BinaryProtocol.md).
const statusOf = (fault: number) => (fault === 503 ? 0x86 : 0x84)

const answerInstead = (fault: Fault, request: Buffer) => {
  if (fault === 'nonsense') return Buffer.from('<html>Not what you asked for, and not even a frame</html>')
  return typeof fault === 'number' ? replyTo(request, statusOf(fault)) : undefined
}

/** A reply without a body. */
const replyTo = (frame: Buffer, status: number) => {
  const reply = Buffer.alloc(headerBytes)
  reply.writeUInt8(0x81, 0)
  reply.writeUInt8(frame.readUInt8(1), 1)
  reply.writeUInt16BE(status, 6)
  frame.copy(reply, 12, 12, 16)
  return reply
}

// The SDK goes where the map of the cluster sends it, which must be here.
const readdressed = (frame: Buffer, from: number, to: number) => {
  if (frame.readUInt8(1) !== opcode.clusterConfig) return frame
  const body = Buffer.from(frame.toString('latin1', headerBytes).replaceAll(`"kv":${from}`, `"kv":${to}`), 'latin1')
  const header = Buffer.from(frame.subarray(0, headerBytes))
  header.writeUInt32BE(body.length, 8)
  return Buffer.concat([header, body])
}
