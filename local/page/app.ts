// The app: signed out, waiting for the digits, or signed in. Other windows of this browser are the same device, and follow.
import { CallgateError, type Callgate, type Progress, type Session, type Waiting } from '../../client/callgate.ts'
import { birthOf, forgetBirth } from './birth.ts'
import { dropCookie, setCookie } from './cookie.ts'
import { element, write } from './element.ts'
import { insist } from './insist.ts'
import { matchCode } from './match-code.ts'
import { notebook } from './notebook.ts'
import { numberForm } from './number-form.ts'

type Telephone = {
  /** The number in the app's field, as it is typed. */
  follow: (typed: string) => void
  /** A call is on its way to this number. */
  expect: (typed: string) => void
}

type Surroundings = { client: Callgate; telephone: Telephone; ask: typeof fetch }

export const app = ({ client, telephone, ask }: Surroundings) => {
  let leaving = new AbortController()
  let shown: Session | undefined

  const form = numberForm({ submitted: (number) => void begin((waiting) => client.signIn(number, { locale: navigator.language, ...waiting })), typed: telephone.follow })
  const code = matchCode({ left: () => leave() })
  const book = notebook({ client, ask, signOut: (where) => void signOut(where), signInAgain: () => leave() })
  const screens = [form, code, book]

  const show = (screen: (typeof screens)[number]) => {
    for (const each of screens) each.element.hidden = each !== screen
  }

  const showForm = (error?: CallgateError) => {
    leaving.abort()
    code.close()
    book.close()
    if (shown) dropCookie(shown)
    shown = undefined
    forgetBirth()
    showWho(undefined)
    show(form)
    form.clear()
    if (error) form.show(error)
  }

  const leave = () => {
    showForm()
    form.focus()
  }

  const follow = (progress: Progress) => {
    if (progress.state === 'trouble') code.tell(progress.error)
    if (progress.state !== 'ringing' && progress.state !== 'answered') return
    telephone.expect(progress.number)
    show(code)
    code.open(progress)
  }

  /** A sign-in, or one that was under way: until it ends, or is left. */
  const begin = async (work: (waiting: Waiting) => Promise<Session | undefined>) => {
    leaving.abort()
    leaving = new AbortController()
    const { signal } = leaving
    try {
      const session = await work({ signal, progress: (progress) => { if (!signal.aborted) follow(progress) } })
      if (signal.aborted) return
      if (session) await enter(session)
      else showForm()
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof CallgateError)) throw error
      showForm(error)
    }
  }

  const enter = async (session: Session) => {
    const { signal } = leaving
    setCookie(session)
    const bornAt = await insist(() => birthOf(session, ask), { isOver: () => signal.aborted, trouble: () => {}, signal })
    if (signal.aborted) return
    shown = session
    code.close()
    form.clear()
    showWho(session)
    show(book)
    book.open({ ...session, bornAt })
  }

  const signOut = async (where: 'here' | 'everywhere') => {
    try {
      await client.signOut(where)
      leave()
    } catch (error) {
      if (!(error instanceof CallgateError)) throw error
      if (error.code === 'signed_out') showForm(error)
      else book.tell(error)
    }
  }

  const followOtherWindows = async () => {
    const session = await client.signedIn()
    if (!session) return shown && leave()
    if (session.profile !== shown?.profile) await begin(() => Promise.resolve(session))
  }

  client.watch(() => void followOtherWindows())
  void begin(async (waiting) => (await client.signedIn()) ?? client.resume(waiting))
}

const showWho = (session: Session | undefined) => {
  element('who', HTMLElement).hidden = session === undefined
  write(element('profile', HTMLElement), session?.profile ?? '')
}
