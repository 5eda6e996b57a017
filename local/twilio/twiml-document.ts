// Reads the answer to a webhook as TwiML. https://www.twilio.com/docs/voice/twiml#twilios-twiml-interpreter
import { ApplicationError } from './application-error.ts'
import { elementsOf, parseXml, type Element } from './xml.ts'

/** The verbs of the document. Throws an ApplicationError: 12300 for a media type that is no TwiML, 12100 for what is not a TwiML document. */
export const twimlDocument = (body: string, contentType = 'text/xml'): Element[] => {
  const type = contentType.split(';')[0]!.trim().toLowerCase()
  if (type === 'text/plain') return [{ name: 'Say', attributes: {}, children: [body] }]
  if (type.startsWith('audio/')) return [{ name: 'Play', attributes: {}, children: [] }]
  if (!xmlTypes.has(type)) throw new ApplicationError(12300, `Twilio takes no TwiML of the type ${type || '(none)'}.`)
  const root = parsed(body)
  if (root.name !== 'Response') throw new ApplicationError(12100, `TwiML is a <Response>, not a <${root.name}>.`)
  return elementsOf(root)
}

const xmlTypes = new Set(['text/xml', 'application/xml', 'text/html'])

const parsed = (body: string) => {
  try {
    return parseXml(body)
  } catch (cause) {
    throw new ApplicationError(12100, 'The TwiML cannot be parsed.', { cause })
  }
}
