// Attributes of TwiML verbs: a value that Twilio does not know is as if it were not there.
import type { Method } from './webhook.ts'
import type { Element } from './xml.ts'

export const wholeAttribute = ({ attributes }: Element, name: string, otherwise: number) => {
  const value = attributes[name]
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : otherwise
}

export const methodAttribute = ({ attributes }: Element): Method => (attributes['method']?.toUpperCase() === 'GET' ? 'GET' : 'POST')
