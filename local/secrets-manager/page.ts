// Part of a list: what passes the filters, so many at a time, and a token for the rest.
import * as z from 'zod/mini'
import { members } from './action.ts'
import { ServiceError } from './service-error.ts'
import type { Secret } from './store.ts'

const keys = ['description', 'name', 'tag-key', 'tag-value', 'primary-region', 'owning-service', 'all'] as const
export const filters = z.array(z.object({ Key: z.enum(keys), Values: z.array(z.string()) }))
export const paging = { MaxResults: z.optional(members.count), NextToken: z.optional(z.string()) }

type Filter = z.output<typeof filters>[number]

/** Every filter must fit; of its values one, and a value with `!` before it must not. Values are prefixes, and only names are case-sensitive. */
export const fits = (secret: Secret, wanted: Filter[]) =>
  wanted.every(({ Key, Values }) => Values.some((value) => (value.startsWith('!') ? !starts(secret, Key, value.slice(1)) : starts(secret, Key, value))))

const starts = (secret: Secret, key: Filter['Key'], prefix: string): boolean => {
  const insensitive = (text = '') => text.toLowerCase().startsWith(prefix.toLowerCase())
  switch (key) {
    case 'name': return secret.name.startsWith(prefix)
    case 'description': return insensitive(secret.description)
    case 'tag-key': return secret.tags.some(({ Key }) => Key.startsWith(prefix))
    case 'tag-value': return secret.tags.some(({ Value }) => Value.startsWith(prefix))
    case 'primary-region': case 'owning-service': return false
    case 'all': return insensitive(secret.name) || insensitive(secret.description) || secret.tags.some(({ Key, Value }) => insensitive(Key) || insensitive(Value))
    default: return key satisfies never
  }
}

/** Throws InvalidNextTokenException for a token that it did not make. */
export const page = <Item>(items: Item[], most: number, token: string | undefined) => {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString())
  if (!Number.isInteger(start) || start < 0 || start > items.length) throw new ServiceError('InvalidNextTokenException', 'The NextToken value is invalid.')
  const end = start + most
  return { items: items.slice(start, end), next: end < items.length ? { NextToken: Buffer.from(String(end)).toString('base64url') } : {} }
}
