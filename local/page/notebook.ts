// The third screen of the app: the notes of whoever is signed in.
import { CallgateError, type Callgate, type Session } from '../../client/callgate.ts'
import { setCookie } from './cookie.ts'
import { element, write } from './element.ts'
import { endingSentence } from './ending.ts'
import { insist } from './insist.ts'
import { noteList } from './note-list.ts'
import { openNotes, type Member, type Notes, type SyncState } from './notes.ts'
import { waitSeconds } from './wait-seconds.ts'

const renewalMilliseconds = 10_000

type Notebook = { client: Callgate; ask: typeof fetch; signOut: (where: 'here' | 'everywhere') => void; signInAgain: () => void }

const sentences: Record<SyncState | 'ended', string> = {
  syncing: 'Syncing…',
  synced: 'All notes are synced.',
  offline: 'Sync Gateway does not answer. Notes are kept here, and sync when it does.',
  ended: 'Not syncing.',
}

export const notebook = ({ client, ask, signOut, signInAgain }: Notebook) => {
  const screen = element('notes', HTMLElement)
  const text = element('text', HTMLInputElement)
  const refusal = element('refusal', HTMLElement)
  const ended = element('ended', HTMLElement)
  const status = element('sync', HTMLElement)
  let leaving = new AbortController()
  let notes: Notes | undefined

  const tell = (error: unknown) => write(refusal, `The note was not kept: ${error instanceof Error ? error.message : 'this browser refused'}.`)
  const list = noteList({ removed: (note) => void notes?.remove(note).catch(tell) })

  const showSync = (state: SyncState | 'ended') => {
    status.dataset['state'] = state
    write(status, sentences[state])
    ended.hidden = state !== 'ended'
  }

  const showEnd = (error: unknown) => {
    write(element('ended-why', HTMLElement), endingSentence(error instanceof CallgateError ? error.code : 'failed'))
    showSync('ended')
  }

  /** A new session in place of one that Sync Gateway refuses: unseen, unless there will be none. */
  const renewal = (session: Session, signal: AbortSignal) => {
    let current = session
    let renewedAt = 0
    return async () => {
      const isOver = (error: unknown) => signal.aborted || !(error instanceof CallgateError && (error.code === 'offline' || error.code === 'unavailable'))
      try {
        // Where no session is taken at all, this must not go round as fast as it can.
        if (Date.now() < renewedAt + renewalMilliseconds) await waitSeconds(renewalMilliseconds / 1000, signal)
        renewedAt = Date.now()
        current = await insist(() => client.session(current), { isOver, trouble: () => showSync('offline'), signal })
        setCookie(current)
      } catch (error) {
        if (!signal.aborted) showEnd(error)
        throw error
      }
    }
  }

  element('write', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault()
    const written = text.value.trim()
    write(refusal, '')
    text.value = ''
    text.focus()
    if (written !== '') notes?.add(written).catch(tell)
  })
  element('sign-out', HTMLButtonElement).addEventListener('click', () => signOut('here'))
  element('sign-out-everywhere', HTMLButtonElement).addEventListener('click', () => signOut('everywhere'))
  element('again', HTMLButtonElement).addEventListener('click', signInAgain)

  const close = () => {
    leaving.abort()
    void notes?.close()
    notes = undefined
  }

  return {
    element: screen,
    open: (member: Member) => {
      close()
      leaving = new AbortController()
      list.show([])
      write(refusal, '')
      showSync('syncing')
      notes = openNotes(member, ask, {
        changed: list.show,
        sync: showSync,
        denied: (reason) => write(refusal, `The server does not take a note: ${reason}`),
        refused: renewal(member, leaving.signal),
      })
      text.focus()
    },
    close,
    /** Why a sign-out did not work. */
    tell: ({ code }: CallgateError) => write(refusal, `You are still signed in. ${endingSentence(code)}`),
  }
}
