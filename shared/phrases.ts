// All that the telephone says, in every language that it speaks. Numerals that a voice would have to inflect are written out as words.
import texts from './phrases.json' with { type: 'json' }

/**
 * `approved`: signed in. `wrong`: denied by wrong digits. `stopped`: denied by the star. `silent`: no key was pressed. `over`: the call
 * is decided, expired or unknown, and its keys change nothing.
 */
export type Goodbye = 'approved' | 'wrong' | 'stopped' | 'silent' | 'over'

export type Phrases = {
  /** Who calls, and why. */
  hello: (appName: string) => string
  /** CIBA's binding message, where it is to be spoken. */
  shown: (message: string) => string
  /** What to do, and what to do if it was somebody else; of 2 to 6 digits. */
  ask: (digits: number) => string
  again: (digits: number) => string
  /** What the zero is for. */
  repeat: string
  goodbye: Record<Goodbye, string>
}

/** As the file has them: with places for `{app}`, `{message}` and `{digits}`, and with words for 2 to 6 digits where a numeral will not do. */
type Texts = { hello: string; shown: string; ask: string; again: string; digits?: string[]; repeat: string; goodbye: Record<Goodbye, string> }

export type Words = keyof typeof texts

export const phrasesOf = (words: Words): Phrases => {
  const { hello, shown, ask, again, digits: counts, repeat, goodbye }: Texts = texts[words]
  const counted = (text: string, digits: number) => text.replace('{digits}', counts?.[digits - 2] ?? String(digits))
  return {
    hello: (appName) => hello.replace('{app}', () => appName),
    shown: (message) => shown.replace('{message}', () => message),
    ask: (digits) => counted(ask, digits),
    again: (digits) => counted(again, digits),
    repeat,
    goodbye,
  }
}
