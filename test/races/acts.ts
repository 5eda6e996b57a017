// What can happen at the same moment: the acts of apps, of the person at the phone, of the phone company and of the operator.
import { openSession, press, redeem, refresh, reportStatus, revoke, signOut, type SignedIn, type Story } from './story.ts'
import type { Slot } from './town.ts'

type Act = (story: Story, slot: Slot) => Promise<unknown>

const wrongFor = (matchCode: string) => (matchCode === '100' ? '101' : '100')
const byOld = (act: (story: Story, slot: Slot, old: SignedIn) => Promise<unknown>): Act => async (story, slot) => {
  if (story.old) await act(story, slot, story.old)
}

/** Signs in with a call, and goes on as apps do. */
const live = async (story: Story, slot: Slot, owner: Story['apps']['bare'], call = story.call) => {
  const signedIn = await redeem(story, slot, owner, call)
  if (!signedIn) return
  await openSession(story, slot, signedIn)
  const next = await refresh(story, slot, signedIn)
  if (next) await openSession(story, slot, next)
}

const signInAnew: Act = async (story, slot) => {
  const call = await story.town.call(slot, story.number)
  if (!call) return
  await press(story, slot, call, call.matchCode)
  await live(story, slot, story.apps.bare, call)
}

const operate = async (story: Story, slot: Slot, action: 'disable' | 'enable' | 'sign-out') => {
  const user = story.old?.tokens.user
  if (!user) return
  if (action === 'enable') story.disabled = 'perhaps'
  await slot.manage({ action, user, ...(action === 'sign-out' ? { all: true } : {}) })
  if (action === 'disable' && story.disabled === 'no') story.disabled = 'yes'
  if (action === 'sign-out') story.signedOut.add(story.old?.tokens.device ?? '')
}

export const acts = {
  'redeems': (story, slot) => redeem(story, slot, story.apps.bare, story.call),
  'redeems with a key': (story, slot) => redeem(story, slot, story.apps.first, story.call),
  'redeems with another key': (story, slot) => redeem(story, slot, story.apps.second, story.call),
  'redeems and lives': (story, slot) => live(story, slot, story.apps.bare),
  'redeems with a key and lives': (story, slot) => live(story, slot, story.apps.first),
  'signs in anew': signInAnew,
  'right digits': (story, slot) => press(story, slot, story.call, story.call.matchCode),
  'right digits at last': (story, slot) => press(story, slot, story.call, story.call.matchCode, 2),
  'wrong digits': (story, slot) => press(story, slot, story.call, wrongFor(story.call.matchCode)),
  'wrong digits again': (story, slot) => press(story, slot, story.call, wrongFor(story.call.matchCode), 2),
  'star': (story, slot) => press(story, slot, story.call, '*'),
  'zero': (story, slot) => press(story, slot, story.call, '0'),
  'hangs up': (story, slot) => reportStatus(story, slot, story.call, 'completed'),
  'no answer': (story, slot) => reportStatus(story, slot, story.call, 'no-answer'),
  'time passes': ({ town }) => Promise.resolve(town.clock.advance(61_000)),
  'refreshes': byOld(refresh),
  'refreshes and opens': byOld(async (story, slot, old) => {
    const next = await refresh(story, slot, old)
    if (next) await openSession(story, slot, next)
  }),
  'opens': byOld(openSession),
  'signs all out': byOld((story, slot, old) => signOut(story, slot, old, 'all=true')),
  'signs itself out': byOld((story, slot, old) => signOut(story, slot, old, `device=${old.tokens.device}`)),
  'revokes': byOld(revoke),
  'is disabled': (story, slot) => operate(story, slot, 'disable'),
  'is enabled': (story, slot) => operate(story, slot, 'enable'),
  'is signed out': (story, slot) => operate(story, slot, 'sign-out'),
} satisfies Record<string, Act>

export type ActName = keyof typeof acts
