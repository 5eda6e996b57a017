// How Twilio signs a webhook. https://www.twilio.com/docs/usage/security#validating-requests
import { createHmac } from 'node:crypto'

export type Fields = [name: string, value: string][]

/** Base64 of HMAC-SHA1 over the URL and then every field, by name and then by value, a repeated pair once. */
export const sign = (authToken: string, url: string, fields: Fields) => {
  const pairs = new Map(fields.map(([name, value]) => [JSON.stringify([name, value]), [name, value] as const]))
  const sorted = [...pairs.values()].sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
  return createHmac('sha1', authToken).update(url + sorted.map(([name, value]) => name + value).join('')).digest('base64')
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
