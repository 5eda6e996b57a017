// The second screen of the app: the digits to key in, and how long they are good for.
import type { CallgateError, Progress } from '../../client/callgate.ts'
import { countdown } from './countdown.ts'
import { element, write } from './element.ts'
import { troubleSentence } from './ending.ts'

export const matchCode = ({ left }: { left: () => void }) => {
  const screen = element('waiting', HTMLElement)
  const title = element('waiting-title', HTMLElement)
  const what = element('waiting-what', HTMLElement)
  const digits = element('match-code', HTMLOutputElement)
  const time = element('time-left', HTMLElement)
  const status = element('waiting-status', HTMLElement)
  let stopCountdown = () => {}
  element('leave', HTMLButtonElement).addEventListener('click', left)

  return {
    element: screen,
    open: ({ state, matchCode: code, expiresAt }: Extract<Progress, { matchCode: string }>) => {
      const isOpen = !screen.hidden && digits.textContent === code
      write(title, state === 'ringing' ? 'We are calling you' : 'You are on the phone')
      write(what, state === 'ringing' ? 'Answer your phone, and key in these digits:' : 'Key in these digits:')
      write(digits, code)
      write(status, '')
      stopCountdown()
      stopCountdown = countdown(expiresAt, { write: (text) => write(time, text) })
      if (!isOpen) title.focus()
    },
    close: () => stopCountdown(),
    /** Why it takes longer; opened again, it goes on. */
    tell: ({ code }: CallgateError) => write(status, troubleSentence(code)),
  }
}
