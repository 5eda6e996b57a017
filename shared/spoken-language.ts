// Which languages the telephone speaks, in whose voice, and which of them a person wants.
import type { Words } from './phrases.ts'

export type Speech = {
  words: Words
  /** Of Twilio's Say. https://www.twilio.com/docs/voice/twiml/say/text-speech */
  language: string
  /** Where Twilio's default voices may not know the language. */
  voice?: string
}

/** By language tag, in the order in which discovery names them. */
export const speeches = {
  en: { words: 'en', language: 'en-US' },
  'en-GB': { words: 'en', language: 'en-GB' },
  'en-AU': { words: 'en', language: 'en-AU' },
  'en-IN': { words: 'en', language: 'en-IN' },
  es: { words: 'es', language: 'es-ES' },
  'es-419': { words: 'es', language: 'es-MX' },
  'es-MX': { words: 'es', language: 'es-MX' },
  'es-US': { words: 'es', language: 'es-MX' },
  fr: { words: 'fr', language: 'fr-FR' },
  'fr-CA': { words: 'fr', language: 'fr-CA' },
  de: { words: 'de', language: 'de-DE' },
  it: { words: 'it', language: 'it-IT' },
  pt: { words: 'pt', language: 'pt-BR' },
  'pt-PT': { words: 'pt-PT', language: 'pt-PT' },
  nl: { words: 'nl', language: 'nl-NL' },
  sv: { words: 'sv', language: 'sv-SE' },
  da: { words: 'da', language: 'da-DK' },
  nb: { words: 'nb', language: 'nb-NO' },
  nn: { words: 'nb', language: 'nb-NO' },
  no: { words: 'nb', language: 'nb-NO' },
  fi: { words: 'fi', language: 'fi-FI' },
  pl: { words: 'pl', language: 'pl-PL' },
  cs: { words: 'cs', language: 'cs-CZ', voice: 'Google.cs-CZ-Standard-A' },
  ru: { words: 'ru', language: 'ru-RU' },
  uk: { words: 'uk', language: 'uk-UA', voice: 'Google.uk-UA-Standard-A' },
  tr: { words: 'tr', language: 'tr-TR', voice: 'Polly.Filiz' },
  ar: { words: 'ar', language: 'arb', voice: 'Polly.Zeina' },
  hi: { words: 'hi', language: 'hi-IN', voice: 'Polly.Aditi' },
  ja: { words: 'ja', language: 'ja-JP' },
  ko: { words: 'ko', language: 'ko-KR' },
  zh: { words: 'zh', language: 'zh-CN' },
  cmn: { words: 'zh', language: 'zh-CN' },
  'zh-Hant': { words: 'zh-Hant', language: 'zh-TW' },
  'zh-TW': { words: 'zh-Hant', language: 'zh-TW' },
  // Where people speak Cantonese, the same writing is read to them in it.
  'zh-Hant-HK': { words: 'zh-Hant', language: 'zh-HK' },
  'zh-HK': { words: 'zh-Hant', language: 'zh-HK' },
  'zh-MO': { words: 'zh-Hant', language: 'zh-HK' },
  yue: { words: 'zh-Hant', language: 'zh-HK' },
} satisfies Record<string, Speech>

export type Language = keyof typeof speeches

const byTag = new Map(Object.keys(speeches).map((tag) => [tag.toLowerCase(), tag as Language]))

/** The first language of CIBA's `ui_locales` (BCP 47 tags, by preference) that we speak, by the lookup of RFC 4647 section 3.4; otherwise English. */
export const spokenLanguage = (uiLocales: string | undefined): Language => {
  for (const range of (uiLocales ?? '').toLowerCase().split(' ')) {
    const found = truncations(range).map((tag) => byTag.get(tag)).find((language) => language !== undefined)
    if (found) return found
  }
  return 'en'
}

// Longer than any tag in use; what comes in has no limit but the body's.
const subtagsMax = 8

/** Shorter and shorter; a single letter only introduces what was behind it. */
const truncations = (range: string) => {
  const subtags = range.split('-', subtagsMax)
  return subtags.map((_, dropped) => subtags.slice(0, subtags.length - dropped)).filter((rest) => rest.at(-1)?.length !== 1).map((rest) => rest.join('-'))
}
