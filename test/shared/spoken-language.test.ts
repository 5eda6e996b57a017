// The language of a call, from what the app says of its person: RFC 4647's lookup.
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { speeches, spokenLanguage } from '../../shared/spoken-language.ts'

test.each([
  [undefined, 'en'], ['', 'en'], ['tlh', 'en'], ['*', 'en'], ['de', 'de'], ['DE-at', 'de'], ['pt-BR', 'pt'], ['pt-pt', 'pt-PT'], ['pt-PT-u-nu-latn', 'pt-PT'],
  ['zh-Hant-TW', 'zh-Hant'], ['zh-Hant-HK', 'zh-Hant-HK'], ['zh-TW', 'zh-TW'], ['zh-Hans-CN', 'zh'], ['zh', 'zh'], ['es-AR', 'es'], ['es-419', 'es-419'],
  ['tlh fr-CH de', 'fr'], ['  it  de', 'it'], ['constructor __proto__', 'en'], ['de-x-private', 'de'], ['x-de', 'en'], ['-', 'en'], ['de-', 'de'],
  ['sr-Latn hr no', 'no'], ['de_AT', 'en'], [`${'a-'.repeat(3_000)}de`, 'en'],
])('%j is spoken to in %s', (uiLocales, language) => expect(spokenLanguage(uiLocales)).toBe(language))

test('what is spoken for anything at all is a language that there is, and for itself itself', () => {
  fc.assert(fc.property(fc.string(), (text) => expect(Object.keys(speeches)).toContain(spokenLanguage(text))))
  for (const tag of Object.keys(speeches)) expect(spokenLanguage(tag)).toBe(tag)
})

test('the tags are canonical', () => expect(Intl.getCanonicalLocales(Object.keys(speeches))).toEqual(Object.keys(speeches).map((tag) => ({ cmn: 'zh', no: 'no' })[tag] ?? tag).filter((tag, index, all) => all.indexOf(tag) === index)))
