// The list of notes: one item for each, reused as long as its note is there, so that the focus stays where it is.
import { element, write } from './element.ts'
import type { Note } from './notes.ts'

export const noteList = ({ removed }: { removed: (note: Note) => void }) => {
  const list = element('list', HTMLUListElement)
  const none = element('none', HTMLElement)
  const template = element('note', HTMLTemplateElement)
  const items = new Map<string, { item: Element; note: Note }>()

  const made = (note: Note) => {
    const fresh = template.content.cloneNode(true) as DocumentFragment
    const item = fresh.querySelector('li')!
    item.querySelector('button')!.addEventListener('click', () => removed(items.get(note._id)?.note ?? note))
    return item
  }

  const shown = (note: Note) => {
    const item = items.get(note._id)?.item ?? made(note)
    items.set(note._id, { item, note })
    write(item.querySelector('p')!, note.text)
    item.querySelector('button')!.setAttribute('aria-label', `Delete: ${note.text.slice(0, 40)}`)
    const time = item.querySelector('time')!
    time.dateTime = note.createdAt
    write(time, spoken(note.createdAt))
    return item
  }

  return {
    show: (notes: Note[]) => {
      const wanted = new Set(notes.map(({ _id }) => _id))
      for (const [id, { item }] of items) {
        if (wanted.has(id)) continue
        if (item.contains(document.activeElement)) neighbour(item).focus()
        item.remove()
        items.delete(id)
      }
      notes.forEach((note, index) => {
        const item = shown(note)
        // Moving an item that is in its place would take the focus from its button.
        if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null)
      })
      none.hidden = notes.length > 0
    },
  }
}

/** Where the focus goes from a note that is deleted. */
const neighbour = (item: Element) => (item.nextElementSibling ?? item.previousElementSibling)?.querySelector('button') ?? element('text', HTMLInputElement)

const spoken = (createdAt: string) => {
  const time = new Date(createdAt)
  return Number.isNaN(time.getTime()) ? '' : time.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}
