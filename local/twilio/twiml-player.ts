// Plays TwiML: performs one document after the other until none is left. https://www.twilio.com/docs/voice/twiml
import { ApplicationError } from './application-error.ts'
import type { Instructions } from './call.ts'
import { gather } from './gather.ts'
import type { Fields } from './signature.ts'
import { defaultLanguage, sound } from './sound.ts'
import type { Stage } from './stage.ts'
import { twimlDocument } from './twiml-document.ts'
import { methodAttribute } from './verb-attributes.ts'
import type { Method } from './webhook.ts'
import { textOf, type Element } from './xml.ts'

type Turn = 'go_on' | 'hang_up' | { url: string; method: Method; fields: Fields }

// A document that sends to itself without ever waiting would go round for ever.
const documentsMax = 1_000

/** Resolves when there is nothing left to do. An application error is spoken, as Twilio speaks it. */
export const playTwiml = async (stage: Stage, first: Instructions) => {
  try {
    await playAll(stage, first)
  } catch (error) {
    if (!(error instanceof ApplicationError)) throw error
    stage.note(error.code)
    await stage.speak("We're sorry, an application error has occurred. Goodbye.", defaultLanguage)
  }
}

const playAll = async (stage: Stage, first: Instructions) => {
  let turn: Turn = 'twiml' in first ? await perform(twimlDocument(first.twiml), stage, undefined) : { ...first, fields: [] }
  for (let documents = 0; typeof turn === 'object'; documents += 1) {
    if (documents === documentsMax) throw new ApplicationError(11200, `The call went through ${documentsMax} documents.`)
    const { url, method, fields } = turn
    const { body, contentType } = await stage.ask(method, url, fields)
    turn = await perform(twimlDocument(body, contentType), stage, url)
  }
}

const perform = async (verbs: Element[], stage: Stage, base: string | undefined): Promise<Turn> => {
  for (const verb of verbs) {
    const turn = await performOne(verb, stage, base)
    if (turn !== 'go_on') return turn
  }
  return 'hang_up'
}

const performOne = async (verb: Element, stage: Stage, base: string | undefined): Promise<Turn> => {
  switch (verb.name) {
    case 'Gather': {
      const fields = await gather(verb, stage)
      return fields ? { url: absolute(verb.attributes['action'] ?? '', base), method: methodAttribute(verb), fields } : 'go_on'
    }
    case 'Redirect':
      return { url: absolute(textOf(verb).trim(), base), method: methodAttribute(verb), fields: [] }
    case 'Hangup':
    case 'Reject':
      return 'hang_up'
    default:
      await sound(verb, stage)
      return 'go_on'
  }
}

const absolute = (url: string, base: string | undefined) => {
  // A whole URL goes out as it was written, because its signature covers every character.
  if (URL.canParse(url)) return url
  if (!URL.canParse(url, base)) throw new ApplicationError(11100, 'The TwiML names a URL that is none.')
  return new URL(url, base).toString()
}
