// GetRandomPassword.
import { randomInt } from 'node:crypto'
import * as z from 'zod/mini'
import { action } from '../action.ts'
import { invalidParameter } from '../service-error.ts'

const kinds = {
  ExcludeLowercase: 'abcdefghijklmnopqrstuvwxyz',
  ExcludeUppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ExcludeNumbers: '0123456789',
  ExcludePunctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
} as const

const pick = (characters: string) => characters[randomInt(characters.length)]!

const shuffled = (characters: string[]) => {
  for (let last = characters.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1)
    ;[characters[last], characters[other]] = [characters[other]!, characters[last]!]
  }
  return characters.join('')
}

export const GetRandomPassword = action(
  z.object({
    PasswordLength: z.optional(z.int().check(z.minimum(1), z.maximum(4_096))),
    ExcludeCharacters: z.optional(z.string()),
    ExcludeLowercase: z.optional(z.boolean()),
    ExcludeUppercase: z.optional(z.boolean()),
    ExcludeNumbers: z.optional(z.boolean()),
    ExcludePunctuation: z.optional(z.boolean()),
    IncludeSpace: z.optional(z.boolean()),
    RequireEachIncludedType: z.optional(z.boolean()),
  }),
  (_store, { PasswordLength = 32, ExcludeCharacters = '', IncludeSpace = false, RequireEachIncludedType = true, ...excluded }) => {
    const without = (characters: string) => Array.from(characters).filter((character) => !ExcludeCharacters.includes(character)).join('')
    const wanted = (Object.keys(kinds) as (keyof typeof kinds)[]).filter((kind) => !excluded[kind]).map((kind) => without(kinds[kind]))
    const sets = [...wanted, ...(IncludeSpace ? [without(' ')] : [])].filter(Boolean)
    const everything = sets.join('')
    if (!everything) throw invalidParameter('The exclusion parameters leave no characters to choose from.')
    if (RequireEachIncludedType && PasswordLength < sets.length) throw invalidParameter('The password length is too short for the required types.')
    const forced = RequireEachIncludedType ? sets.map(pick) : []
    return { RandomPassword: shuffled([...forced, ...Array.from({ length: PasswordLength - forced.length }, () => pick(everything))]) }
  },
)
