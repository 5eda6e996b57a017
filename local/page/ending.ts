// How what did not work is told: what happened, and what to do next.
import type { Code } from '../../client/callgate.ts'

export const endingSentence = (code: Code) => sentences[code]

/** What holds a sign-in up, while the app goes on by itself. */
export const troubleSentence = (code: Code) => `${code === 'offline' ? 'There is no answer for now.' : 'The service cannot work for now.'} The app keeps trying.`

const sentences: Record<Code, string> = {
  bad_number: 'This number cannot be called. Write it with a plus and the country code, such as +1\u00a0202\u00a0555\u00a00123.',
  bad_code: 'The code is not the one of this test number. Try the code that belongs to it.',
  not_allowed: 'Numbers like this one are not called from here. Use another, such as +1\u00a0202\u00a0555\u00a00123.',
  limited: 'This number is being called already, or wants no calls for now. Wait, or use another number.',
  busy: 'The phone was busy. Ask again when the line is free.',
  no_answer: 'Nobody answered the phone. Ask again when you have it at hand.',
  unreachable: 'The phone could not be reached. Check the number and the phone, and ask again.',
  hung_up: 'The call ended before the digits were keyed in. Ask again.',
  wrong_digits: 'The digits were wrong twice. Ask again, and key in the digits that this app shows.',
  reported: 'Whoever answered said that they did not ask for this call. The number is left alone for a day: use another, or ask again tomorrow.',
  expired: 'The time for this call is over. Ask for a new one.',
  cancelled: 'You left this call. Ask for a new one.',
  disabled: 'This account is disabled. Whoever runs this app can enable it; then sign in again.',
  signed_out: 'You were signed out. Sign in again: your notes are kept.',
  offline: 'There is no answer. Check that everything runs (npm start), and try again.',
  unavailable: 'The service cannot work now. Try again in a moment.',
  failed: 'Something went wrong that should not have. Try again.',
}
