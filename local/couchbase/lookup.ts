// The sub-document lookup: up to 16 questions about one document, in the body or in what the server knows of it.
import { visibleCas, type Document } from './bucket.ts'
import type { Reply } from './frame.ts'
import { opcode } from './opcode.ts'
import { follow, isObject, parsePath, type Found, type Path } from './path.ts'
import { status } from './status.ts'

type Question = { opcode: number; attribute: boolean; path: string }

const questionsMax = 16
const attributeFlag = 0x04
const pathCommands = new Set<number>([opcode.getPath, opcode.existsPath, opcode.countPath])

/** Reads the questions, or gives the status that refuses them all. */
export const questionsOf = (value: Buffer, attributesGranted: boolean): Question[] | number => {
  const questions: Question[] = []
  for (let at = 0; at < value.length; ) {
    if (at + 4 > value.length) return status.invalid
    const pathEnd = at + 4 + value.readUInt16BE(at + 2)
    if (pathEnd > value.length) return status.invalid
    const question = { opcode: value.readUInt8(at), attribute: value.readUInt8(at + 1) === attributeFlag, path: value.toString('utf8', at + 4, pathEnd) }
    const refusal = questionRefusal(question, value.readUInt8(at + 1), questions.at(-1), attributesGranted)
    if (refusal !== undefined) return refusal
    questions.push(question)
    at = pathEnd
  }
  if (questions.length > questionsMax) return status.combinationInvalid
  return questions.length === 0 ? status.invalid : questions
}

const questionRefusal = ({ opcode: asked, attribute, path }: Question, flags: number, before: Question | undefined, attributesGranted: boolean) => {
  if (flags !== 0 && flags !== attributeFlag) return status.invalid
  if (attribute && !attributesGranted) return status.notSupported
  if (attribute && before && !before.attribute) return status.attributesNotFirst
  if (asked === opcode.get) return path === '' && !attribute ? undefined : status.invalid
  if (!pathCommands.has(asked)) return status.combinationInvalid
  return path === '' && (attribute || asked !== opcode.countPath) ? status.invalid : undefined
}

/** Answers every question with a status, a length and a value; the whole is `somePathsFailed` if any failed. */
export const lookup = (document: Document, questions: Question[], bucketUuid: bigint): Reply => {
  const body = jsonOf(document.value)
  const answers = questions.map((question) => answer(question, document, body, bucketUuid))
  const value = Buffer.concat(
    answers.map((one) => {
      const head = Buffer.alloc(6)
      head.writeUInt16BE(one.status, 0)
      head.writeUInt32BE(one.value.length, 2)
      return Buffer.concat([head, one.value])
    }),
  )
  const failed = answers.some((one) => one.status !== status.success)
  return { status: failed ? status.somePathsFailed : status.success, value, cas: visibleCas(document) }
}

const answer = (question: Question, document: Document, body: Found, bucketUuid: bigint): { status: number; value: Buffer } => {
  if (question.opcode === opcode.get) return { status: status.success, value: document.value }
  const path = parsePath(question.path)
  const found = typeof path === 'number' ? { status: path } : question.attribute ? attributeAt(path, document, bucketUuid) : bodyAt(path, body)
  if (!('value' in found)) return { ...found, value: Buffer.alloc(0) }
  if (question.opcode === opcode.existsPath) return { status: found.status, value: Buffer.alloc(0) }
  if (question.opcode === opcode.getPath) return { status: found.status, value: Buffer.from(JSON.stringify(found.value)) }
  const size = sizeOf(found.value)
  return size === undefined ? { status: status.pathMismatch, value: Buffer.alloc(0) } : { status: found.status, value: Buffer.from(String(size)) }
}

const bodyAt = (path: Path, body: Found): Found => ('value' in body ? follow(body.value, path) : body)

const attributeAt = (path: Path, document: Document, bucketUuid: bigint): Found => {
  const [name, ...rest] = path
  if (typeof name !== 'string') return { status: status.pathInvalid }
  if (name === '$document') return follow(facts(document, bucketUuid), rest)
  return { status: name.startsWith('$') ? status.virtualAttributeUnknown : status.pathNotFound }
}

const facts = (document: Document, bucketUuid: bigint) => ({
  CAS: hex(visibleCas(document)),
  vbucket_uuid: hex(bucketUuid),
  seqno: hex(document.sequence),
  exptime: Math.floor(document.expiresAt / 1_000),
  flags: document.flags,
  value_bytes: document.value.length,
  datatype: ['value' in jsonOf(document.value) ? 'json' : 'raw'],
  deleted: false,
  revid: String(document.revision),
  last_modified: String(Math.floor(document.modifiedAt / 1_000)),
})

const hex = (number: bigint) => `0x${number.toString(16).padStart(16, '0')}`

const sizeOf = (value: unknown): number | undefined => {
  if (Array.isArray(value)) return value.length
  return isObject(value) ? Object.keys(value).length : undefined
}

const jsonOf = (value: Buffer): Found => {
  try {
    return { status: status.success, value: JSON.parse(value.toString('utf8')) as unknown }
  } catch {
    return { status: status.documentNotJson }
  }
}
