// One client's connection: what it may use, who it is, which bucket it looks at, and the answer to each of its requests.
import type { Bucket } from './bucket.ts'
import { clusterConfig } from './cluster-config.ts'
import { documentKey, type Collections } from './collections.ts'
import { checkRequest, documentCommand } from './document-command.ts'
import { feature, featuresOf } from './feature.ts'
import type { Reply, Request } from './frame.ts'
import { mechanisms, type LoginBook } from './login.ts'
import { opcode } from './opcode.ts'
import { status } from './status.ts'

export type Store = {
  buckets: ReadonlyMap<string, Bucket>
  collections: Collections
  logins: LoginBook
  /** How many the buckets want. There are none, so that more than 0 makes durable writes impossible. */
  replicas: number
}

export type Session = { answer: (request: Request) => Reply; keyOf: (request: Request) => string }

export const session = (store: Store, port: number): Session => {
  const conversation = store.logins()
  let features: ReadonlySet<number> = new Set()
  let loggedIn = false
  let selected: string | undefined

  const login = (answer: { status: number; message?: string }): Reply => {
    loggedIn = answer.status === status.success
    return { status: answer.status, ...(answer.message === undefined ? {} : { value: Buffer.from(answer.message) }) }
  }

  const hello = ({ value }: Request): Reply => {
    const asked = featuresOf(value)
    if (!asked) return { status: status.invalid }
    features = asked
    const list = Buffer.alloc(asked.size * 2)
    for (const [index, one] of [...asked].entries()) list.writeUInt16BE(one, index * 2)
    return { status: status.success, value: list }
  }

  const selectBucket = ({ key }: Request): Reply => {
    const name = key.toString()
    // A real server tells somebody without rights nothing about what exists.
    if (!store.buckets.has(name)) return { status: status.noAccess }
    selected = name
    return { status: status.success }
  }

  const findCollection = ({ value }: Request): Reply => {
    const found = store.collections.find(value.toString())
    if ('refusal' in found) return { status: found.refusal }
    const extras = Buffer.alloc(12)
    extras.writeBigUInt64BE(1n, 0)
    extras.writeUInt32BE(found.id, 8)
    return { status: status.success, extras }
  }

  const onDocument = (request: Request): Reply => {
    const command = documentCommand(request.opcode)
    if (!command) return { status: status.unknownCommand }
    const bucket = selected === undefined ? undefined : store.buckets.get(selected)
    if (!bucket) return { status: status.noBucket }
    const checked = checkRequest(command, request, store.replicas)
    if (typeof checked === 'number') return { status: checked }
    const key = documentKey(request.key, features.has(feature.collections))
    if (!key) return { status: status.invalid }
    if (!store.collections.has(key.collection)) return { status: status.unknownCollection }
    const id = `${key.collection} ${key.name.toString('latin1')}`
    return command.run({ bucket, id, request, features, keepExpiry: checked.keepExpiry })
  }

  const beforeLogin: Partial<Record<number, (request: Request) => Reply>> = {
    [opcode.hello]: hello,
    [opcode.noop]: () => ({ status: status.success }),
    [opcode.errorMap]: () => json('{"version":2,"revision":1,"errors":{}}'),
    [opcode.saslMechanisms]: () => ({ status: status.success, value: Buffer.from(mechanisms) }),
    [opcode.saslAuth]: ({ key, value }) => login(conversation.start(key.toString(), value.toString())),
    [opcode.saslStep]: ({ value }) => login(conversation.step(value.toString())),
  }

  const afterLogin: Partial<Record<number, (request: Request) => Reply>> = {
    [opcode.selectBucket]: selectBucket,
    [opcode.clusterConfig]: () => json(clusterConfig({ port, bucket: selected, replicas: store.replicas })),
    [opcode.collectionId]: findCollection,
    [opcode.observeSequence]: (request) => sequenceOf(request, selected === undefined ? undefined : store.buckets.get(selected)),
  }

  return {
    answer: (request) => {
      const early = beforeLogin[request.opcode]
      if (early) return early(request)
      if (!loggedIn) return { status: status.noAccess }
      // A datatype is a promise about the value that only a granted feature allows; no other than JSON is.
      if (request.datatype !== 0 && !(request.datatype === 1 && features.has(feature.json))) return { status: status.invalid }
      return (afterLogin[request.opcode] ?? onDocument)(request)
    },
    keyOf: ({ key }) => (documentKey(key, features.has(feature.collections))?.name ?? key).toString(),
  }
}

const json = (text: string | Buffer): Reply => ({ status: status.success, value: Buffer.from(text), datatype: 1 })

// How far a bucket has come. All of it counts as persisted: the SDK asks this for the durability of old, `persistTo`.
const sequenceOf = ({ value }: Request, bucket: Bucket | undefined): Reply => {
  if (!bucket) return { status: status.noBucket }
  if (value.length !== 8) return { status: status.invalid }
  const body = Buffer.alloc(27)
  body.writeBigUInt64BE(bucket.uuid, 3)
  body.writeBigUInt64BE(bucket.sequence(), 11)
  body.writeBigUInt64BE(bucket.sequence(), 19)
  return { status: status.success, value: body }
}
