// The first screen of the app: the number to call.
import { countdown } from './countdown.ts'
import { element, write } from './element.ts'
import { endingSentence } from './ending.ts'
import type { Refused } from './refused.ts'

type Wanted = { submitted: (number: string) => void; typed: (number: string) => void }

export const numberForm = ({ submitted, typed }: Wanted) => {
  const form = element('sign-in', HTMLFormElement)
  const input = element('number', HTMLInputElement)
  const button = element('call', HTMLButtonElement)
  const problem = element('problem', HTMLElement)
  let stopCountdown = () => {}
  let busy = false

  const setBusy = (now: boolean) => {
    busy = now
    form.setAttribute('aria-busy', String(now))
    write(button, now ? 'Calling…' : 'Call me')
  }
  const clear = () => {
    stopCountdown()
    write(problem, '')
    input.removeAttribute('aria-invalid')
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (busy) return
    clear()
    setBusy(true)
    submitted(input.value)
  })
  input.addEventListener('input', () => typed(input.value))

  return {
    element: form,
    clear: () => {
      clear()
      setBusy(false)
    },
    /** Says what ended the sign-in, and from when on the number may be called again. */
    show: (refused: Refused) => {
      clear()
      setBusy(false)
      const sentence = endingSentence(refused)
      write(problem, sentence)
      input.setAttribute('aria-invalid', String(refused.refused === 'invalid_request'))
      input.focus()
      if (refused.retryAfterSeconds === undefined) return
      const again = document.createElement('span')
      problem.append(' ', again)
      // Told once; after that the seconds are for the eye.
      write(again, 'You can ask again later.')
      stopCountdown = countdown(Date.now() + refused.retryAfterSeconds * 1000, {
        write: (left) => write(again, `You can ask for this number again in ${left}.`),
        over: () => write(again, 'You can ask again now.'),
      })
    },
  }
}
