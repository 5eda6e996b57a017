// One operation of the service: what its input must look like, and what it does.
import * as z from 'zod/mini'
import { front, ServiceError } from './service-error.ts'
import type { Store } from './store.ts'

export type Action = (store: Store, input: unknown) => Record<string, unknown>

/** Members that it does not know are ignored, as the service does. Bad input is its ValidationException or SerializationException. */
export const action =
  <Input extends z.ZodMiniType>(input: Input, run: (store: Store, input: z.output<Input>) => Record<string, unknown>): Action =>
  (store, given) => {
    const result = z.safeParse(input, given)
    if (!result.success) throw complaint(result.error.issues[0]!, given)
    return run(store, result.data)
  }

const complaint = ({ path, code, message }: z.core.$ZodIssue, given: unknown) => {
  const value = path.reduce<unknown>((inside, key) => (inside as Record<PropertyKey, unknown> | undefined)?.[key], given)
  const member = path.map((part) => (typeof part === 'number' ? part + 1 : String(part).replace(/^./, (first) => first.toLowerCase()))).join('.')
  if (code === 'invalid_type' && value !== undefined) return new ServiceError('SerializationException', `The member ${member} has the wrong type.`)
  const problem = value === undefined || value === null ? 'Value null' : 'Value'
  const constraint = value === undefined || value === null ? 'Member must not be null' : message
  return front('ValidationException', `1 validation error detected: ${problem} at '${member}' failed to satisfy constraint: ${constraint}`)
}

const bounded = (least: number, most: number) =>
  z.string().check(z.minLength(least, `Member must have length greater than or equal to ${least}`), z.maxLength(most, `Member must have length less than or equal to ${most}`))

export const members = {
  secretId: bounded(1, 2_048),
  name: bounded(1, 512),
  description: bounded(0, 2_048),
  versionId: bounded(32, 64),
  label: bounded(1, 256),
  text: bounded(1, 65_536),
  count: z.int().check(z.minimum(1, 'Member must have value greater than or equal to 1'), z.maximum(100, 'Member must have value less than or equal to 100')),
  tags: z.array(z.object({ Key: bounded(1, 128), Value: bounded(0, 256) })),
}
