// The Gather verb: keys, and when there are enough of them. https://www.twilio.com/docs/voice/twiml/gather
import type { Fields } from './signature.ts'
import { sound } from './sound.ts'
import type { Stage } from './stage.ts'
import { wholeAttribute } from './verb-attributes.ts'
import { elementsOf, type Element } from './xml.ts'

/** What the action is told; undefined if it is not asked and the document goes on. */
export const gather = async (verb: Element, stage: Stage): Promise<Fields | undefined> => {
  const hearsKeys = verb.attributes['input']?.includes('dtmf') ?? true
  const { digits, finishedOnKey } = await (hearsKeys ? collect(verb, stage) : hearNothing(verb, stage))
  if (!digits && verb.attributes['actionOnEmptyResult'] !== 'true') return undefined
  return [['Digits', digits], ['FinishedOnKey', finishedOnKey], ['msg', 'Gather End']]
}

const collect = async (verb: Element, stage: Stage) => {
  const timeoutMilliseconds = timeoutOf(verb)
  const digitsMax = wholeAttribute(verb, 'numDigits', Number.POSITIVE_INFINITY)
  const finishOnKey = finishKeyOf(verb)
  let digits = ''
  const first = async () => (await prompt(verb, stage)) ?? stage.waitForKey(timeoutMilliseconds)
  for (let key = await first(); key !== undefined; key = await stage.waitForKey(timeoutMilliseconds)) {
    if (key === finishOnKey) return { digits, finishedOnKey: key }
    digits += key
    if (digits.length >= digitsMax) break
  }
  return { digits, finishedOnKey: '' }
}

// The first key ends what is spoken.
const prompt = async (verb: Element, stage: Stage) => {
  for (const nested of elementsOf(verb)) {
    const key = await sound(nested, stage, 'listen')
    if (key !== undefined) return key
  }
  return undefined
}

// Nobody speaks on this telephone, so a Gather for speech alone hears nothing.
const hearNothing = async (verb: Element, stage: Stage) => {
  for (const nested of elementsOf(verb)) await sound(nested, stage)
  await stage.pause(timeoutOf(verb))
  return { digits: '', finishedOnKey: '' }
}

const timeoutOf = (verb: Element) => wholeAttribute(verb, 'timeout', 5) * 1_000

const finishKeyOf = ({ attributes: { finishOnKey = '#' } }: Element) => (/^[0-9*#]?$/.test(finishOnKey) ? finishOnKey : '#')
