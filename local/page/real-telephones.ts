// In place of the telephone on the page, when calls go out to real ones.
import { element, write } from './element.ts'

export const realTelephones = () => {
  for (const each of document.querySelectorAll<HTMLElement>('.of-stand-in')) each.hidden = true
  write(element('lead', HTMLElement), 'Calls from here go to real telephones, and cost what calls cost.')
  return { follow: () => {}, expect: () => {} }
}
