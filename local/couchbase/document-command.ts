// The commands on documents: what each may carry on the wire, and what it asks of the bucket.
import { visibleCas, type Bucket, type Document, type Outcome } from './bucket.ts'
import { feature } from './feature.ts'
import { frameInfo } from './frame-info.ts'
import type { Reply, Request } from './frame.ts'
import { lookup, questionsOf } from './lookup.ts'
import { opcode } from './opcode.ts'
import { status } from './status.ts'

type Call = { bucket: Bucket; id: string; request: Request; features: ReadonlySet<number>; keepExpiry: boolean }

/** `extras` lists the lengths allowed; `cas` says whether the header may, must or must not name one. */
type Command = {
  extras: readonly number[]
  value?: true
  cas?: 'may' | 'must'
  durable?: true
  keepsExpiry?: true
  run: (call: Call) => Reply
}

/** Undefined if the opcode is no command on a document. */
export const documentCommand = (code: number): Command | undefined => commands[code]

/** The status that refuses a request before any document is looked at, or whether it keeps the expiry. `replicas` are wanted, none is there. */
export const checkRequest = (command: Command, request: Request, replicas: number): number | { keepExpiry: boolean } => {
  if (!command.extras.includes(request.extras.length)) return status.invalid
  if (!command.value && request.value.length > 0) return status.invalid
  if (command.cas === 'must' ? request.cas === 0n : command.cas === undefined && request.cas !== 0n) return status.invalid
  const info = frameInfo(request.framing, { durable: command.durable ?? false, keepExpiry: command.keepsExpiry ?? false })
  if (typeof info === 'number') return info
  return info.durable && replicas > 0 ? status.durabilityImpossible : info
}

const written = ({ bucket, features }: Call, { status: code, document }: Outcome, value?: Buffer): Reply => {
  if (!document) return { status: code }
  const reply = { status: code, cas: document.cas, ...(value ? { value } : {}) }
  if (!features.has(feature.mutationTokens)) return reply
  const extras = Buffer.alloc(16)
  extras.writeBigUInt64BE(bucket.uuid, 0)
  extras.writeBigUInt64BE(document.sequence, 8)
  return { ...reply, extras }
}

const readOut = ({ features }: Call, { status: code, document }: Outcome, cas?: bigint): Reply => {
  if (!document) return { status: code }
  const extras = Buffer.alloc(4)
  extras.writeUInt32BE(document.flags, 0)
  const datatype = features.has(feature.json) && isJson(document.value) ? 1 : 0
  return { status: code, extras, value: document.value, cas: cas ?? visibleCas(document), datatype }
}

const store = (mode: 'set' | 'add' | 'replace') => (call: Call) => {
  const { value, extras, cas } = call.request
  const fields = { value, flags: extras.readUInt32BE(0), expiry: extras.readUInt32BE(4), cas, keepExpiry: call.keepExpiry }
  return written(call, call.bucket.store(call.id, mode, fields))
}

const count = (sign: 1n | -1n) => (call: Call) => {
  const { extras } = call.request
  const fields = { sign, delta: extras.readBigUInt64BE(0), initial: extras.readBigUInt64BE(8), expiry: extras.readUInt32BE(16) }
  const outcome = call.bucket.count(call.id, fields)
  if (!outcome.document) return { status: outcome.status }
  const value = Buffer.alloc(8)
  value.writeBigUInt64BE(BigInt(outcome.document.value.toString('latin1')))
  return written(call, outcome, value)
}

const join = (side: 'before' | 'after') => (call: Call) => written(call, call.bucket.join(call.id, side, call.request.value, call.request.cas))

const lock = (call: Call) => {
  const { extras } = call.request
  const outcome = call.bucket.lock(call.id, extras.length === 4 ? extras.readUInt32BE(0) : 0)
  return readOut(call, outcome, outcome.document?.lock?.cas)
}

const touch = (call: Call): Reply => {
  const { status: code, document } = call.bucket.touch(call.id, call.request.extras.readUInt32BE(0))
  return document ? { status: code, cas: document.cas } : { status: code }
}

const metadata = ({ bucket, id, request }: Call): Reply => {
  if (request.extras.length === 1 && request.extras.readUInt8(0) > 2) return { status: status.invalid }
  const { status: code, document } = bucket.get(id)
  if (!document) return { status: code }
  const withDatatype = request.extras.length === 1 && request.extras.readUInt8(0) === 2
  return { status: code, extras: metadataExtras(document, withDatatype), cas: visibleCas(document) }
}

const metadataExtras = (document: Document, withDatatype: boolean) => {
  const extras = Buffer.alloc(withDatatype ? 21 : 20)
  extras.writeUInt32BE(document.flags, 4)
  extras.writeUInt32BE(Math.floor(document.expiresAt / 1_000), 8)
  extras.writeBigUInt64BE(BigInt(document.revision), 12)
  if (withDatatype) extras.writeUInt8(isJson(document.value) ? 1 : 0, 20)
  return extras
}

const lookUp = ({ bucket, id, request, features }: Call): Reply => {
  const questions = questionsOf(request.value, features.has(feature.attributes))
  if (typeof questions === 'number') return { status: questions }
  const { status: code, document } = bucket.get(id)
  if (!document) return { status: code }
  if (request.cas !== 0n && request.cas !== visibleCas(document)) return { status: status.exists }
  return lookup(document, questions, bucket.uuid)
}

const commands: Partial<Record<number, Command>> = {
  [opcode.get]: { extras: [0], run: (call) => readOut(call, call.bucket.get(call.id)) },
  [opcode.set]: { extras: [8], value: true, cas: 'may', durable: true, keepsExpiry: true, run: store('set') },
  [opcode.add]: { extras: [8], value: true, durable: true, keepsExpiry: true, run: store('add') },
  [opcode.replace]: { extras: [8], value: true, cas: 'may', durable: true, keepsExpiry: true, run: store('replace') },
  [opcode.remove]: { extras: [0], cas: 'may', durable: true, run: (call) => written(call, call.bucket.remove(call.id, call.request.cas)) },
  [opcode.increment]: { extras: [20], durable: true, run: count(1n) },
  [opcode.decrement]: { extras: [20], durable: true, run: count(-1n) },
  [opcode.append]: { extras: [0], value: true, cas: 'may', durable: true, run: join('after') },
  [opcode.prepend]: { extras: [0], value: true, cas: 'may', durable: true, run: join('before') },
  [opcode.touch]: { extras: [4], run: touch },
  [opcode.getAndTouch]: { extras: [4], run: (call) => readOut(call, call.bucket.touch(call.id, call.request.extras.readUInt32BE(0))) },
  [opcode.getAndLock]: { extras: [0, 4], run: lock },
  [opcode.unlock]: { extras: [0], cas: 'must', run: (call) => call.bucket.unlock(call.id, call.request.cas) },
  [opcode.getMeta]: { extras: [0, 1], run: metadata },
  [opcode.lookup]: { extras: [0, 1], value: true, cas: 'may', run: lookUp },
}

const isJson = (value: Buffer) => {
  try {
    JSON.parse(value.toString('utf8'))
    return true
  } catch {
    return false
  }
}
