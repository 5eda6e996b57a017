// The second screen of the app: the digits to key in, and how long they are good for.
import type { PlacedCall } from './callgate.ts'
import { countdown } from './countdown.ts'
import { element, write } from './element.ts'
import type { Refused } from './refused.ts'

export const matchCode = ({ left }: { left: () => void }) => {
  const screen = element('waiting', HTMLElement)
  const title = element('waiting-title', HTMLElement)
  const digits = element('match-code', HTMLOutputElement)
  const time = element('time-left', HTMLElement)
  const status = element('waiting-status', HTMLElement)
  let stopCountdown = () => {}
  element('leave', HTMLButtonElement).addEventListener('click', left)

  return {
    element: screen,
    open: ({ matchCode: code, expiresAt }: PlacedCall) => {
      write(digits, code)
      write(status, '')
      stopCountdown()
      stopCountdown = countdown(expiresAt, { write: (text) => write(time, text) })
      title.focus()
    },
    close: () => stopCountdown(),
    /** Why it takes longer; undefined when it goes on. */
    tell: (trouble: Refused | undefined) => write(status, trouble ? `${trouble.sentence} The app keeps trying.` : ''),
  }
}
