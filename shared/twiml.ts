// What the telephone says and asks, as TwiML from escaped templates: the package's own builder would cost 12 ms of every cold start.
import { phrasesOf, type Goodbye, type Phrases } from './phrases.ts'
import { speeches, type Language, type Speech } from './spoken-language.ts'

type Question = {
  language: Language
  /** How many keys end the question. */
  digits: number
  /** Where Twilio posts the keys as `Digits`. */
  keysUrl: string
}

/** Who calls and what to do, said twice. `message` is CIBA's binding message, where it is to be spoken. Throws a RangeError as `document` does. */
export const prompt = ({ appName, message, language, digits, keysUrl }: Question & { appName: string; message?: string | undefined }) => {
  const { hello, shown, ask } = wordsOf(language)
  const sentences = [hello(shortened(appName, 50)), ...(message ? [shown(shortened(message, 100))] : []), ask(digits)]
  return question({ language, digits, keysUrl }, sentences.join(' '))
}

/** After wrong digits: the same question once more. */
export const again = (asked: Question) => question(asked, wordsOf(asked.language).again(asked.digits))

/** Says how it ended, and hangs up. */
export const goodbye = (kind: Goodbye, language: Language) => document(farewell(kind, language))

const wordsOf = (language: Language): Phrases => phrasesOf(speeches[language].words)

// https://www.twilio.com/docs/voice/twiml/gather: the wait begins when the speech ends, and anew with each key.
const keyWaitSeconds = 4
const repeatAfterSeconds = 4

// The star must reach us as a digit. With finishOnKey="*" Twilio would cut it off and post the digits before it, so that "12*" looks
// like a slip and a lone "*" like silence. So no key finishes early, and a lone star is posted when the wait is over: hence a short
// wait, and the time to think is a pause inside the Gather, which any key ends. Nobody pressed anything: it falls through.
const question = ({ language, digits, keysUrl }: Question, text: string) =>
  document(
    `<Gather input="dtmf" numDigits="${digits}" finishOnKey="" timeout="${keyWaitSeconds}" action="${escaped(keysUrl)}">` +
      `${say(text, language)}<Pause length="${repeatAfterSeconds}"/>${say(`${text} ${wordsOf(language).repeat}`, language)}</Gather>${farewell('silent', language)}`,
  )

const farewell = (kind: Goodbye, language: Language) => `${say(wordsOf(language).goodbye[kind], language)}<Hangup/>`

const say = (text: string, tag: Language) => {
  const { language, voice }: Speech = speeches[tag]
  return `<Say${voice === undefined ? '' : ` voice="${voice}"`} language="${language}">${escaped(text)}</Say>`
}

const charactersMax = 4_000

/** Throws a RangeError past what Twilio takes inline, which only an endless URL can cause. */
const document = (verbs: string) => {
  const twiml = `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs}</Response>`
  if (twiml.length > charactersMax) throw new RangeError(`The TwiML has ${twiml.length} characters; Twilio takes ${charactersMax}.`)
  return twiml
}

const shortened = (text: string, charactersMax: number) => Array.from(text).slice(0, charactersMax).join('')

// https://www.w3.org/TR/xml/#charsets: what is not a Char cannot stand in a document at all, not even escaped.
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu
const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

const escaped = (text: string) => text.replace(forbidden, '').replace(/[&<>"']/g, (character) => entities[character] ?? '')
