// How a sign-in that did not work is told: what happened, and what to do next.
import type { Refused } from './refused.ts'

/** The service's own sentences are for people, save those about the requests that this app has made. */
export const endingSentence = ({ refused, sentence }: Refused) => sentences[refused] ?? sentence

const sentences: Record<string, string> = {
  invalid_request: 'This number cannot be called. Write it with a plus and the country code, such as +1 202 555 0123.',
  invalid_grant: 'This call was used already, or is not known any more. Ask for a new one.',
}
