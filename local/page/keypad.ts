// The telephone's keys: by mouse, by touch, and by the keyboard while the telephone has the focus.
import { element } from './element.ts'
import { dualTone } from './tone.ts'

// https://www.itu.int/rec/T-REC-Q.23: each key sounds as its row and its column.
const rows = ['123', '456', '789', '*0#']
const rowHertz = [697, 770, 852, 941]
const columnHertz = [1209, 1336, 1477]
const toneSeconds = 0.12

export const keypad = ({ pressed }: { pressed: (key: string) => void }) => {
  const pad = element('keypad', HTMLElement)
  const sound = element('sound', HTMLInputElement)
  const buttons = [...pad.querySelectorAll('button')]

  const press = (button: HTMLButtonElement) => {
    const row = rows.findIndex((keys) => keys.includes(button.value))
    const column = rows[row]?.indexOf(button.value) ?? 0
    if (sound.checked) dualTone(rowHertz[row] ?? 0, columnHertz[column] ?? 0, toneSeconds)
    button.classList.add('pressed')
    setTimeout(() => button.classList.remove('pressed'), toneSeconds * 1000)
    pressed(button.value)
  }

  for (const button of buttons) button.addEventListener('click', () => press(button))
  element('telephone', HTMLElement).addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return
    const button = buttons.find(({ value }) => value === event.key)
    if (!button) return
    event.preventDefault()
    press(button)
  })
}
