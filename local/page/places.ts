// Where everything of the local run listens.
import { element } from './element.ts'

export type Places = Record<string, string>

export const readPlaces = async (): Promise<Places> => {
  const places = (await (await fetch('/places.json')).json()) as Places
  return { callgate: location.origin, ...places }
}

/** Whether a URL leads to this machine. */
export const isHere = (url: string) => URL.canParse(url) && ['localhost', '127.0.0.1'].includes(new URL(url).hostname)

export const showPlaces = (places: Places) => {
  const rows = Object.entries(places).flatMap(([name, url]) => [filled('dt', name), filled('dd', url)])
  element('places', HTMLElement).replaceChildren(...rows)
}

const filled = (tag: 'dt' | 'dd', text: string) => {
  const made = document.createElement(tag)
  made.textContent = text
  return made
}
