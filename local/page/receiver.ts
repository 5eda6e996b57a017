// What the telephone shows and sounds like.
import { bell } from './bell.ts'
import { element, write } from './element.ts'
import type { Act, Impossible, View } from './line.ts'
import { grouped } from './telephone-number.ts'
import { transcript } from './transcript.ts'

const nothing: View = { state: 'idle', said: [], language: 'en-US', call: '', from: '', status: '', next: '' }

const buttons: Record<string, Act> = { answer: 'answer', 'hang-up': 'hangup', busy: 'busy', silent: 'silent', unreachable: 'unreachable' }

export const receiver = ({ act }: { act: (act: Act) => void }) => {
  const body = element('telephone', HTMLElement)
  const number = element('telephone-number', HTMLElement)
  const state = element('telephone-state', HTMLElement)
  const keys = element('keyed', HTMLElement)
  const sound = element('sound', HTMLInputElement)
  // Of several windows with one number, the one that is looked at is enough.
  const isLoud = () => sound.checked && document.visibilityState === 'visible'
  const ring = bell(isLoud)
  const said = transcript(isLoud)

  for (const [id, what] of Object.entries(buttons)) {
    const button = element(id, HTMLButtonElement)
    button.addEventListener('click', () => {
      if (button.ariaDisabled !== 'true') act(what)
    })
  }
  sound.addEventListener('change', () => {
    if (!isLoud()) said.hush()
  })

  const show = (answer: View | Impossible) => {
    if ('impossible' in answer) return write(state, answer.impossible)
    body.dataset['state'] = answer.state
    write(state, stateSentence(answer))
    enable('answer', answer.state === 'ringing')
    enable('hang-up', answer.state === 'ringing' || answer.state === 'in-call')
    for (const next of ['busy', 'silent', 'unreachable']) element(next, HTMLElement).setAttribute('aria-pressed', String(answer.next === next))
    ring.set(answer.state === 'ringing')
    if (said.show(answer)) write(keys, '')
  }

  return {
    show,
    keyed: (key: string) => write(keys, `${keys.textContent ?? ''}${key}`.slice(-12)),
    belongTo: (own: string | undefined) => {
      write(number, own ? grouped(own) : '')
      write(keys, '')
      show(nothing)
      if (!own) write(state, 'It has the number that you type in the app to sign in.')
    },
  }
}

// A button that is disabled in earnest would drop the focus, and with it the keys.
const enable = (id: string, enabled: boolean) => {
  element(id, HTMLButtonElement).ariaDisabled = String(!enabled)
}

const stateSentence = ({ state, from, status }: View) => {
  switch (state) {
    case 'idle': return 'It is quiet.'
    case 'ringing': return `It rings: ${grouped(from)} is calling.`
    case 'in-call': return `In a call with ${grouped(from)}.`
    case 'ended': return endings[status] ?? 'The call is over.'
    default: return state satisfies never
  }
}

// https://www.twilio.com/docs/voice/api/call-resource#call-status-values
const endings: Record<string, string> = {
  busy: 'A call came, and found it busy.',
  'no-answer': 'A call came, and nobody answered.',
  failed: 'A call came, and could not reach it.',
  canceled: 'The call was canceled.',
}
