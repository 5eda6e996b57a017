// What the telephone says: in writing, and aloud where the browser has a voice.
import { element } from './element.ts'
import type { View } from './line.ts'

export const transcript = (isLoud: () => boolean) => {
  const log = element('said', HTMLElement)
  const voice = 'speechSynthesis' in window ? speechSynthesis : undefined
  let call = ''
  let count = 0

  const hush = () => voice?.cancel()

  const speak = (sentences: string[], language: string) => {
    hush()
    if (!voice || !isLoud()) return
    for (const sentence of sentences) {
      const utterance = new SpeechSynthesisUtterance(sentence)
      utterance.lang = language
      voice.speak(utterance)
    }
  }

  return {
    hush,
    /** Answers whether something was said since the last time. What is new cuts off what is still being said, as a key does. */
    show: (view: View) => {
      if (view.call !== call) {
        call = view.call
        count = 0
        log.replaceChildren()
      }
      if (view.state === 'ended' && view.said.length === count) hush()
      const fresh = view.said.slice(count)
      if (fresh.length === 0) return false
      count = view.said.length
      log.append(...fresh.map((sentence) => paragraph(sentence, view.language)))
      log.scrollTop = log.scrollHeight
      speak(fresh, view.language)
      return true
    },
  }
}

const paragraph = (sentence: string, language: string) => {
  const made = document.createElement('p')
  made.lang = language
  made.textContent = sentence
  return made
}
