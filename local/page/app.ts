// The app: signed out, waiting for the digits, or signed in. Other windows of this browser are the same device, and follow.
import { endSession, placeCall } from './callgate.ts'
import { dropCookie } from './cookie.ts'
import { element, write } from './element.ts'
import { matchCode } from './match-code.ts'
import { notebook } from './notebook.ts'
import { numberForm } from './number-form.ts'
import type { Patience } from './patience.ts'
import { pendingCall, type PendingCall } from './pending-call.ts'
import { isRefused, type Refused } from './refused.ts'
import { keptSession, type Session } from './session.ts'
import { signIn } from './sign-in.ts'
import { leaveSyncGateway } from './sync-gateway.ts'
import { waitSeconds } from './wait-seconds.ts'

type Telephone = {
  /** The number in the app's field, as it is typed. */
  follow: (typed: string) => void
  /** A call is on its way to this number. */
  expect: (typed: string) => void
}

export const app = (telephone: Telephone) => {
  let leaving = new AbortController()

  const form = numberForm({ submitted: (number) => void call(number), typed: telephone.follow })
  const code = matchCode({ left: () => leave() })
  const book = notebook({ signOut: () => void signOut(), signInAgain: () => forget() })
  const screens = [form, code, book]

  const show = (screen: (typeof screens)[number]) => {
    for (const each of screens) each.element.hidden = each !== screen
  }

  const showForm = (refused?: Refused) => {
    leaving.abort()
    pendingCall.forget()
    code.close()
    book.close()
    showWho(undefined)
    show(form)
    form.clear()
    if (refused) form.show(refused)
  }

  const leave = () => {
    showForm()
    form.focus()
  }

  const call = async (number: string) => {
    const placed = await placeCall(number)
    if (isRefused(placed)) return form.show(placed)
    const pending = { ...placed, number }
    pendingCall.keep(pending)
    await wait(pending)
  }

  const wait = async (placed: PendingCall) => {
    leaving.abort()
    leaving = new AbortController()
    const { signal } = leaving
    telephone.expect(placed.number)
    show(code)
    code.open(placed)
    const patience: Patience = { wait: (seconds) => waitSeconds(seconds, signal), now: () => Date.now(), tell: code.tell }
    const outcome = await signIn(placed, patience).catch((error: unknown) => {
      if (signal.aborted) return undefined
      throw error
    })
    if (!outcome || signal.aborted) return
    if (isRefused(outcome)) return showForm(outcome)
    keptSession.keep(outcome)
    showNotes(outcome)
  }

  const showNotes = (session: Session) => {
    leaving.abort()
    pendingCall.forget()
    code.close()
    form.clear()
    showWho(session)
    show(book)
    book.open(session)
  }

  const forget = () => {
    const session = keptSession.read()
    if (session) dropCookie(session)
    keptSession.forget()
    leave()
  }

  const signOut = async () => {
    const session = keptSession.read()
    book.close()
    // The access token is over sooner than the session, which can end itself too. What both refuse has ended already.
    if (session && isRefused(await endSession(session.accessToken, session.sessionId))) await leaveSyncGateway(session)
    forget()
  }

  const showKept = () => {
    const session = keptSession.read()
    if (session) showNotes(session)
    else showForm()
  }

  const pending = keptSession.read() ? undefined : pendingCall.read()
  if (pending) void wait(pending)
  else showKept()
  keptSession.onChange(showKept)
}

const showWho = (session: Session | undefined) => {
  element('who', HTMLElement).hidden = session === undefined
  write(element('profile', HTMLElement), session?.profile ?? '')
}
