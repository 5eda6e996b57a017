import { describe, expect, test } from '@jest/globals'
import { configuration, type SettingName } from '../../shared/configuration.ts'

const read = (name: SettingName, value?: string) => configuration(value === undefined ? {} : { [name]: value }, [name])[name]

describe('a setting', () => {
  test.each<[SettingName, string, unknown]>([
    ['ISSUER', 'https://auth.example/', 'https://auth.example'],
    ['ISSUER', 'https://auth.example/dev', 'https://auth.example/dev'],
    ['CLIENTS', 'app, other', ['app', 'other']],
    ['COUNTRIES', 'US,CA', ['US', 'CA']],
    ['ROLES', '', []],
    ['MATCH_DIGITS', '6', 6],
    ['WAIT_SECONDS_MAX', '0', 0],
    ['WAIT_SECONDS_MAX', '20', 20],
    ['SPEAK_BINDING_MESSAGE', 'true', true],
    ['CALLER_ID', '+12025550100', '+12025550100'],
    ['SYNC_GATEWAY_KEYSPACE', 'db.scope.collection', 'db.scope.collection'],
    ['LIMIT_NUMBER', '3/1h', [{ callsMax: 3, windowSeconds: 3_600 }]],
    ['LIMIT_TOTAL', 'off', []],
  ])('%s reads %j as %j', (name, value, meaning) => expect(read(name, value)).toEqual(meaning))

  test.each<[SettingName, string]>([
    ['ISSUER', 'auth.example'], ['ISSUER', 'ftp://auth.example'], ['ISSUER', 'https://auth.example?x=1'],
    ['CLIENTS', ','], ['CLIENTS', 'my app'], ['COUNTRIES', 'usa'], ['MATCH_DIGITS', '1'], ['MATCH_DIGITS', '7'], ['MATCH_DIGITS', '3.5'], ['WAIT_SECONDS_MAX', '21'], ['WAIT_SECONDS_MAX', '-1'],
    ['CALLER_ID', '2025550177'], ['CHANNELS', '*'], ['SYNC_GATEWAY_KEYSPACE', 'notes.scope'], ['COUCHBASE_URL', 'http://couchbase'],
    ['LIMIT_ADDRESS', '0'], ['LIMIT_TOTAL', 'none'], ['LIMIT_COUNTRY', '100/30d'], ['LOG_LEVEL', 'loud'], ['SPEAK_BINDING_MESSAGE', 'constructor'], ['APP_NAME', 'a\nb'],
  ])('%s is malformed as %j, and the error names it without its value', (name, value) => {
    expect(() => read(name, value)).toThrow(`${name} is malformed`)
    expect(() => read(name, value)).not.toThrow(value.trim().length > 3 ? value.trim() : '\u0000')
  })

  test('of a name may have every character of Unicode that can be seen, but no markup', () => {
    const unwanted = /[\p{C}<>&]/u
    const characters = Array.from({ length: 0x11_0000 }, (_, code) => String.fromCodePoint(code))
    const fine = characters.filter((character) => !unwanted.test(character)).slice(1)
    for (let at = 0; at < fine.length; at += 50) {
      const name = fine.slice(at, at + 50).join('')
      expect(read('APP_NAME', name)).toBe(name)
    }
    for (const character of characters.filter((one, code) => (code < 0x3000 || code % 997 === 0) && unwanted.test(one))) expect(() => read('APP_NAME', `a${character}`)).toThrow('APP_NAME is malformed')
    expect(() => read('APP_NAME', 'a'.repeat(51))).toThrow('APP_NAME is malformed')
  })

  test('that is missing is named, with every other that is', () => {
    expect(() => configuration({}, ['ISSUER', 'CLIENTS', 'APP_NAME'])).toThrow(/ISSUER is missing.*CLIENTS is missing.*APP_NAME is missing/)
  })

  test('has its default where it may be left out', () => {
    expect(configuration({ ISSUER: 'https://auth.example/' }, ['AUDIENCE', 'MATCH_DIGITS', 'WAIT_SECONDS_MAX', 'TWILIO_API_URL', 'LOG_LEVEL'])).toEqual({
      AUDIENCE: 'https://auth.example', MATCH_DIGITS: 3, WAIT_SECONDS_MAX: 20, TWILIO_API_URL: 'https://api.twilio.com', LOG_LEVEL: 'info',
    })
  })

  test('limits calls to a number, from an address and in a day where nothing is set', () => {
    expect(configuration({}, ['LIMIT_NUMBER', 'LIMIT_ADDRESS', 'LIMIT_COUNTRY', 'LIMIT_TOTAL'])).toEqual({
      LIMIT_NUMBER: [{ callsMax: 5, windowSeconds: 600 }, { callsMax: 10, windowSeconds: 86_400 }],
      LIMIT_ADDRESS: [{ callsMax: 30, windowSeconds: 3_600 }, { callsMax: 100, windowSeconds: 86_400 }],
      LIMIT_COUNTRY: [],
      LIMIT_TOTAL: [{ callsMax: 1_000, windowSeconds: 86_400 }],
    })
  })
})
