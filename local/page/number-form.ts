// The first screen of the app: the number to call.
import type { CallgateError } from '../../client/callgate.ts'
import { countdown } from './countdown.ts'
import { element, write } from './element.ts'
import { endingSentence } from './ending.ts'

type Wanted = { submitted: (number: string) => void; typed: (number: string) => void }

export const numberForm = ({ submitted, typed }: Wanted) => {
  const form = element('sign-in', HTMLFormElement)
  const input = element('number', HTMLInputElement)
  const button = element('call', HTMLButtonElement)
  const problem = element('problem', HTMLElement)
  // Apart from the problem, which is an alert: that would be read out again with every second.
  const againIn = element('again-in', HTMLElement)
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
    write(againIn, '')
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
  // A browser that reloads may fill it in again.
  typed(input.value)

  return {
    element: form,
    clear: () => {
      clear()
      setBusy(false)
    },
    focus: () => input.focus(),
    /** Says what ended the sign-in, and from when on the number may be called again. */
    show: ({ code, retryAfterSeconds }: CallgateError) => {
      clear()
      setBusy(false)
      write(problem, endingSentence(code))
      input.setAttribute('aria-invalid', String(code === 'bad_number'))
      input.focus()
      if (retryAfterSeconds === undefined) return
      stopCountdown = countdown(Date.now() + retryAfterSeconds * 1000, {
        write: (left) => write(againIn, `You can ask for this number again in ${left}.`),
        over: () => write(againIn, 'You can ask again now.'),
      })
    },
  }
}
