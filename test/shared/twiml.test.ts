// What the telephone says, held against Twilio's own TwiML builder and against its limits.
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { elementsOf, parseXml, textOf } from '../../local/twilio/xml.ts'
import type { Goodbye } from '../../shared/phrases.ts'
import { speeches, type Language, type Speech } from '../../shared/spoken-language.ts'
import { again, goodbye, prompt } from '../../shared/twiml.ts'
import { VoiceResponse } from '../twilio/package.ts'

const keysUrl = 'https://api.test/call/keys?call=c1&attempt=1#rc=2&rp=5xx,ct,rt'
const goodbyes: Goodbye[] = ['approved', 'wrong', 'stopped', 'silent', 'over']

/** What Twilio's builder makes of the same question. */
const built = (text: string, digits: number) => {
  const response = new VoiceResponse()
  const gather = response.gather({ input: ['dtmf'], numDigits: digits, finishOnKey: '', timeout: 4, action: keysUrl })
  gather.say({ language: 'en-US' }, text)
  gather.pause({ length: 4 })
  gather.say({ language: 'en-US' }, `${text} To hear this again, press zero.`)
  response.say({ language: 'en-US' }, 'No keys were pressed. Nobody was signed in. Goodbye.')
  response.hangup()
  return response.toString()
}

describe('the prompt', () => {
  test('names the app, asks for its digits, and offers the star', () => {
    const text = textOf(parseXml(prompt({ appName: 'Notes', language: 'en', digits: 3, keysUrl })))
    expect(text).toContain('This is Notes.')
    expect(text).toContain('key in the 3 digits that the app shows')
    expect(text).toContain('press the star key')
  })

  test('is what the package builds, whatever the app is called', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 10 }).map((name) => `A ${name} Z`), fc.integer({ min: 2, max: 6 }), (appName, digits) => {
      const text = `Hello. This is ${appName}. Somebody asked to sign in with this phone number. If that was you, key in the ${digits} digits that the app shows. If it was not you, press the star key.`
      expect(parseXml(prompt({ appName, language: 'en', digits, keysUrl }))).toEqual(parseXml(built(text, digits)))
    }))
  })

  test('speaks a message only if there is one', () => {
    const spoken = (message: string | undefined) => textOf(parseXml(prompt({ appName: 'Notes', message, language: 'en', digits: 3, keysUrl })))
    expect(spoken('Blue & 7')).toContain('The app shows this message: Blue & 7.')
    expect(spoken(undefined)).not.toContain('message')
    expect(spoken('')).not.toContain('message')
  })

  test('is well formed and short enough for Twilio, whatever it is given', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 2_000 })
    fc.assert(fc.property(anything, anything, (appName, message) => {
      const twiml = prompt({ appName, message, language: 'en', digits: 6, keysUrl })
      expect(twiml.length).toBeLessThanOrEqual(4_000)
      expect(elementsOf(parseXml(twiml)).map(({ name }) => name)).toEqual(['Gather', 'Say', 'Hangup'])
    }))
    const worst = { appName: '"'.repeat(99), message: "'".repeat(999), language: 'en', digits: 6 } as const
    expect(prompt({ ...worst, keysUrl: `https://api.test/${'k'.repeat(500)}` }).length).toBeLessThanOrEqual(4_000)
    expect(() => prompt({ ...worst, keysUrl: `https://api.test/${'k'.repeat(4_000)}` })).toThrow(RangeError)
  })

  test.each([['\u0000', ''], ['\u0008', ''], ['\uFFFE', ''], ['\uD800', ''], ['\u{1F600}', '\u{1F600}'], ['<>&"\'', '<>&"\'']])('%j in a name is spoken as %j', (sent, spoken) => {
    expect(textOf(parseXml(prompt({ appName: `A${sent}Z`, language: 'en', digits: 3, keysUrl })))).toContain(`This is A${spoken}Z.`)
  })
})

describe('the other answers', () => {
  test('the second question listens as the first does', () => {
    const text = 'Those digits are not right. Please key in the 3 digits that the app shows. If you did not ask for this, press the star key.'
    expect(parseXml(again({ language: 'en', digits: 3, keysUrl }))).toEqual(parseXml(built(text, 3)))
  })

  test.each(goodbyes)('%s is said, and the call ends', (kind) => {
    const { children } = parseXml(goodbye(kind, 'en'))
    expect(children).toMatchObject([{ name: 'Say', attributes: { language: 'en-US' } }, { name: 'Hangup', children: [] }])
  })

  test('each goodbye says something of its own, and only one that the person is signed in', () => {
    const texts = goodbyes.map((kind) => textOf(parseXml(goodbye(kind, 'en'))))
    expect(new Set(texts).size).toBe(goodbyes.length)
    expect(texts[0]).toBe('Thank you. You are signed in. Goodbye.')
    expect(texts.filter((text) => text.includes('You are signed in'))).toHaveLength(1)
  })
})

describe.each(Object.keys(speeches) as Language[])('in %s', (language) => {
  const name = 'n&'.repeat(25)
  const message = "m'".repeat(50)

  test.each([2, 3, 4, 5, 6])('a prompt of %i digits stays below what Twilio takes, with the longest name, message and URL of ours', (digits) => {
    const twiml = prompt({ appName: name, message, language, digits, keysUrl: `https://${'api.'.repeat(30)}test/call/keys?line=${'l'.repeat(43)}&call=${'c'.repeat(22)}&attempt=1#rc=2&rp=5xx,ct,rt` })
    expect(twiml.length).toBeLessThan(4_000)
    const text = textOf(parseXml(twiml))
    expect([text.split(name).length, text.split(message).length]).toEqual([3, 3])
  })

  test('names are spoken as they are, whatever is in them', () => {
    const hostile = '</Say><Dial>+1</Dial>"&amp;\''
    const parsed = parseXml(prompt({ appName: hostile, message: hostile, language, digits: 3, keysUrl }))
    expect(elementsOf(parsed).map((element) => element.name)).toEqual(['Gather', 'Say', 'Hangup'])
    expect(textOf(parsed)).toContain(hostile)
  })

  test('is written as the package writes it', () => {
    const { words: _words, ...voice }: Speech = speeches[language]
    const response = new VoiceResponse()
    response.say(voice as Parameters<typeof response.say>[0] & object, textOf(parseXml(goodbye('over', language))))
    response.hangup()
    expect(parseXml(goodbye('over', language))).toEqual(parseXml(response.toString()))
  })
})
