// The verbs that are only heard: Say, Pause and Play.
import { ApplicationError } from './application-error.ts'
import type { Stage } from './stage.ts'
import { wholeAttribute } from './verb-attributes.ts'
import { textOf, type Element } from './xml.ts'

export const defaultLanguage = 'en-US'

/** With `listen`, a key ends it and is the answer. Throws an ApplicationError for a verb that this telephone cannot perform. */
export const sound = async (verb: Element, stage: Stage, listen?: 'listen'): Promise<string | undefined> => {
  switch (verb.name) {
    case 'Say':
      return speak(verb, stage, listen)
    case 'Pause': {
      const milliseconds = wholeAttribute(verb, 'length', 1) * 1_000
      return listen ? stage.waitForKey(milliseconds) : stage.pause(milliseconds)
    }
    case 'Play':
      return undefined
    default:
      if (elsewhere.has(verb.name)) throw new ApplicationError(12200, `<${verb.name}> is not performed here.`)
      // Twilio warns of an element that it does not know, and goes on.
      stage.note(12200)
      return undefined
  }
}

// Verbs that Twilio has and this telephone has not.
const elsewhere = new Set(['Connect', 'Dial', 'Enqueue', 'Leave', 'Pay', 'Prompt', 'Queue', 'Record', 'Refer', 'Siprec', 'Start', 'Stop', 'Transcription'])

// loop="0" is for ever; so often is more than anybody listens to.
const loopsMax = 100

const speak = async (verb: Element, stage: Stage, listen?: 'listen') => {
  const text = textOf(verb).replace(/\s+/g, ' ').trim()
  const language = verb.attributes['language'] ?? defaultLanguage
  for (let loops = wholeAttribute(verb, 'loop', 1) || loopsMax; loops > 0; loops -= 1) {
    const key = await stage.speak(text, language, listen)
    if (key !== undefined) return key
  }
  return undefined
}
