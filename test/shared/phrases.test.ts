// Every language says everything, in its own words and its own grammar.
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import texts from '../../shared/phrases.json' with { type: 'json' }
import { phrasesOf, type Phrases, type Words } from '../../shared/phrases.ts'
import { speeches, type Speech } from '../../shared/spoken-language.ts'

const languages = (Object.keys(texts) as Words[]).map((words) => [words, phrasesOf(words)] as const)
const digitCounts = [2, 3, 4, 5, 6]

/** All that is said, by key. */
const said = ({ hello, shown, ask, again, repeat, goodbye }: Phrases): Record<string, string> => ({
  hello: hello('NAME'), shown: shown('MESSAGE'), repeat, ...goodbye,
  ...Object.fromEntries(digitCounts.flatMap((digits) => [[`ask ${digits}`, ask(digits)], [`again ${digits}`, again(digits)]])),
})

test('there are at least twelve languages', () => expect(languages.length).toBeGreaterThanOrEqual(12))

describe.each(languages)('%s', (language, words) => {
  test('misses no key, and says each differently', () => {
    const sentences = said(words)
    expect(Object.keys(sentences)).toEqual(Object.keys(said(phrasesOf('en'))))
    expect(Object.values(sentences).filter((text) => text.trim() === '' || /undefined|\s{2}|\{|\$/.test(text))).toEqual([])
    expect(new Set(Object.values(sentences)).size).toBe(Object.keys(sentences).length)
  })

  test('ends every sentence, and names the app and the message', () => {
    for (const text of Object.values(said(words))) expect(text).toMatch(/[.。।]$/u)
    expect([words.hello('NAME'), words.shown('MESSAGE')]).toEqual([expect.stringContaining('NAME'), expect.stringContaining('MESSAGE')])
  })

  test('borrows nothing from another language', () => {
    const others = new Set(languages.filter(([other]) => other !== language).flatMap(([, other]) => Object.values(said(other))))
    expect(Object.values(said(words)).filter((text) => others.has(text))).toEqual([])
  })

  test('is spoken by a voice', () => expect(Object.values<Speech>(speeches).map((speech) => speech.words)).toContain(language))
})

// CLDR's plural rules say which counts take another form of the noun.
test.each([['pl', 'cyfr', 'cyfry'], ['cs', 'číslic', 'číslice'], ['ru', 'цифр', 'цифры'], ['uk', 'цифр', 'цифри']] as const)('%s has the plural of each number', (language, many, few) => {
  for (const digits of digitCounts) {
    const noun = new Intl.PluralRules(language).select(digits) === 'few' ? few : many
    expect(phrasesOf(language).ask(digits)).toMatch(new RegExp(` ${noun},`, 'u'))
  }
})

test('the Arabic dual is for two', () => expect(digitCounts.filter((digits) => phrasesOf('ar').ask(digits).includes('الرقمين اللذين'))).toEqual([2]))

test('every voice is one that Twilio names', async () => {
  const types = await readFile(`${import.meta.dirname}/../../node_modules/twilio/lib/twiml/VoiceResponse.d.ts`, 'utf8')
  const named = (type: string) => new Set([...(new RegExp(`type ${type} = ([^;]*);`).exec(types)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map(([, name]) => name))
  const [saidIn, voices] = [named('SayLanguage'), named('SayVoice')]
  for (const { language, voice } of Object.values<Speech>(speeches)) {
    expect([language, saidIn.has(language)]).toEqual([language, true])
    if (voice !== undefined) expect([voice, voices.has(voice)]).toEqual([voice, true])
  }
})
