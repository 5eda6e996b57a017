// The third screen of the app: the notes of whoever is signed in.
import { element, write } from './element.ts'
import { noteList } from './note-list.ts'
import { openNotes, type Notes, type SyncState } from './notes.ts'
import type { Session } from './session.ts'

const sentences: Record<SyncState, string> = {
  syncing: 'Syncing…',
  synced: 'All notes are synced.',
  offline: 'Sync Gateway does not answer. Notes are kept here, and sync when it does.',
  ended: 'Not syncing.',
}

export const notebook = ({ signOut, signInAgain }: { signOut: () => void; signInAgain: () => void }) => {
  const screen = element('notes', HTMLElement)
  const text = element('text', HTMLInputElement)
  const refusal = element('refusal', HTMLElement)
  const ended = element('ended', HTMLElement)
  const status = element('sync', HTMLElement)
  let notes: Notes | undefined

  const tell = (error: unknown) => write(refusal, `The note was not kept: ${error instanceof Error ? error.message : 'this browser refused'}.`)
  const list = noteList({ removed: (note) => void notes?.remove(note).catch(tell) })

  const showSync = (state: SyncState) => {
    status.dataset['state'] = state
    write(status, sentences[state])
    ended.hidden = state !== 'ended'
  }

  element('write', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault()
    const written = text.value.trim()
    write(refusal, '')
    text.value = ''
    text.focus()
    if (written !== '') notes?.add(written).catch(tell)
  })
  element('sign-out', HTMLButtonElement).addEventListener('click', signOut)
  element('again', HTMLButtonElement).addEventListener('click', signInAgain)

  const close = () => {
    void notes?.close()
    notes = undefined
  }

  return {
    element: screen,
    open: (session: Session) => {
      close()
      list.show([])
      write(refusal, '')
      showSync('syncing')
      notes = openNotes(session, {
        changed: list.show,
        sync: showSync,
        denied: (reason) => write(refusal, `The server does not take a note: ${reason}`),
      })
      text.focus()
    },
    close,
  }
}
