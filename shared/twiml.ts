// What the telephone says and asks, as TwiML from escaped templates: the package's own builder would cost 12 ms of every cold start.

const phrases = {
  en: {
    voice: 'en-US',
    hello: (appName: string) => `Hello. This is ${appName}. Somebody asked to sign in with this phone number.`,
    shown: (message: string) => `The app shows this message: ${message}.`,
    ask: (digits: number) => `If that was you, key in the ${digits} digits that the app shows. If it was not you, press the star key.`,
    again: (digits: number) => `Those digits are not right. Please key in the ${digits} digits that the app shows. If you did not ask for this, press the star key.`,
    goodbye: {
      approved: 'Thank you. You are signed in.',
      wrong: 'Those digits are not right. Nobody was signed in. Goodbye.',
      stopped: 'Thank you. Nobody was signed in, and this app will not call you for a day. Goodbye.',
      silent: 'No keys were pressed. Nobody was signed in. Goodbye.',
      over: 'This sign-in is over. Please start again in the app. Goodbye.',
    },
  },
} as const

export type Language = keyof typeof phrases
/**
 * `approved`: signed in. `wrong`: denied by wrong digits. `stopped`: denied by the star. `silent`: no key was pressed. `over`: the call
 * is decided, expired or unknown, and its keys change nothing.
 */
export type Goodbye = keyof (typeof phrases)['en']['goodbye']

type Question = {
  language: Language
  /** How many keys end the question. */
  digits: number
  /** Where Twilio posts the keys as `Digits`. */
  keysUrl: string
}

/** Who calls and what to do, said twice. `message` is CIBA's binding message, where it is to be spoken. Throws a RangeError as `document` does. */
export const prompt = ({ appName, message, language, digits, keysUrl }: Question & { appName: string; message?: string | undefined }) => {
  const { hello, shown, ask } = phrases[language]
  const sentences = [hello(shortened(appName, 50)), ...(message ? [shown(shortened(message, 100))] : []), ask(digits)]
  return question({ language, digits, keysUrl }, sentences.join(' '))
}

/** After wrong digits: the same question once more. */
export const again = (asked: Question) => question(asked, phrases[asked.language].again(asked.digits))

/** Says how it ended, and hangs up. */
export const goodbye = (kind: Goodbye, language: Language) => document(farewell(kind, language))

/** The first language of CIBA's `ui_locales` (BCP 47 tags by preference) that we speak; otherwise English. */
export const spokenLanguage = (uiLocales: string | undefined): Language => {
  const wanted = (uiLocales ?? '').toLowerCase().split(' ').map((tag) => tag.split('-')[0] ?? '')
  return wanted.find((tag): tag is Language => Object.hasOwn(phrases, tag)) ?? 'en'
}

// https://www.twilio.com/docs/voice/twiml/gather: the wait begins when the speech ends, and anew with each key.
const keyWaitSeconds = 4
const repeatAfterSeconds = 4

// The star must reach us as a digit. With finishOnKey="*" Twilio would cut it off and post the digits before it, so that "12*" looks
// like a slip and a lone "*" like silence. So no key finishes early, and a lone star is posted when the wait is over: hence a short
// wait, and the time to think is a pause inside the Gather, which any key ends. Nobody pressed anything: it falls through.
const question = ({ language, digits, keysUrl }: Question, text: string) =>
  document(
    `<Gather input="dtmf" numDigits="${digits}" finishOnKey="" timeout="${keyWaitSeconds}" action="${escaped(keysUrl)}">` +
      `${say(text, language)}<Pause length="${repeatAfterSeconds}"/>${say(text, language)}</Gather>${farewell('silent', language)}`,
  )

const farewell = (kind: Goodbye, language: Language) => `${say(phrases[language].goodbye[kind], language)}<Hangup/>`

const say = (text: string, language: Language) => `<Say language="${phrases[language].voice}">${escaped(text)}</Say>`

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
